//! `/dashboard-groups`: the groups that the viewer can read, each with its dashboards.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::dashboard_group::GroupView,
    pages::objects::{
        actions::ObjectActions,
        dashboard_groups::dashboards::Dashboards,
        dialogs::ObjectDialogs,
        kind::{list_path, object_path},
        parts::{Description, ListFrame},
    },
    ui::{
        isolated::Isolated,
        list::{
            listing::{Column, Listing},
            place::ListPlace,
        },
        page::{empty::Empty, load::loaded},
    },
};

const KIND: ItemKind = ItemKind::DashboardGroup;

/// The fields that groups can be sorted by. They are shown as cards, so these are no columns of a table.
const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::newest("Last updated", "lastUpdated"),
];

/// The list of dashboard groups.
#[component]
pub fn DashboardGroupsPage() -> impl IntoView {
    let place = ListPlace::read(list_path(KIND), &[], "name");
    let list = list_dashboard_groups(place.search.clone(), place.sort.clone(), place.page);
    view! {
        <ListFrame kind=KIND>
            {loaded(list, move |(count, groups)| view! { <DashboardGroupListing count groups place /> })}
        </ListFrame>
    }
}

#[component]
fn DashboardGroupListing(count: i64, groups: Vec<GroupView>, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let rows = groups.iter().map(|group| group.row.clone()).collect();
    let cards = groups
        .into_iter()
        .map(|group| view! { <Card group here=here.clone() /> })
        .collect_view();
    let empty = view! {
        <Empty title="No dashboard groups yet">
            "A dashboard created without a group gets one of the same name. Create a group here to hold several."
        </Empty>
    };
    view! {
        <div class="sorted-here">
            <Listing place noun=("dashboard group", "dashboard groups") count columns=COLUMNS empty=empty.into_any()>
                <ul class="groups">{cards}</ul>
            </Listing>
        </div>
        <ObjectDialogs asked kind=KIND rows here />
    }
}

#[component]
fn Card(group: GroupView, here: String) -> impl IntoView {
    let GroupView {
        row, dashboards, ..
    } = group;
    view! {
        <li class="panel">
            <div class="group-head">
                <h2><a href=object_path(KIND, &row.id)><Isolated text=row.name.clone() /></a></h2>
                <ObjectActions kind=KIND row=row.clone() here />
            </div>
            <Description text=row.description />
            <Dashboards dashboards />
        </li>
    }
}

/// A page of the groups that the caller can read, and the number of groups in the whole list.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be read.
#[server(prefix = "/ui", endpoint = "dashboard-group/list")]
pub async fn list_dashboard_groups(
    /// A part of the name.
    search: String,
    /// The field to sort by, `-` before it for descending order.
    sort: String,
    /// The number of the page; the first is 1.
    page: i64,
) -> Result<(i64, Vec<GroupView>), UiError> {
    use crate::{
        pages::objects::dashboard_groups::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let (query, page) = (parameters::by_name(search, sort), parameters::page(page));
    let objects = service.objects();
    let found = objects.list_dashboard_groups(&caller, &query, page).await;
    server::groups(&service, &caller, request::report(found)?).await
}
