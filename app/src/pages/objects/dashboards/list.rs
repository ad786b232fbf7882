//! `/dashboards`: the dashboards one may read, with search.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::object::{ObjectPage, ObjectRow},
    pages::{
        objects::{
            actions::{DoomedObject, MakeNew, ObjectActions},
            dialogs::ObjectDialogs,
        },
        platform::frame::Frame,
    },
    ui::{
        empty::Empty,
        failure::Failure,
        head::PageHead,
        list::{Column, Listing, Table},
        list_place::ListPlace,
        moment::Moment,
        navigation::Section,
    },
};

const PATH: &str = "/dashboards";

const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::plain("Group"),
    Column::newest("Last updated", "lastUpdated"),
    Column::sorted("By", "lastUpdatedBy"),
    Column::ACTIONS,
];

/// All dashboards.
#[component]
pub fn DashboardsPage() -> impl IntoView {
    let place = ListPlace::read(PATH, &[], "-lastUpdated");
    view! {
        <Frame title="Dashboards" section=Section::Dashboards>
            <PageHead title="Dashboards"><MakeNew kind=ItemKind::Dashboard /></PageHead>
            {Suspend::new(async move {
                match list_dashboards(place.search.clone(), place.sort.clone(), place.page).await {
                    Ok(list) => view! { <List list place /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn List(list: ObjectPage, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let doomed = DoomedObject::among(asked.as_ref(), &list.rows);
    let rows = list
        .rows
        .into_iter()
        .map(|row| view! { <Row row here=here.clone() /> })
        .collect_view();
    let empty = view! {
        <Empty title="No dashboards yet">
            "Make one here, with " <code>"POST /v2/dashboard"</code> ", or with Terraform, using a token from your "
            <a href="/account">"Account Settings"</a> "."
        </Empty>
    };
    view! {
        <Listing place=place.clone() noun=("dashboard", "dashboards") count=list.count columns=COLUMNS empty=empty.into_any()>
            <Table place columns=COLUMNS>
                {rows}
            </Table>
        </Listing>
        <ObjectDialogs asked kind=ItemKind::Dashboard doomed here />
    }
}

#[component]
fn Row(row: ObjectRow, here: String) -> impl IntoView {
    let group = match row.group {
        Some((id, name)) => {
            view! { <a href=format!("/dashboard-groups/{id}")>{name}</a> }.into_any()
        }
        None => view! { <span class="quiet">"A group you may not read"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-label="Name">
                <a href=format!("{PATH}/{}", row.id)>{row.name.clone()}</a>
            </th>
            <td data-label="Group">{group}</td>
            <td data-label="Last updated"><Moment at=row.updated_at /></td>
            <td data-label="By">{row.updated_by}</td>
            <td class="table-action"><ObjectActions kind=ItemKind::Dashboard id=row.id name=row.name may=row.may here /></td>
        </tr>
    }
}

/// A page of the dashboards the signed-in user may read, whose names hold what is searched for.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "dashboard/list")]
pub async fn list_dashboards(
    /// What is searched for.
    search: String,
    /// By what they are sorted.
    sort: String,
    /// Which page, the first is 1.
    page: i64,
) -> Result<ObjectPage, UiError> {
    use crate::{
        pages::objects::dashboards::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let found = service
        .objects()
        .list_dashboards(
            &caller,
            &parameters::by_name(search, sort),
            parameters::page(page),
        )
        .await;
    server::rows(&service, &caller, request::report(found)?).await
}
