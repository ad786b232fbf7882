//! What surrounds the content of a page: bar, navigation behind `Menu`, who is signed in, notices.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use crate::ui::title::window_title;

use crate::{
    error::UiError,
    model::platform::{notice::Notice, viewer::Viewer},
    pages::tokens::account::actions::SignOut,
    ui::{
        empty::FailedPage,
        moment::{Minute, Now},
        notice::Banner,
    },
};

/// The pages the navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Dashboards.
    Dashboards,
    /// Dashboard groups.
    DashboardGroups,
    /// Detectors.
    Detectors,
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
    /// The audit trail; administrators only.
    Audit,
    /// Calls of the API, counted.
    Usage,
    /// Account Settings.
    Account,
    /// None of them.
    Nowhere,
}

/// Takes what a page provides, and gives what provides it again: for what is rendered inside of an island once something
/// was awaited, when the page is no longer found from there.
pub fn carry_context() -> impl FnOnce() + Send {
    let provided = use_context::<Viewer>().zip(use_context::<Now>());
    move || {
        if let Some((viewer, now)) = provided {
            provide_context(viewer);
            provide_context(now);
        }
    }
}

/// A page for people who are signed in; others are led to the sign-in form and back.
#[component]
pub fn Frame(
    /// The page's title.
    #[prop(into)]
    title: String,
    /// Where the page is in the navigation.
    section: Section,
    /// The page's content. It finds the `Viewer` and the `Notice` in its request.
    children: Children,
) -> impl IntoView {
    Suspend::new(async move {
        match (find_viewer().await, take_notice().await) {
            (Ok(viewer), notice) => {
                provide_context(viewer.clone());
                provide_context(Now(viewer.now));
                provide_context(notice.unwrap_or_default());
                view! {
                    <Title text=title formatter=window_title />
                    <a class="skip" href="#main">"Skip to content"</a>
                    <Bar organization=viewer.organization.clone() />
                    <Navigation viewer=viewer.clone() section />
                    <main id="main" tabindex="-1">
                        <Banner />
                        {children()}
                        <p class="page-time">"Times ago and ahead are as of " <Minute at=viewer.now /> "."</p>
                    </main>
                }
                .into_any()
            }
            (Err(error), _) => view! { <FailedPage error /> }.into_any(),
        }
    })
}

#[component]
fn Bar(organization: String) -> impl IntoView {
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

/// The product's mark: two signatures crossing.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <rect class="mark-background" x="1" y="1" width="22" height="22" rx="6" />
            <path class="mark-line" d="M6.5 13.5l3.2 3.2 7.8-9.4" />
            <path class="mark-line mark-second" d="M6.5 8.6l2.6 2.6" />
        </svg>
    }
}

#[component]
fn Navigation(viewer: Viewer, section: Section) -> impl IntoView {
    let administrates = viewer.is_administrator;
    let link = move |entry: &Entry| {
        let Entry(to, href, words, who) = *entry;
        (administrates || who == Who::Everybody).then(|| {
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
            <Profile viewer section />
        </nav>
    }
}

/// A link of the navigation: to which section, its address, its words, and who may see the page.
struct Entry(Section, &'static str, &'static str, Who);

/// Who may see a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Everybody,
    Administrators,
}

/// What people look at.
const OBSERVE: &[Entry] = &[
    Entry(
        Section::Dashboards,
        "/dashboards",
        "Dashboards",
        Who::Everybody,
    ),
    Entry(
        Section::DashboardGroups,
        "/dashboard-groups",
        "Dashboard groups",
        Who::Everybody,
    ),
    Entry(
        Section::Detectors,
        "/detectors",
        "Detectors",
        Who::Everybody,
    ),
];

/// Who there is, and with what they come in.
const ORGANIZE: &[Entry] = &[
    Entry(Section::Teams, "/teams", "Teams", Who::Everybody),
    Entry(
        Section::Organization,
        "/organization",
        "Organization",
        Who::Everybody,
    ),
    Entry(
        Section::AccessTokens,
        "/access-tokens",
        "Access tokens",
        Who::Everybody,
    ),
    Entry(
        Section::Integrations,
        "/integrations",
        "Integrations",
        Who::Administrators,
    ),
    Entry(
        Section::Tokens,
        "/tokens",
        "User tokens",
        Who::Administrators,
    ),
    Entry(Section::Audit, "/audit", "Audit log", Who::Administrators),
    Entry(Section::Usage, "/usage", "Usage", Who::Everybody),
];

#[component]
fn Profile(viewer: Viewer, section: Section) -> impl IntoView {
    let on_account = section == Section::Account;
    view! {
        <div class="navigation-foot">
            <button type="button" class="profile-name" popovertarget="profile" aria-describedby="profile-email">
                {viewer.name}
            </button>
            <span id="profile-email" class="profile-email">{viewer.email}</span>
            <div id="profile" class="profile" popover="auto">
                <a href="/account" aria-current=on_account.then_some("page")>"Account Settings"</a>
                <form method="post" action=SignOut::url()>
                    <button type="submit">"Sign out"</button>
                </form>
            </div>
        </div>
    }
}

/// A page for people who are not signed in: one narrow column.
#[component]
pub fn Door(
    /// The page's title and heading.
    title: &'static str,
    /// The page's content. It finds the `Notice` in its request.
    children: Children,
) -> impl IntoView {
    Suspend::new(async move {
        provide_context(take_notice().await.unwrap_or_default());
        view! {
            <Title text=title formatter=window_title />
            <main id="main" class="signed-out">
                <p class="signed-out-brand">
                    <Mark />
                    "Countersign"
                </p>
                <h1>{title}</h1>
                <Banner />
                {children()}
            </main>
        }
    })
}

/// Takes the notice of the last form; it is shown once.
///
/// # Errors
/// None.
#[server(prefix = "/ui", endpoint = "notice/take")]
pub async fn take_notice() -> Result<Notice, UiError> {
    Ok(crate::request::take_notice())
}

/// Whether anybody is signed in: for pages that are there for others too.
///
/// # Errors
/// [`UiError::Internal`] without a request.
#[server(prefix = "/ui", endpoint = "is-signed-in")]
pub async fn is_signed_in() -> Result<bool, UiError> {
    Ok(crate::request::current()?.caller.is_some())
}

/// Who is signed in. When nobody is, the browser is led to the sign-in form.
///
/// # Errors
/// [`UiError::SignedOut`] when nobody is signed in.
#[server(prefix = "/ui", endpoint = "viewer")]
pub async fn find_viewer() -> Result<Viewer, UiError> {
    use crate::request;
    let (service, caller) = request::signed_in().inspect_err(|_| request::go_sign_in())?;
    let organization = request::report(service.identity().organization().await)?.name;
    let user = caller.user().ok_or(UiError::SignedOut)?;
    Ok(Viewer {
        user_id: user.id.to_string(),
        name: user.name.clone(),
        email: user.email.clone(),
        roles: user
            .roles
            .iter()
            .map(domain::identity::role::Role::label)
            .collect::<Vec<_>>()
            .join(", "),
        is_administrator: user.roles.is_admin(),
        is_writer: user.roles.is_writer(),
        organization_id: caller.organization_id().to_string(),
        organization,
        theme: request::theme(),
        now: service.now(),
    })
}
