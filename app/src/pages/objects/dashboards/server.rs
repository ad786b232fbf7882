//! Dashboards, read from the service as pages show them.

use domain::{
    identity::actor::Caller,
    objects::object::Object,
    platform::{document::Document, id::Id, page::Page},
};
use leptos::serde_json::Value;
use service::Service;

use crate::request::if_visible;
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
    pages::objects::{dashboards::filters::filters_in_words, server::row},
    request::report,
};

/// Dashboards with the names of their groups.
pub(crate) async fn rows(
    service: &Service,
    caller: &Caller,
    found: Page<Object>,
) -> Result<ObjectPage, UiError> {
    let mut groups: Vec<(Id, Option<String>)> = Vec::new();
    let mut rows = Vec::with_capacity(found.results.len());
    let rights = report(service.objects().rights_on(caller, &found.results).await)?;
    for (object, rights) in found.results.iter().zip(rights) {
        let mut row = row(object, rights);
        if let Some(group_id) = object.parent_id {
            if !groups.iter().any(|(id, _)| *id == group_id) {
                let group = service
                    .objects()
                    .find_dashboard_group(caller, group_id)
                    .await;
                groups.push((group_id, if_visible(group)?.map(|group| group.name)));
            }
            let name = groups.iter().find(|(id, _)| *id == group_id);
            row.group = name.and_then(|(id, name)| Some((id.to_string(), name.clone()?)));
        }
        rows.push(row);
    }
    Ok(ObjectPage {
        count: found.count,
        rows,
    })
}

/// A dashboard with its group and its charts.
pub(crate) async fn dashboard(
    service: &Service,
    caller: &Caller,
    found: Object,
) -> Result<DashboardView, UiError> {
    let mut charts = Vec::new();
    for position in items(&found.document, "charts").filter_map(Value::as_object) {
        let id = Id::parse(text(position, "chartId"));
        if let Ok(id) = id
            && let Some(chart) = if_visible(service.objects().find_chart(caller, id).await)?
        {
            charts.push((Cell::read(position), chart));
        }
    }
    let charts = arranged(charts);
    let filters = filters_in_words(&found.document);
    let one = Page {
        count: 1,
        results: vec![found],
    };
    let row = rows(service, caller, one).await?.rows.pop();
    Ok(DashboardView {
        row: row.ok_or(UiError::Internal)?,
        filters,
        charts: charts
            .into_iter()
            .map(|(cell, chart)| chart_view(&chart, cell))
            .collect(),
    })
}

fn chart_view(chart: &Object, cell: Cell) -> ChartView {
    let empty = Document::new();
    let options = chart
        .document
        .get("options")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    ChartView {
        name: chart.name.clone(),
        description: text(&chart.document, "description").to_owned(),
        kind: kind_in_words(text(options, "type")),
        program: text(&chart.document, "programText").to_owned(),
        text: text(options, "markdown").to_owned(),
        cell,
    }
}

/// A chart's type as people know it; one we do not know keeps its name.
fn kind_in_words(kind: &str) -> String {
    match kind {
        "TimeSeriesChart" => "Time series",
        "SingleValue" => "Single value",
        "List" => "List",
        "Heatmap" => "Heatmap",
        "TableChart" => "Table",
        "Event" => "Events",
        "LogsChart" => "Logs",
        "Text" => "Text",
        other => other,
    }
    .to_owned()
}
