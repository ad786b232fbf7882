//! Dashboards, read from the service as their pages show them.

use std::collections::{HashMap, hash_map::Entry};

use domain::{
    identity::actor::Caller,
    objects::object::Object,
    platform::{document::Document, id::Id, page::Page},
};
use leptos::serde_json::Value;
use service::Service;

use crate::{
    error::UiError,
    model::{
        document::{items, text},
        objects::{
            dashboard::{ChartView, DashboardView},
            grid::{Cell, arranged},
            object::ObjectPage,
        },
    },
    pages::objects::{
        dashboards::filters::filter_texts,
        server::{find_group_name, rights_on, row},
    },
    request::{if_visible, report},
};

/// A page of dashboards with their groups, each of which is read once.
pub(super) async fn page(
    service: &Service,
    caller: &Caller,
    found: Page<Object>,
) -> Result<ObjectPage, UiError> {
    let rights = report(service.objects().rights_on(caller, &found.results).await)?;
    let mut groups = HashMap::new();
    let mut rows = Vec::with_capacity(found.results.len());
    for (dashboard, rights) in found.results.iter().zip(rights) {
        let mut row = row(dashboard, rights);
        if let Some(id) = dashboard.parent_id {
            let name = match groups.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    unknown.insert(find_group_name(service, caller, id).await?)
                }
            }
            .clone();
            row.group = name.map(|name| (id.to_string(), name));
        }
        rows.push(row);
    }
    Ok(ObjectPage {
        count: found.count,
        rows,
    })
}

/// A dashboard with its group and its charts.
pub(super) async fn dashboard(
    service: &Service,
    caller: &Caller,
    found: Object,
) -> Result<DashboardView, UiError> {
    let mut row = row(&found, rights_on(service, caller, &found).await?);
    if let Some(id) = found.parent_id {
        let name = find_group_name(service, caller, id).await?;
        row.group = name.map(|name| (id.to_string(), name));
    }
    let charts = arranged(charts(service, caller, &found.document).await?);
    Ok(DashboardView {
        row,
        filters: filter_texts(&found.document),
        charts: charts
            .into_iter()
            .map(|(cell, chart)| chart_view(&chart, cell))
            .collect(),
    })
}

/// The charts that the caller can read, with their places.
async fn charts(
    service: &Service,
    caller: &Caller,
    document: &Document,
) -> Result<Vec<(Cell, Object)>, UiError> {
    let mut charts = Vec::new();
    for position in items(document, "charts").filter_map(Value::as_object) {
        if let Ok(id) = Id::parse(text(position, "chartId"))
            && let Some(chart) = if_visible(service.objects().find_chart(caller, id).await)?
        {
            charts.push((Cell::read(position), chart));
        }
    }
    Ok(charts)
}

fn chart_view(chart: &Object, cell: Cell) -> ChartView {
    let empty = Document::new();
    let options = chart.document.get("options").and_then(Value::as_object);
    let options = options.unwrap_or(&empty);
    ChartView {
        name: chart.name.clone(),
        description: text(&chart.document, "description").to_owned(),
        kind: type_name(text(options, "type")).to_owned(),
        program: text(&chart.document, "programText").to_owned(),
        text: text(options, "markdown").to_owned(),
        cell,
    }
}

/// The name of a chart type; unknown types keep the name they have in the API.
fn type_name(kind: &str) -> &str {
    match kind {
        "TimeSeriesChart" => "Time series",
        "SingleValue" => "Single value",
        "TableChart" => "Table",
        "Event" => "Events",
        "LogsChart" => "Logs",
        other => other,
    }
}
