//! `/dashboard-groups`: the groups one may read, each with its dashboards.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::dashboard_group::GroupView,
    pages::{
        objects::{
            actions::{DoomedObject, MakeNew, ObjectActions},
            dashboard_groups::detail::Places,
            dialogs::ObjectDialogs,
        },
        platform::frame::Frame,
    },
    ui::{
        empty::Empty,
        failure::Failure,
        head::PageHead,
        list::{Column, Listing},
        list_place::ListPlace,
        navigation::Section,
    },
};

const PATH: &str = "/dashboard-groups";

/// What groups can be sorted by; they are cards, not rows.
const COLUMNS: &[Column] = &[
    Column::sorted("Name", "name"),
    Column::newest("Last updated", "lastUpdated"),
];

/// All dashboard groups.
#[component]
pub fn DashboardGroupsPage() -> impl IntoView {
    let place = ListPlace::read(PATH, &[], "name");
    view! {
        <Frame title="Dashboard groups" section=Section::DashboardGroups>
            <PageHead title="Dashboard groups"><MakeNew kind=ItemKind::DashboardGroup /></PageHead>
            {Suspend::new(async move {
                let found = list_dashboard_groups(place.search.clone(), place.sort.clone(), place.page);
                match found.await {
                    Ok((count, groups)) => view! { <List count groups place /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn List(count: i64, groups: Vec<GroupView>, place: ListPlace) -> impl IntoView {
    let (here, asked) = (place.here(), place.asked.clone());
    let doomed = DoomedObject::among(asked.as_ref(), groups.iter().map(|group| &group.row));
    let cards = groups
        .into_iter()
        .map(|group| view! { <Card group here=here.clone() /> })
        .collect_view();
    let empty = view! {
        <Empty title="No dashboard groups yet">
            "A dashboard made without a group gets one of its own name. Make one here to hold several."
        </Empty>
    };
    view! {
        <div class="sorted-here">
            <Listing place noun=("dashboard group", "dashboard groups") count columns=COLUMNS empty=empty.into_any()>
                <ul class="groups">{cards}</ul>
            </Listing>
        </div>
        <ObjectDialogs asked kind=ItemKind::DashboardGroup doomed here />
    }
}

#[component]
fn Card(group: GroupView, here: String) -> impl IntoView {
    let GroupView { row, places, .. } = group;
    view! {
        <li class="panel">
            <div class="group-head">
                <h2><a href=format!("{PATH}/{}", row.id)>{row.name.clone()}</a></h2>
                <ObjectActions kind=ItemKind::DashboardGroup id=row.id name=row.name may=row.may here />
            </div>
            {(!row.description.is_empty()).then(|| view! { <p class="prose">{row.description}</p> })}
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
    /// By what they are sorted.
    sort: String,
    /// Which page, the first is 1.
    page: i64,
) -> Result<(i64, Vec<GroupView>), UiError> {
    use crate::{
        pages::objects::dashboard_groups::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let found = service
        .objects()
        .list_dashboard_groups(
            &caller,
            &parameters::by_name(search, sort),
            parameters::page(page),
        )
        .await;
    server::groups(&service, &caller, request::report(found)?).await
}
