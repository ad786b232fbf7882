//! `/dashboards`: the dashboards one may read, with search.

use domain::audit::ObjectType;
use leptos::prelude::*;

use crate::{
    error::UiError,
    ui::{
        empty::{Empty, Failure},
        frame::{Frame, Section},
        head::PageHead,
        list::{Column, ListPlace, Listing, Table},
        moment::Moment,
        object::{Actions, AskedDialog, ObjectPage, ObjectRow},
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
    let (asked, here) = (place.asked.clone(), place.here());
    view! {
        <Frame title="Dashboards" section=Section::Dashboards>
            <PageHead title="Dashboards" />
            {Suspend::new(async move {
                match list_dashboards(place.search.clone(), place.sort.clone(), place.page).await {
                    Ok(list) => view! { <List list place /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
            <AskedDialog asked kind=ObjectType::Dashboard here />
        </Frame>
    }
}

#[component]
fn List(list: ObjectPage, place: ListPlace) -> impl IntoView {
    let here = place.here();
    let rows = list.rows;
    let empty = view! {
        <Empty title="No dashboards yet">
            "Make one with " <code>"POST /v2/dashboard"</code> " or Terraform, using a token from your "
            <a href="/account">"Account Settings"</a> "."
        </Empty>
    };
    view! {
        <Listing place=place.clone() noun=("dashboard", "dashboards") count=list.count columns=COLUMNS empty=empty.into_any()>
            <Table place columns=COLUMNS>
                {rows.into_iter().map(|row| view! { <Row row here=here.clone() /> }).collect_view()}
            </Table>
        </Listing>
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
            <td class="table-act"><Actions id=row.id name=row.name here /></td>
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
    use crate::host::{self, objects};
    let (service, caller) = host::signed_in()?;
    let found = service
        .list_dashboards(
            &caller,
            &objects::by_name(search, sort),
            objects::page(page),
        )
        .await;
    objects::rows(&service, &caller, host::told(found)?).await
}
