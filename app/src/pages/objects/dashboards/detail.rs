//! `/dashboards/{id}`: a dashboard's charts, laid out on twelve columns as its document says.

use domain::objects::permissions::ItemKind;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_router::hooks::use_params_map;

use crate::{
    error::UiError,
    model::objects::dashboard::{ChartView, DashboardView},
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

/// One dashboard.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let id = use_params_map()
        .with_untracked(|params| params.get("id"))
        .unwrap_or_default();
    let asked = Asked::read_of(&id);
    view! {
        <Frame title="Dashboard" section=Section::Dashboards>
            {Suspend::new(async move {
                match find_dashboard(id).await {
                    Ok(dashboard) => view! { <Dashboard dashboard asked /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
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
    let here = format!("/dashboards/{}", row.id);
    let doomed = DoomedObject::among(asked.as_ref(), std::iter::once(&row));
    let trail = match row.group {
        Some((id, name)) => vec![
            step("/dashboard-groups", "Dashboard groups"),
            step(format!("/dashboard-groups/{id}"), name),
        ],
        None => vec![step("/dashboards", "Dashboards")],
    };
    // Its group may have the same name, and the same pages above it.
    let window = format!("{} · Dashboards", row.name);
    view! {
        <PageHead title=row.name.clone() window trail clone:here>
            <ObjectActions kind=ItemKind::Dashboard id=row.id name=row.name may=row.may here />
        </PageHead>
        {(!row.description.is_empty()).then(|| view! { <p class="prose">{row.description}</p> })}
        <p class="prose">"Last updated " <Moment at=row.updated_at /> " by " {row.updated_by}</p>
        <WhyNot kind=ItemKind::Dashboard may=row.may here=here.clone() />
        <Filters filters />
        <Charts charts />
        <ObjectDialogs asked kind=ItemKind::Dashboard doomed here />
    }
}

#[component]
fn Filters(filters: Vec<String>) -> impl IntoView {
    (!filters.is_empty()).then(|| {
        let items = filters
            .into_iter()
            .map(|words| view! { <li>{words}</li> })
            .collect_view();
        view! { <ul class="variables" aria-label="Filters and variables">{items}</ul> }
    })
}

#[component]
fn Charts(charts: Vec<ChartView>) -> impl IntoView {
    if charts.is_empty() {
        return view! {
            <Empty title="No charts on it yet">"Charts are put on a dashboard through the API: " <code>"PUT /v2/dashboard"</code></Empty>
        }
        .into_any();
    }
    let cells: Vec<_> = charts.iter().map(|chart| chart.cell).collect();
    let tiles = charts
        .into_iter()
        .enumerate()
        .map(|(index, chart)| view! { <Tile index chart /> })
        .collect_view();
    view! {
        // Where each chart stands is only known here, and attributes for style are not allowed.
        <style nonce=use_nonce()>{crate::pages::objects::dashboards::grid::style(&cells)}</style>
        <ul class="charts">{tiles}</ul>
    }
    .into_any()
}

#[component]
fn Tile(index: usize, chart: ChartView) -> impl IntoView {
    let name = if chart.name.is_empty() {
        "Chart without a name".to_owned()
    } else {
        chart.name
    };
    view! {
        <li class=format!("chart {}", crate::pages::objects::dashboards::grid::class(index))>
            <div class="chart-head">
                <h2>{name.clone()}</h2>
                <span class="chart-kind">{chart.kind}</span>
            </div>
            {(!chart.description.is_empty()).then(|| view! { <p class="quiet">{chart.description}</p> })}
            {(!chart.text.is_empty()).then(|| view! { <p class="chart-text">{chart.text}</p> })}
            {(!chart.program.is_empty()).then(|| view! {
                <pre tabindex="0" role="region" aria-label=format!("Program of {name}")><code>{chart.program}</code></pre>
            })}
        </li>
    }
}

/// One dashboard with its charts.
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
    let found = service
        .objects()
        .find_dashboard(&caller, parameters::id(&id)?)
        .await;
    server::dashboard(&service, &caller, request::report(found)?).await
}
