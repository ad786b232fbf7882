//! `/organization`: the members, for administrators.

use domain::{audit::event::ObjectType, identity::role::Role, tokens::token::OwnerState};
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        identity::member::MemberRow,
        platform::{
            list::ListPage,
            paths::{MEMBERS, ORGANIZATION},
            viewer::{Viewer, administrates},
        },
    },
    pages::{
        audit::info::InfoDialog,
        platform::{administrators_only::ForAdministrators, frame::Frame},
    },
    ui::{
        list::{
            listing::{Column, Filter, Listing, Table},
            place::ListPlace,
        },
        object::{Actions, Offer},
        page::{empty::Empty, head::PageHead, load::loaded, navigation::Section},
        time::{Ago, Day},
    },
};

/// Text for members who are not administrators.
pub(crate) const WORDS: &str = "Only administrators can see the members and their roles.";

const COLUMNS: &[Column] = &[
    Column::sorted("Name", "fullName"),
    Column::sorted("Email", "email"),
    Column::plain("Roles"),
    Column::sorted("State", "state"),
    Column::newest("Joined", "created"),
    Column::newest("Last updated", "lastUpdated"),
    Column::ACTIONS,
];

/// The members of the organization.
#[component]
pub fn OrganizationPage() -> impl IntoView {
    let place = ListPlace::read(ORGANIZATION, &["role", "state"], "fullName");
    let found = list_members(
        place.search.clone(),
        place.filter("role").to_owned(),
        place.filter("state").to_owned(),
        place.sort.clone(),
        place.page,
    );
    view! {
        <Frame title="Members" section=Section::Organization>
            <OrganizationHead at=ORGANIZATION />
            <ForAdministrators words=WORDS>
                {loaded(found, |list| view! { <MemberListing list place /> })}
            </ForAdministrators>
        </Frame>
    }
}

/// Heading and tabs of the organization's pages.
#[component]
pub(crate) fn OrganizationHead(at: &'static str) -> impl IntoView {
    let organization = use_context::<Viewer>()
        .map(|viewer| viewer.organization)
        .unwrap_or_default();
    let tabs = [
        (ORGANIZATION, "Members"),
        ("/organization/invitations", "Invitations"),
        ("/organization/categories", "Custom categories"),
    ];
    let tab = tabs.iter().find(|(href, _)| *href == at);
    let window = tab.map_or_else(
        || organization.clone(),
        |(_, words)| format!("{words} · {organization}"),
    );
    let links = tabs.map(|(href, words)| {
        view! { <li><a href=href aria-current=(href == at).then_some("page")>{words}</a></li> }
    });
    view! {
        <PageHead title=organization window>
            {administrates().then(|| view! {
                <a class="button button-main" href="/organization/invitations/new">"Invite member"</a>
            })}
        </PageHead>
        <nav class="tabs" aria-label="Organization">
            <ul>{links}</ul>
        </nav>
    }
}

#[component]
fn MemberListing(list: ListPage<MemberRow>, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <MemberTableRow row here=here.clone() /> })
        .collect_view();
    let mut roles = vec![(String::new(), "Any role".to_owned())];
    roles.extend(Role::ALL.map(|role| (role.title().to_owned(), role.label().to_owned())));
    let states = [
        ("", "Any state"),
        ("active", "Active"),
        ("disabled", "Disabled"),
    ]
    .map(|(value, words)| (value.to_owned(), words.to_owned()))
    .to_vec();
    let filters = view! {
        <Filter place=place.clone() name="role" label="Role" choices=roles />
        <Filter place=place.clone() name="state" label="State" choices=states />
    };
    let empty = view! { <Empty title="No members yet">"Invite the first person."</Empty> };
    view! {
        <Listing
            place=place.clone()
            noun=("member", "members")
            count=list.count
            columns=COLUMNS
            filters=Some(filters.into_any())
            empty=empty.into_any()
        >
            <Table place columns=COLUMNS>{rows}</Table>
        </Listing>
        <InfoDialog asked kind=ObjectType::Member here />
    }
}

#[component]
fn MemberTableRow(row: MemberRow, here: String) -> impl IntoView {
    let roles = row.role_labels();
    let disabled = row.state == OwnerState::Disabled;
    view! {
        <tr class:dead=disabled>
            <th scope="row" data-label="Name">
                <a href=format!("{MEMBERS}/{}", row.id)>{row.name.clone()}</a>
                <YouBadge id=row.id.clone() />
            </th>
            <td data-label="Email">{row.email.clone()}</td>
            <td data-label="Roles">{roles}</td>
            <td data-label="State"><MemberState state=row.state /></td>
            <td data-label="Joined"><Day at=row.created_at /> " " <Ago at=row.created_at /></td>
            <td data-label="Last updated"><Day at=row.updated_at /> " " <Ago at=row.updated_at /></td>
            <td class="table-action"><MemberActions row here /></td>
        </tr>
    }
}

/// The mark "You" beside the viewer's own name.
#[component]
pub(crate) fn YouBadge(id: String) -> impl IntoView {
    use_context::<Viewer>()
        .is_some_and(|viewer| viewer.user_id == id)
        .then(|| view! { " " <span class="state">"You"</span> })
}

/// The state of a member.
#[component]
pub(crate) fn MemberState(state: OwnerState) -> impl IntoView {
    let (words, live) = match state {
        OwnerState::Active => ("Active", true),
        OwnerState::Disabled => ("Disabled", false),
        OwnerState::Removed => ("Removed", false),
    };
    view! { <span class="state" class:state-live=live>{words}</span> }
}

/// The Actions menu of a member. The member's page confirms each operation.
#[component]
pub(crate) fn MemberActions(row: MemberRow, here: String) -> impl IntoView {
    let page = format!("{MEMBERS}/{}", row.id);
    let ask = |words, show: &str| Offer::Page(words, format!("{page}?show={show}"));
    let switch = if row.state == OwnerState::Disabled {
        ask("Enable", "enable")
    } else {
        ask("Disable", "disable")
    };
    let offers = vec![
        Offer::INFO,
        Offer::Page("Roles", format!("{page}#roles")),
        ask("Sign out everywhere", "sign-out"),
        ask("Unlock", "unlock"),
        switch,
        ask("Remove", "remove"),
    ];
    view! { <Actions id=row.id name=row.name here offers /> }
}

/// A page of the members that match a query.
///
/// # Errors
/// [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "member/list")]
pub async fn list_members(
    /// Text to find in names and email addresses.
    search: String,
    /// The title of a role to filter by; empty for any.
    role: String,
    /// The state to filter by; empty for any.
    state: String,
    /// Sort field, with `-` in front for descending order.
    sort: String,
    /// Page number; the first is 1.
    page: i64,
) -> Result<ListPage<MemberRow>, UiError> {
    use crate::{pages::identity::members::server, request};
    let (service, caller) = request::signed_in()?;
    server::list(&service, &caller, &search, (&role, &state), &sort, page).await
}
