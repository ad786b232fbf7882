//! The shape of dashboards: what a request may give, and what an answer shows.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::{
    objects::chart::schema::{Chart, Content},
    platform::{
        response::DocumentBody,
        schema::{
            AnyObject, Anything, AsGiven, Filters, GivenId, IdText, PageParameters, Permissions,
            PermissionsGiven, Stamps, TextOrTexts, Writers, WritersGiven,
        },
    },
};

/// What a dashboard keeps as given, where it is, and who may read and write it.
#[derive(JsonSchema)]
#[schemars(rename = "Dashboard", rename_all = "camelCase")]
pub(crate) struct DashboardFields {
    /// The group it shall be in; a new one of its own if none is given.
    group_id: Option<GivenId>,
    description: Option<String>,
    #[schemars(length(max = 2_000))]
    charts: Option<Vec<ChartPosition>>,
    chart_density: Option<ChartDensity>,
    filters: Option<Filters>,
    event_overlays: Option<Vec<EventOverlay>>,
    selected_event_overlays: Option<Vec<EventOverlay>>,
    discovery_options: Option<AnyObject>,
    /// In milliseconds.
    max_delay_override: Option<i32>,
    #[schemars(length(max = 50), inner(length(max = 256)))]
    tags: Option<Vec<String>>,
    authorized_writers: Option<WritersGiven>,
    permissions: Option<PermissionsGiven>,
}

/// Where a chart is on its dashboard.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct ChartPosition {
    chart_id: IdText,
    #[schemars(range(min = 0, max = 11))]
    column: Option<i32>,
    #[schemars(range(min = 0, max = 99))]
    row: Option<i32>,
    #[schemars(range(min = 1, max = 12))]
    width: Option<i32>,
    #[schemars(range(min = 1))]
    height: Option<i32>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum ChartDensity {
    Default,
    Low,
    High,
    Highest,
    #[schemars(rename = "")]
    NotGiven,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct EventOverlay {
    event_signal: Option<EventSignal>,
    #[schemars(range(min = 0, max = 15))]
    event_color_index: Option<i32>,
    event_line: Option<bool>,
    label: Option<String>,
    overlay_id: Option<Anything>,
    sources: Option<Vec<OverlaySource>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct EventSignal {
    event_search_text: Option<String>,
    event_type: Option<EventType>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "camelCase")]
enum EventType {
    DetectorEvents,
    EventTimeSeries,
    #[schemars(rename = "")]
    NotGiven,
}

#[derive(JsonSchema)]
struct OverlaySource {
    value: Option<TextOrTexts>,
}

/// A dashboard.
#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = true))]
pub(crate) struct Dashboard {
    charts: Vec<AsGiven<ChartPosition>>,
    #[schemars(flatten)]
    content: DashboardContent,
}

/// A dashboard that was just made of charts, which stand in it in place of their positions.
#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = true))]
pub(crate) struct SimpleDashboard {
    charts: Vec<DocumentBody<Chart>>,
    #[schemars(flatten)]
    content: DashboardContent,
}

/// A dashboard without its charts.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct DashboardContent {
    id: IdText,
    name: String,
    description: String,
    group_id: IdText,
    chart_density: ChartDensity,
    filters: Option<AsGiven<Filters>>,
    event_overlays: Vec<AsGiven<EventOverlay>>,
    selected_event_overlays: Vec<AsGiven<EventOverlay>>,
    discovery_options: Option<AnyObject>,
    max_delay_override: Option<i32>,
    tags: Option<Vec<String>>,
    authorized_writers: Writers,
    permissions: Permissions,
    custom_properties: Option<AnyObject>,
    locked: bool,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// A chart that exists, or one to be made.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(crate) enum SimpleChart {
    Existing(ExistingChart),
    New(Box<NewChart>),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct ExistingChart {
    chart_id: IdText,
}

/// A chart to be made; without options it is drawn over time.
#[derive(JsonSchema)]
#[schemars(rename = "SimpleChartToCreate", rename_all = "camelCase")]
pub(crate) struct NewChart {
    #[schemars(length(min = 1, max = 1_000))]
    name: String,
    program_text: String,
    options: Option<AnyObject>,
    #[schemars(flatten)]
    content: Content,
}

/// How a list of dashboards is asked for.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct DashboardListParameters {
    /// A part of the name, whatever its case.
    name: Option<String>,
    /// Any of these tags.
    tags: Option<Vec<String>>,
    /// With this chart on it.
    chart_id: Option<GivenId>,
    /// In this group.
    group_id: Option<GivenId>,
    #[schemars(flatten)]
    page: PageParameters,
    /// A field to order by, with `-` before it the other way round.
    order_by: Option<String>,
}

/// What a dashboard of charts is called and where it goes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct SimpleParameters {
    /// Its name; that of the first new chart if none is given.
    name: Option<String>,
    /// The group it shall be in; a new one of its own if none is given.
    group_id: Option<GivenId>,
}
