//! `/dashboards/{id}`: the filters of a dashboard, and its charts in the grid of its document.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::{dashboard::DashboardView, object::ObjectRow},
    pages::{
        objects::{
            actions::ObjectActions,
            dashboards::charts::Charts,
            dialogs::ObjectDialogs,
            kind::{list_path, list_title, object_path, steps_to},
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

const KIND: ItemKind = ItemKind::Dashboard;

/// One dashboard.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let id = id_in_path();
    let asked = Asked::read_of(&id);
    view! {
        <Frame title="Dashboard" section=Section::Dashboards>
            {loaded(find_dashboard(id), move |dashboard| view! { <Dashboard dashboard asked /> })}
        </Frame>
    }
}

#[component]
fn Dashboard(dashboard: DashboardView, asked: Option<Asked>) -> impl IntoView {
    let DashboardView {
        row,
        filters,
        charts,
    } = dashboard;
    let here = object_path(KIND, &row.id);
    view! {
        <DashboardHead row=row.clone() here=here.clone() />
        <DashboardFilterBar filters />
        <Charts charts />
        <ObjectDialogs asked kind=KIND rows=vec![row] here />
    }
}

#[component]
fn DashboardHead(row: ObjectRow, here: String) -> impl IntoView {
    let breadcrumbs = match row.group.clone() {
        Some((id, name)) => steps_to(ItemKind::DashboardGroup, &id, &name),
        None => vec![step(list_path(KIND), list_title(KIND))],
    };
    // A group and its dashboard often have the same name, so that the breadcrumbs do not make the title unique.
    let window = format!("{} · {}", row.name, list_title(KIND));
    view! {
        <PageHead title=row.name.clone() window breadcrumbs clone:here clone:row>
            <ObjectActions kind=KIND row here />
        </PageHead>
        <Description text=row.description />
        <p class="prose"><LastUpdated at=row.updated_at by=row.updated_by /></p>
        <MissingRights kind=KIND rights=row.rights here />
    }
}

#[component]
fn DashboardFilterBar(filters: Vec<String>) -> impl IntoView {
    (!filters.is_empty()).then(|| {
        let items = filters
            .into_iter()
            .map(|text| view! { <li>{text}</li> })
            .collect_view();
        view! { <ul class="variables" aria-label="Filters and variables">{items}</ul> }
    })
}

/// A dashboard with its charts.
///
/// # Errors
/// [`UiError::NotFound`] or [`UiError::Denied`].
#[server(prefix = "/ui", endpoint = "dashboard/find")]
pub async fn find_dashboard(
    /// The dashboard.
    id: String,
) -> Result<DashboardView, UiError> {
    use crate::{
        pages::objects::dashboards::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let id = parameters::id(&id)?;
    let found = service.objects().find_dashboard(&caller, id).await;
    server::dashboard(&service, &caller, request::report(found)?).await
}
