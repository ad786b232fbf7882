//! `/dashboard-groups/{id}`: a group and its dashboards.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::dashboard_group::GroupView,
    pages::{
        objects::{
            actions::ObjectActions,
            dashboard_groups::dashboards::Dashboards,
            dialogs::ObjectDialogs,
            kind::{list_path, list_title, object_path},
            parts::{Description, LastUpdated},
            rights::MissingRights,
        },
        platform::frame::Frame,
    },
    ui::{
        dialog::request::Asked,
        page::{
            head::{PageHead, step},
            load::{id_in_path, loaded},
            navigation::Section,
        },
    },
};

const KIND: ItemKind = ItemKind::DashboardGroup;

/// One dashboard group.
#[component]
pub fn DashboardGroupPage() -> impl IntoView {
    let id = id_in_path();
    let asked = Asked::read_of(&id);
    view! {
        <Frame title="Dashboard group" section=Section::DashboardGroups>
            {loaded(find_dashboard_group(id), move |group| view! { <Group group asked /> })}
        </Frame>
    }
}

#[component]
fn Group(group: GroupView, asked: Option<Asked>) -> impl IntoView {
    let GroupView {
        row,
        dashboards,
        teams,
    } = group;
    let here = object_path(KIND, &row.id);
    let breadcrumbs = vec![step(list_path(KIND), list_title(KIND))];
    view! {
        <PageHead title=row.name.clone() breadcrumbs clone:here clone:row>
            <ObjectActions kind=KIND row here />
        </PageHead>
        <Description text=row.description.clone() />
        <p class="prose">
            <LastUpdated at=row.updated_at by=row.updated_by.clone() />
            {(!teams.is_empty()).then(|| format!(" · Linked to {}", teams.join(", ")))}
        </p>
        <MissingRights kind=KIND rights=row.rights here=here.clone() />
        <section class="panel" aria-labelledby="dashboards-heading">
            <h2 id="dashboards-heading">"Dashboards"</h2>
            <Dashboards dashboards />
        </section>
        <ObjectDialogs asked kind=KIND rows=vec![row] here />
    }
}

/// A dashboard group.
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
    let id = parameters::id(&id)?;
    let found = service.objects().find_dashboard_group(&caller, id).await;
    server::group(&service, &caller, request::report(found)?).await
}
