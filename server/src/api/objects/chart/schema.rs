//! Schemas of requests and responses about charts.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::{Anything, IdText, PageParameters, Stamps};

/// The fields of a request for a chart.
#[derive(JsonSchema)]
#[schemars(rename = "Chart", rename_all = "camelCase")]
pub(crate) struct ChartFields {
    options: Options,
    #[schemars(flatten)]
    content: Content,
}

/// The fields of a request for a chart, besides its options.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct Content {
    description: Option<String>,
    program_text: Option<String>,
    #[schemars(length(max = 50), inner(length(max = 256)))]
    tags: Option<Vec<String>>,
    custom_properties: Option<Anything>,
    package_specifications: Option<String>,
    related_detector_ids: Option<Vec<IdText>>,
    slo_id: Option<IdText>,
}

/// How the chart is drawn. Only the type is validated; all other fields are stored as given.
#[derive(JsonSchema)]
#[schemars(rename = "ChartOptions", extend("additionalProperties" = true))]
struct Options {
    #[schemars(rename = "type")]
    kind: String,
}

/// The SLO that a chart shows.
#[derive(JsonSchema)]
#[schemars(rename = "SloChartGiven", rename_all = "camelCase")]
pub(crate) struct SloChartFields {
    /// An SLO that exists.
    slo_id: IdText,
}

/// A chart.
#[derive(JsonSchema)]
#[schemars(rename = "Chart", rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct ChartBody {
    id: IdText,
    name: String,
    description: String,
    program_text: Option<String>,
    options: Options,
    tags: Option<Vec<String>>,
    custom_properties: Option<Anything>,
    package_specifications: Option<String>,
    related_detector_ids: Option<Vec<IdText>>,
    slo_id: Option<IdText>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// Query parameters of the list of charts.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct ChartListParameters {
    /// A part of the name; case is ignored.
    name: Option<String>,
    /// Objects with any of these tags.
    #[schemars(length(max = 10))]
    tags: Option<Vec<String>>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}
