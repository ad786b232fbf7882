//! The team, dashboards and detectors of the demonstration.

use domain::{
    identity::actor::Caller,
    platform::{
        document::Document,
        id::{Id, UserId},
    },
};
use serde_json::{Value, json};
use service::Service;

/// A chart: its name and its program.
type Chart = (&'static str, &'static str);

pub(super) const LATENCY_CHARTS: &[Chart] = &[
    (
        "Latency p99",
        "data('checkout.request.duration').percentile(99).publish(label='p99')",
    ),
    (
        "Requests",
        "data('checkout.request.count', rollup='rate').sum(by=['service']).publish(label='Requests')",
    ),
    (
        "Errors",
        "data('checkout.request.count', filter=filter('error', 'true')).sum().publish(label='Errors')",
    ),
    (
        "Queue depth",
        "data('checkout.queue.depth').max(by=['queue']).publish(label='Depth')",
    ),
];

pub(super) const DEPLOY_CHARTS: &[Chart] = &[
    (
        "Deploys per day",
        "data('deploy.finished', rollup='count').sum(over='1d').publish(label='Deploys')",
    ),
    (
        "Time to restore",
        "data('incident.duration').percentile(50, over='7d').publish(label='Median')",
    ),
];

/// A detector: its name, its signal, its condition and its severity.
type Detector = (&'static str, &'static str, &'static str, &'static str);

const DETECTORS: &[Detector] = &[
    (
        "Checkout is slow",
        "data('checkout.request.duration').percentile(99)",
        "A > 300",
        "Critical",
    ),
    (
        "Checkout queue grows",
        "data('checkout.queue.depth').max()",
        "A > 1000",
        "Warning",
    ),
];

pub(super) async fn create_team(
    service: &Service,
    caller: &Caller,
    members: [UserId; 2],
) -> anyhow::Result<Id> {
    let team = document(json!({
        "name": "Checkout", "description": "Carts and payments", "members": members,
    }));
    let teams = service.identity().teams();
    Ok(teams.create(caller, &team).await?.team.id)
}

pub(super) async fn create_group(
    service: &Service,
    caller: &Caller,
    team: Id,
) -> anyhow::Result<Id> {
    let group = document(json!({
        "name": "Checkout", "description": "From the cart to the receipt", "teams": [team],
    }));
    let objects = service.objects();
    let group = objects.create_dashboard_group(caller, &group, true).await?;
    Ok(group.id)
}

pub(super) async fn create_detectors(
    service: &Service,
    caller: &Caller,
    team: Id,
) -> anyhow::Result<()> {
    for (name, signal, condition, severity) in DETECTORS {
        let program = format!(
            "A = {signal}.publish('A', enable=False)\ndetect(when({condition}, '5m')).publish('{name}')\n"
        );
        let detector = document(json!({
            "name": name, "programText": program, "teams": [team], "tags": ["checkout"],
            "rules": [{
                "detectLabel": name, "severity": severity, "notifications": [{"type": "Team", "team": team}],
            }],
        }));
        service.objects().create_detector(caller, &detector).await?;
    }
    Ok(())
}

/// Creates a dashboard with these charts, three to a row.
pub(super) async fn create_dashboard(
    service: &Service,
    caller: &Caller,
    group: Id,
    name: &str,
    charts: &[Chart],
) -> anyhow::Result<Id> {
    let objects = service.objects();
    let mut placed = Vec::new();
    for (place, (chart, program)) in charts.iter().enumerate() {
        let chart = objects
            .create_chart(caller, &chart_of(chart, program))
            .await?;
        placed.push(json!({
            "chartId": chart.id, "row": place / 3, "column": place % 3 * 4, "width": 4, "height": 1,
        }));
    }
    let dashboard = document(json!({
        "name": name, "groupId": group, "charts": placed, "tags": ["checkout"],
    }));
    Ok(objects.create_dashboard(caller, &dashboard).await?.id)
}

fn chart_of(name: &str, program: &str) -> Document {
    document(json!({
        "name": name,
        "programText": program,
        "options": {"type": "TimeSeriesChart", "defaultPlotType": "LineChart"},
    }))
}

/// Changes the description of a dashboard. An update contains the whole document (docs/contract.md#updates).
pub(super) async fn describe_dashboard(
    service: &Service,
    caller: &Caller,
    id: Id,
    description: &str,
) -> anyhow::Result<()> {
    let objects = service.objects();
    let dashboard = objects.find_dashboard(caller, id).await?;
    let mut whole = dashboard.document;
    whole.insert("name".to_owned(), json!(dashboard.name));
    whole.insert("description".to_owned(), json!(description));
    objects.update_dashboard(caller, id, &whole).await?;
    Ok(())
}

pub(super) fn document(value: Value) -> Document {
    match value {
        Value::Object(document) => document,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Document::new()
        }
    }
}
