//! The bar at the top of a page, and the navigation behind `Menu`.

use leptos::prelude::*;

use crate::{
    model::platform::{
        paths::{
            ACCESS_TOKENS, ACCOUNT, AUDIT, DASHBOARD_GROUPS, DASHBOARDS, DATA_LINKS, DETECTORS,
            INTEGRATIONS, METRICS, MUTING_RULES, ORGANIZATION, SLOS, TEAMS, USAGE, USER_TOKENS,
        },
        viewer::Viewer,
    },
    ui::{form::token::FormToken, isolated::Isolated, page::mark::Mark},
};

/// The sections of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Dashboards.
    Dashboards,
    /// Dashboard groups.
    DashboardGroups,
    /// Detectors.
    Detectors,
    /// Alert muting rules.
    MutingRules,
    /// Service level objectives.
    Slos,
    /// Data links.
    DataLinks,
    /// Metrics and dimensions.
    Metrics,
    /// Integrations; administrators only.
    Integrations,
    /// Teams.
    Teams,
    /// Access tokens of the organization.
    AccessTokens,
    /// The organization: members, invitations, custom metric categories.
    Organization,
    /// All user tokens; administrators only.
    Tokens,
    /// The audit log; administrators only.
    Audit,
    /// Counts of API calls.
    Usage,
    /// Account Settings.
    Account,
    /// No section is marked as current.
    Nowhere,
}

/// The bar at the top.
#[component]
pub(crate) fn Bar(organization: String) -> impl IntoView {
    view! {
        <header class="bar">
            <button type="button" class="bar-menu" popovertarget="navigation">
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M2 4h12M2 8h12M2 12h12" />
                </svg>
                "Menu"
            </button>
            <a class="brand" href="/">
                <Mark />
                "Countersign"
            </a>
            <span class="bar-organization">{organization}</span>
        </header>
    }
}

/// The navigation, with the links that the viewer may follow.
#[component]
pub(crate) fn Navigation(
    viewer: Viewer,
    section: Section,
    sign_out: &'static str,
) -> impl IntoView {
    let administrates = viewer.is_administrator;
    let link = move |entry: &Entry| {
        let Entry(to, href, words, who) = *entry;
        (administrates || who == Who::AllMembers).then(|| {
            view! {
                <li>
                    <a href=href aria-current=(to == section).then_some("page")>{words}</a>
                </li>
            }
        })
    };
    view! {
        <nav id="navigation" class="navigation" popover="auto" aria-label="Main">
            <p class="navigation-organization">{viewer.organization.clone()}</p>
            <ul>{OBSERVE.iter().map(link).collect_view()}</ul>
            <ul>{ORGANIZE.iter().map(link).collect_view()}</ul>
            <Profile viewer section sign_out />
        </nav>
    }
}

/// A link of the navigation: section, URL, label, and who may see the page.
struct Entry(Section, &'static str, &'static str, Who);

/// Who may see a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    AllMembers,
    Administrators,
}

/// Links of the upper group.
const OBSERVE: &[Entry] = &[
    Entry(
        Section::Dashboards,
        DASHBOARDS,
        "Dashboards",
        Who::AllMembers,
    ),
    Entry(
        Section::DashboardGroups,
        DASHBOARD_GROUPS,
        "Dashboard groups",
        Who::AllMembers,
    ),
    Entry(Section::Detectors, DETECTORS, "Detectors", Who::AllMembers),
    Entry(
        Section::MutingRules,
        MUTING_RULES,
        "Alert muting rules",
        Who::AllMembers,
    ),
    Entry(Section::Slos, SLOS, "SLOs", Who::AllMembers),
    Entry(
        Section::DataLinks,
        DATA_LINKS,
        "Data links",
        Who::AllMembers,
    ),
    Entry(Section::Metrics, METRICS, "Metrics", Who::AllMembers),
];

/// Links of the lower group.
const ORGANIZE: &[Entry] = &[
    Entry(Section::Teams, TEAMS, "Teams", Who::AllMembers),
    Entry(
        Section::Organization,
        ORGANIZATION,
        "Organization",
        Who::AllMembers,
    ),
    Entry(
        Section::AccessTokens,
        ACCESS_TOKENS,
        "Access tokens",
        Who::AllMembers,
    ),
    Entry(
        Section::Integrations,
        INTEGRATIONS,
        "Integrations",
        Who::Administrators,
    ),
    Entry(
        Section::Tokens,
        USER_TOKENS,
        "User tokens",
        Who::Administrators,
    ),
    Entry(Section::Audit, AUDIT, "Audit log", Who::Administrators),
    Entry(Section::Usage, USAGE, "Usage", Who::AllMembers),
];

#[component]
fn Profile(viewer: Viewer, section: Section, sign_out: &'static str) -> impl IntoView {
    let on_account = section == Section::Account;
    view! {
        <div class="navigation-foot">
            <button type="button" class="profile-name" popovertarget="profile" aria-describedby="profile-email">
                <Isolated text=viewer.name />
            </button>
            <span id="profile-email" class="profile-email">{viewer.email}</span>
            <div id="profile" class="profile" popover="auto">
                <a href=ACCOUNT aria-current=on_account.then_some("page")>"Account Settings"</a>
                <form method="post" action=sign_out>
                    <FormToken action=sign_out />
                    <button type="submit">"Sign out"</button>
                </form>
            </div>
        </div>
    }
}
