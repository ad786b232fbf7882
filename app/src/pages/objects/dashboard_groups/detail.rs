//! `/dashboard-groups/{id}`: a group and its dashboards.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    error::UiError,
    model::objects::dashboard_group::{GroupView, Place},
    pages::{
        objects::{
            actions::{DoomedObject, ObjectActions, WhyNot},
            dialogs::ObjectDialogs,
        },
        platform::frame::Frame,
    },
    ui::{
        dialog_request::Asked,
        empty::Empty,
        failure::Failure,
        head::{PageHead, step},
        moment::Moment,
        navigation::Section,
    },
};

/// One dashboard group.
#[component]
pub fn DashboardGroupPage() -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    let asked = Asked::read_of(&id);
    view! {
        <Frame title="Dashboard group" section=Section::DashboardGroups>
            {Suspend::new(async move {
                match find_dashboard_group(id).await {
                    Ok(group) => view! { <Group group asked /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Group(group: GroupView, asked: Option<Asked>) -> impl IntoView {
    let GroupView { row, places, teams } = group;
    let here = format!("/dashboard-groups/{}", row.id);
    let doomed = DoomedObject::among(asked.as_ref(), std::iter::once(&row));
    view! {
        <PageHead title=row.name.clone() trail=vec![step("/dashboard-groups", "Dashboard groups")] clone:here>
            <ObjectActions kind=ItemKind::DashboardGroup id=row.id name=row.name may=row.may here />
        </PageHead>
        {(!row.description.is_empty()).then(|| view! { <p class="prose">{row.description}</p> })}
        <p class="prose">
            "Last updated " <Moment at=row.updated_at /> " by " {row.updated_by}
            {(!teams.is_empty()).then(|| format!(" · Linked to {}", teams.join(", ")))}
        </p>
        <WhyNot kind=ItemKind::DashboardGroup may=row.may here=here.clone() />
        <section class="panel" aria-labelledby="places-heading">
            <h2 id="places-heading">"Dashboards"</h2>
            <Places places />
        </section>
        <ObjectDialogs asked kind=ItemKind::DashboardGroup doomed here />
    }
}

/// The dashboards of a group.
#[component]
pub fn Places(
    /// The dashboards.
    places: Vec<Place>,
) -> impl IntoView {
    if places.is_empty() {
        return view! { <Empty title="No dashboards in it">"Or none that you may read."</Empty> }
            .into_any();
    }
    let links = places
        .into_iter()
        .map(|place| {
            view! {
                <li>
                    <a href=format!("/dashboards/{}", place.dashboard_id)>{place.name}</a>
                    {place.mirrored.then(|| view! { " " <span class="quiet">"from another group"</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="places">{links}</ul> }.into_any()
}

/// One dashboard group.
///
/// # Errors
/// [`UiError::NotFound`] or [`UiError::Denied`].
#[server(prefix = "/ui", endpoint = "dashboard-group/find")]
pub async fn find_dashboard_group(
    /// The group.
    id: String,
) -> Result<GroupView, UiError> {
    use crate::{
        pages::objects::dashboard_groups::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let found = service
        .objects()
        .find_dashboard_group(&caller, parameters::id(&id)?)
        .await;
    server::group(&service, &caller, request::report(found)?).await
}
