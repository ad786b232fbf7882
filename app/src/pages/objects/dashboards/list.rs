//! `/dashboards`: the dashboards that the viewer can read, with search.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::object::{ObjectPage, ObjectRow},
    pages::objects::{
        actions::ObjectActions,
        dialogs::ObjectDialogs,
        kind::{list_path, object_path},
        parts::ListFrame,
    },
    ui::{
        isolated::Isolated,
        list::{
            listing::{Column, Listing, Table},
            place::ListPlace,
        },
        page::{empty::Empty, load::loaded},
        time::DateTime,
    },
};

const KIND: ItemKind = ItemKind::Dashboard;

const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::plain("Group"),
    Column::newest("Last updated", "lastUpdated"),
    Column::sorted("By", "lastUpdatedBy"),
    Column::ACTIONS,
];

/// The list of dashboards.
#[component]
pub fn DashboardsPage() -> impl IntoView {
    let place = ListPlace::read(list_path(KIND), &[], "-lastUpdated");
    let list = list_dashboards(place.search.clone(), place.sort.clone(), place.page);
    view! {
        <ListFrame kind=KIND>{loaded(list, move |list| view! { <DashboardListing list place /> })}</ListFrame>
    }
}

#[component]
fn DashboardListing(list: ObjectPage, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let rows = list
        .rows
        .iter()
        .map(|row| view! { <DashboardTableRow row=row.clone() here=here.clone() /> })
        .collect_view();
    let empty = view! {
        <Empty title="No dashboards yet">
            "Create one here, with " <code>"POST /v2/dashboard"</code> ", or with Terraform, using a token from your "
            <a href="/account">"Account Settings"</a> "."
        </Empty>
    };
    view! {
        <Listing place=place.clone() noun=("dashboard", "dashboards") count=list.count columns=COLUMNS empty=empty.into_any()>
            <Table place columns=COLUMNS>{rows}</Table>
        </Listing>
        <ObjectDialogs asked kind=KIND rows=list.rows here />
    }
}

#[component]
fn DashboardTableRow(row: ObjectRow, here: String) -> impl IntoView {
    let group = match row.group.clone() {
        Some((id, name)) => {
            let href = object_path(ItemKind::DashboardGroup, &id);
            view! { <a href=href><Isolated text=name /></a> }.into_any()
        }
        None => view! { <span class="quiet">"No access to the group"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-label="Name">
                <a href=object_path(KIND, &row.id)><Isolated text=row.name.clone() /></a>
            </th>
            <td data-label="Group">{group}</td>
            <td data-label="Last updated"><DateTime at=row.updated_at /></td>
            <td data-label="By">{row.updated_by.clone()}</td>
            <td class="table-action"><ObjectActions kind=KIND row here /></td>
        </tr>
    }
}

/// A page of the dashboards that the caller can read.
///
/// # Errors
/// [`UiError::Unavailable`] when the database cannot be read.
#[server(prefix = "/ui", endpoint = "dashboard/list")]
pub async fn list_dashboards(
    /// A part of the name.
    search: String,
    /// The field to sort by, `-` before it for descending order.
    sort: String,
    /// The number of the page; the first is 1.
    page: i64,
) -> Result<ObjectPage, UiError> {
    use crate::{
        pages::objects::dashboards::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let (query, page) = (parameters::by_name(search, sort), parameters::page(page));
    let found = service
        .objects()
        .list_dashboards(&caller, &query, page)
        .await;
    server::page(&service, &caller, request::report(found)?).await
}
