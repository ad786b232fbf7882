//! Schemas of requests and responses about dashboards.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::{
    objects::chart::schema::{ChartBody, Content},
    platform::{
        response::DocumentBody,
        schema::{
            AnyObject, Anything, AsGiven, Filters, GivenId, IdText, PageParameters, Permissions,
            PermissionsGiven, Stamps, TextOrTexts, WritersBody, WritersGiven,
        },
    },
};

/// The fields of a request for a dashboard.
#[derive(JsonSchema)]
#[schemars(rename = "Dashboard", rename_all = "camelCase")]
pub(crate) struct DashboardFields {
    /// The group of the dashboard [default: a new group]
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

/// The position of a chart on its dashboard.
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
#[schemars(rename = "Dashboard", extend("additionalProperties" = true))]
pub(crate) struct DashboardBody {
    charts: Vec<AsGiven<ChartPosition>>,
    #[schemars(flatten)]
    content: DashboardContent,
}

/// A dashboard created from charts. It contains the charts instead of their positions.
#[derive(JsonSchema)]
#[schemars(extend("additionalProperties" = true))]
pub(crate) struct SimpleDashboard {
    charts: Vec<PlacedChart>,
    #[schemars(flatten)]
    content: DashboardContent,
}

/// A chart, and its position on a dashboard.
#[derive(JsonSchema)]
struct PlacedChart {
    #[schemars(flatten)]
    chart: DocumentBody<ChartBody>,
    #[schemars(flatten)]
    position: ChartPosition,
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
    authorized_writers: WritersBody,
    permissions: Permissions,
    custom_properties: Option<AnyObject>,
    locked: bool,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// An existing chart, or one to create.
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

/// A chart to create; without options it is a time series, which requires a program.
#[derive(JsonSchema)]
#[schemars(rename = "SimpleChartToCreate", rename_all = "camelCase")]
pub(crate) struct NewChart {
    #[schemars(length(min = 1, max = 1_000))]
    name: String,
    program_text: Option<String>,
    options: Option<AnyObject>,
    #[schemars(flatten)]
    content: Content,
}

/// Query parameters of the list of dashboards.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct DashboardListParameters {
    /// A part of the name; case is ignored.
    name: Option<String>,
    /// Objects with any of these tags.
    #[schemars(length(max = 10))]
    tags: Option<Vec<String>>,
    /// Dashboards that contain this chart.
    chart_id: Option<GivenId>,
    /// Dashboards of this group.
    group_id: Option<GivenId>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}

/// Query parameters of a dashboard created from charts.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct SimpleParameters {
    /// The name [default: the name of the first new chart]
    name: Option<String>,
    /// The group of the dashboard [default: a new group]
    group_id: Option<GivenId>,
}
