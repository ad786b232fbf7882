//! `/teams`: the teams of the organization, with search; a team is deleted here.

use domain::audit::event::ObjectType;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError,
    model::{
        identity::team::TeamRow,
        platform::{list::ListPage, paths::TEAMS, viewer::administrates},
    },
    pages::{audit::info::InfoDialog, platform::frame::Frame},
    ui::{
        dialog::{ask::Ask, request::Asked},
        list::{
            listing::{Column, Listing, Table, counted, limited},
            place::ListPlace,
        },
        object::{Actions, Offer, return_to},
        page::{empty::Empty, head::PageHead, load::loaded, navigation::Section},
        time::DateTime,
    },
};

const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::sorted("Description", "description"),
    Column::plain("Members"),
    Column::newest("Last updated", "lastUpdated"),
    Column::sorted("By", "lastUpdatedBy"),
    Column::ACTIONS,
];

/// All teams.
#[component]
pub fn TeamsPage() -> impl IntoView {
    let place = ListPlace::read(TEAMS, &[], "name");
    view! {
        <Frame title="Teams" section=Section::Teams>
            <PageHead title="Teams"><CreateTeamLink /></PageHead>
            {loaded(list_teams(place.search.clone(), place.sort.clone(), place.page), move |list| view! { <TeamListing list place /> })}
        </Frame>
    }
}

#[component]
fn CreateTeamLink() -> impl IntoView {
    if administrates() {
        view! { <a class="button button-main" href="/teams/new">"New team"</a> }.into_any()
    } else {
        view! { <p class="quiet">"Administrators create teams."</p> }.into_any()
    }
}

#[component]
fn TeamListing(list: ListPage<TeamRow>, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let to_delete = to_delete(asked.as_ref(), &list.rows);
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <TeamTableRow row here=here.clone() /> })
        .collect_view();
    let empty = view! {
        <Empty title="No teams yet">
            "A team gathers people who look after the same things: dashboards and detectors are linked to it, and permissions can name it."
        </Empty>
    };
    view! {
        <Listing place=place.clone() noun=("team", "teams") count=list.count columns=COLUMNS empty=empty.into_any()>
            <Table place columns=COLUMNS>{rows}</Table>
        </Listing>
        <InfoDialog asked kind=ObjectType::Team here=here.clone() />
        {to_delete.map(|row| view! { <AskDelete row here /> })}
    }
}

#[component]
fn TeamTableRow(row: TeamRow, here: String) -> impl IntoView {
    view! {
        <tr>
            <th scope="row" data-label="Name">
                <a href=format!("{TEAMS}/{}", row.id)>{row.name.clone()}</a>
                {row.is_mine.then(|| view! { " " <span class="state">"You are a member"</span> })}
            </th>
            <td data-label="Description"><span class="clip">{row.description}</span></td>
            <td data-label="Members">{limited(row.members)}</td>
            <td data-label="Last updated"><DateTime at=row.updated_at /></td>
            <td data-label="By">{row.updated_by}</td>
            <td class="table-action"><TeamActions id=row.id name=row.name here /></td>
        </tr>
    }
}

/// The Actions menu of a team: what the viewer may do with it.
#[component]
pub(crate) fn TeamActions(id: String, name: String, here: String) -> impl IntoView {
    let mut offers = vec![Offer::INFO];
    if administrates() {
        offers.push(Offer::Page("Edit", format!("{TEAMS}/{id}/edit")));
        offers.push(Offer::Dialog("Delete", "delete"));
    }
    view! { <Actions id name here offers /> }
}

/// The team that the URL asks to delete.
pub(crate) fn to_delete(asked: Option<&Asked>, rows: &[TeamRow]) -> Option<TeamRow> {
    let asked = asked.filter(|asked| asked.show == "delete" && administrates())?;
    rows.iter().find(|row| row.id == asked.of).cloned()
}

/// Asks for confirmation before a team is deleted, and states the consequences.
#[component]
pub(crate) fn AskDelete(row: TeamRow, here: String) -> impl IntoView {
    let members = counted(row.members, "person is", "people are");
    let links = counted(
        row.links,
        "dashboard group or detector is",
        "dashboard groups and detectors are",
    );
    view! {
        <Ask
            heading=format!("Delete {}?", row.name)
            here
            return_to=return_to(&row.id)
            action=DeleteTeam::url()
            fields=vec![("id", row.id)]
            button="Delete"
            cancel="Keep it"
        >
            <p>{members} " in it, and " {links} " linked to it. Members and objects stay; the links are removed."</p>
            <p>"Permissions granted to this team no longer give anyone access. This cannot be undone."</p>
        </Ask>
    }
}

/// A page of the teams whose names contain the search text.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be reached.
#[server(prefix = "/ui", endpoint = "team/list")]
pub async fn list_teams(
    /// Search text.
    search: String,
    /// Sort field, with `-` in front for descending order.
    sort: String,
    /// Page number; the first is 1.
    page: i64,
) -> Result<ListPage<TeamRow>, UiError> {
    use crate::{
        pages::identity::teams::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let query = parameters::by_name(search, sort);
    let found = service
        .identity()
        .teams()
        .page(&caller, &query, parameters::page(page))
        .await;
    Ok(server::list(request::report(found)?))
}

/// Deletes a team.
///
/// # Errors
/// [`UiError::NotFound`], [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "team/delete")]
pub async fn delete_team(
    /// The team.
    id: String,
) -> Result<(), UiError> {
    use crate::request::{self, parameters};
    let (service, caller) = request::signed_in()?;
    let done = service
        .identity()
        .teams()
        .delete(&caller, parameters::id(&id)?)
        .await;
    request::Form::on("delete-team", TEAMS)
        .saying("The team is deleted.")
        .ends(request::report(done))
}
