//! The shapes of requests and responses of the metric catalog.

#![expect(dead_code, reason = "shapes are described and never built")]

use std::collections::BTreeMap;

use domain::audit::event::CatalogKind;
use schemars::JsonSchema;

use crate::api::platform::schema::{IdText, PageParameters, Stamps};

/// The shape of an entry of a kind.
pub(super) trait EntryBody: JsonSchema + Send + Sync + 'static {
    const KIND: CatalogKind;
}

impl EntryBody for DimensionBody {
    const KIND: CatalogKind = CatalogKind::Dimension;
}

impl EntryBody for MetricBody {
    const KIND: CatalogKind = CatalogKind::Metric;
}

impl EntryBody for TagBody {
    const KIND: CatalogKind = CatalogKind::Tag;
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
enum TypeLabel {
    Gauge,
    Counter,
    Enum,
    CumulativeCounter,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
enum GivenType {
    Gauge,
    Counter,
    Enum,
    CumulativeCounter,
    #[schemars(rename = "")]
    NotGiven,
}

/// The fields of a request for a dimension. Those that are absent become empty.
#[derive(JsonSchema)]
#[schemars(rename = "DimensionGiven", rename_all = "camelCase")]
pub(super) struct DimensionFields {
    #[schemars(length(max = 1_024))]
    description: Option<String>,
    #[schemars(extend("maxProperties" = 75))]
    custom_properties: Option<BTreeMap<String, Option<String>>>,
    #[schemars(length(max = 50))]
    tags: Option<Vec<String>>,
}

/// The fields of a request for a metric. Those that are absent become empty, except the type, which is kept.
#[derive(JsonSchema)]
#[schemars(rename = "MetricGiven", rename_all = "camelCase")]
pub(super) struct MetricFields {
    /// `GAUGE` for a new metric unless given.
    #[schemars(rename = "type")]
    kind: Option<GivenType>,
    #[schemars(length(max = 1_024))]
    description: Option<String>,
    #[schemars(extend("maxProperties" = 75))]
    custom_properties: Option<BTreeMap<String, Option<String>>>,
    #[schemars(length(max = 50))]
    tags: Option<Vec<String>>,
}

/// The fields of a request for a tag. Those that are absent become empty.
#[derive(JsonSchema)]
#[schemars(rename = "TagGiven", rename_all = "camelCase")]
pub(super) struct TagFields {
    #[schemars(length(max = 1_024))]
    description: Option<String>,
    #[schemars(extend("maxProperties" = 75))]
    custom_properties: Option<BTreeMap<String, Option<String>>>,
}

/// A key and a value that identify series.
#[derive(JsonSchema)]
#[schemars(rename = "Dimension", rename_all = "camelCase")]
pub(super) struct DimensionBody {
    id: IdText,
    key: String,
    value: String,
    description: String,
    custom_properties: BTreeMap<String, String>,
    tags: Vec<String>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// A metric.
#[derive(JsonSchema)]
#[schemars(rename = "Metric", rename_all = "camelCase")]
pub(super) struct MetricBody {
    id: IdText,
    name: String,
    #[schemars(rename = "type")]
    kind: TypeLabel,
    description: String,
    custom_properties: BTreeMap<String, String>,
    tags: Vec<String>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// A tag.
#[derive(JsonSchema)]
#[schemars(rename = "Tag", rename_all = "camelCase")]
pub(super) struct TagBody {
    id: IdText,
    name: String,
    description: String,
    custom_properties: BTreeMap<String, String>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// A metric with dimensions. It has the properties and tags of both. `created` and `lastUpdated` are when it was first
/// and last seen, within ten minutes.
#[derive(JsonSchema)]
#[schemars(rename = "MetricTimeSeries", rename_all = "camelCase")]
pub(super) struct SeriesBody {
    id: IdText,
    metric: String,
    #[schemars(rename = "type")]
    kind: TypeLabel,
    dimensions: BTreeMap<String, String>,
    custom_properties: BTreeMap<String, String>,
    tags: Vec<String>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Query parameters of the searches of the metric catalog.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) struct CatalogParameters {
    /// `key:value` and words, with `*`, quotes, `AND`, `OR`, `NOT` and brackets; all if absent.
    #[schemars(length(max = 2_000))]
    query: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}
