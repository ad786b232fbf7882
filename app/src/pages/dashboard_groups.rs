//! `/dashboard-groups`: the groups one may read, each with its dashboards.

use domain::audit::ObjectType;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::dashboard_group::{GroupView, Places};
use crate::{
    error::UiError,
    ui::{
        empty::{Empty, Failure},
        frame::{Frame, Section},
        object::{Actions, Asked, AskedDialog, list_address},
        paging::{Pages, Search, asked_page, counted},
    },
};

const PATH: &str = "/dashboard-groups";

/// All dashboard groups.
#[component]
pub fn DashboardGroupsPage() -> impl IntoView {
    let (search, page, asked) = use_query_map().with_untracked(|query| {
        let asked = Asked::read(query.get("show"), query.get("of"));
        let page = asked_page(query.get_str("page"));
        (query.get("q").unwrap_or_default(), page, asked)
    });
    let here = list_address(PATH, &search, page);
    view! {
        <Frame title="Dashboard groups" section=Section::DashboardGroups>
            <h1>"Dashboard groups"</h1>
            {Suspend::new(async move {
                match list_dashboard_groups(search.clone(), page).await {
                    Ok((count, groups)) => view! { <List count groups search page /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
            <AskedDialog asked kind=ObjectType::DashboardGroup here />
        </Frame>
    }
}

#[component]
fn List(count: i64, groups: Vec<GroupView>, search: String, page: i64) -> impl IntoView {
    let here = list_address(PATH, &search, page);
    let cards = groups
        .into_iter()
        .map(|group| view! { <Card group here=here.clone() /> })
        .collect_view();
    view! {
        <Search label="Search dashboard groups" action=PATH query=search.clone() count=counted(count, "group", "groups") />
        {if count == 0 {
            view! {
                <Empty title="No dashboard groups here">
                    "A dashboard made without a group gets one of its own name; " <code>"POST /v2/dashboardgroup"</code> " makes one for several."
                </Empty>
            }
            .into_any()
        } else {
            view! { <ul class="groups">{cards}</ul> }.into_any()
        }}
        <Pages path=PATH query=search page count />
    }
}

#[component]
fn Card(group: GroupView, here: String) -> impl IntoView {
    let GroupView { row, places, .. } = group;
    view! {
        <li class="panel">
            <div class="group-head">
                <h2><a href=format!("{PATH}/{}", row.id)>{row.name.clone()}</a></h2>
                <Actions id=row.id name=row.name here />
            </div>
            {(!row.description.is_empty()).then(|| view! { <p class="words">{row.description}</p> })}
            <Places places />
        </li>
    }
}

/// A page of the groups the signed-in user may read, whose names hold what is searched for, and how many there are.
///
/// # Errors
/// [`UiError`] when the database cannot say.
#[server(prefix = "/ui", endpoint = "dashboard-group/list")]
pub async fn list_dashboard_groups(
    /// What is searched for.
    search: String,
    /// Which page, the first is 1.
    page: i64,
) -> Result<(i64, Vec<GroupView>), UiError> {
    use crate::host::{self, objects};
    let (service, caller) = host::signed_in()?;
    let found = service
        .list_dashboard_groups(&caller, &objects::by_name(search), objects::page(page))
        .await;
    objects::groups(&service, &caller, host::told(found)?).await
}
