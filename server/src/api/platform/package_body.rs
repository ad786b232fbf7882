//! Packages of dashboards and dashboard groups, as the API and the pages return them (docs/contract.md#packages).

use domain::{
    objects::{
        chart, dashboard,
        dashboard_group::{self, configs},
        object::Object,
        package,
    },
    platform::{document::Document, id::Id},
};
use serde_json::json;
use service::GroupContent;

use super::object_body::object_body;

/// Returns the package of a dashboard with these charts.
pub(crate) fn dashboard_package(dashboard: &Object, charts: &[Object]) -> Document {
    package::dashboard_package(dashboard_body(dashboard), chart_bodies(charts))
}

/// Returns the package of a dashboard group.
pub(crate) fn group_package(content: &GroupContent) -> Document {
    let GroupContent {
        group,
        dashboards,
        charts,
    } = content;
    let shown = configs(&group.document);
    let ids: Vec<Id> = shown.iter().map(|config| config.dashboard_id).collect();
    let group = object_body(
        group,
        dashboard_group::defaults(),
        [("dashboards", json!(ids))],
    );
    let dashboards = dashboards.iter().map(dashboard_body).collect();
    package::group_package(group, dashboards, chart_bodies(charts))
}

fn dashboard_body(dashboard: &Object) -> Document {
    let managed = [
        ("groupId", json!(dashboard.parent_id)),
        ("locked", json!(false)),
    ];
    object_body(dashboard, dashboard::defaults(), managed)
}

fn chart_bodies(charts: &[Object]) -> Vec<Document> {
    let charts = charts.iter();
    charts
        .map(|chart| object_body(chart, chart::defaults(), []))
        .collect()
}
