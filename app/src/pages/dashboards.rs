//! `/dashboards`: the dashboards one may read, with search.

use domain::audit::ObjectType;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    error::UiError,
    ui::{
        empty::{Empty, Failure},
        frame::{Frame, Section},
        moment::Moment,
        object::{Actions, Asked, AskedDialog, ObjectPage, ObjectRow, list_address},
        paging::{Pages, Search, asked_page, counted},
    },
};

const PATH: &str = "/dashboards";

/// All dashboards.
#[component]
pub fn DashboardsPage() -> impl IntoView {
    let (search, page, asked) = use_query_map().with_untracked(|query| {
        let asked = Asked::read(query.get("show"), query.get("of"));
        let page = asked_page(query.get_str("page"));
        (query.get("q").unwrap_or_default(), page, asked)
    });
    let here = list_address(PATH, &search, page);
    view! {
        <Frame title="Dashboards" section=Section::Dashboards>
            <h1>"Dashboards"</h1>
            {Suspend::new(async move {
                match list_dashboards(search.clone(), page).await {
                    Ok(list) => view! { <List list search page /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
            <AskedDialog asked kind=ObjectType::Dashboard here />
        </Frame>
    }
}

#[component]
fn List(list: ObjectPage, search: String, page: i64) -> impl IntoView {
    let ObjectPage { count, rows } = list;
    let here = list_address(PATH, &search, page);
    view! {
        <Search label="Search dashboards" action=PATH query=search.clone() count=counted(count, "dashboard", "dashboards") />
        {if rows.is_empty() {
            view! { <NoDashboards searched=!search.is_empty() /> }.into_any()
        } else {
            view! { <Table rows here /> }.into_any()
        }}
        <Pages path=PATH query=search page count />
    }
}

#[component]
fn NoDashboards(searched: bool) -> impl IntoView {
    if searched {
        view! {
            <Empty title="No dashboard has that in its name">
                <a href=PATH>"Show all dashboards"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty title="No dashboards yet">
                "Make one with " <code>"POST /v2/dashboard"</code> " or Terraform, using a token from your "
                <a href="/account">"Account Settings"</a> "."
            </Empty>
        }
        .into_any()
    }
}

#[component]
fn Table(rows: Vec<ObjectRow>, here: String) -> impl IntoView {
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Group"</th>
                    <th scope="col">"Last updated"</th>
                    <th scope="col">"By"</th>
                    <th scope="col"><span class="unseen">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>
                {rows.into_iter().map(|row| view! { <Row row here=here.clone() /> }).collect_view()}
            </tbody>
        </table>
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
    /// Which page, the first is 1.
    page: i64,
) -> Result<ObjectPage, UiError> {
    use crate::host::{self, objects};
    let (service, caller) = host::signed_in()?;
    let found = service
        .list_dashboards(&caller, &objects::by_name(search), objects::page(page))
        .await;
    objects::rows(&service, &caller, host::told(found)?).await
}
