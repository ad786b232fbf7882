//! The shape of charts: what a request may give, and what an answer shows.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::platform::schema::{AnyObject, IdText, PageParameters, Stamps};

/// What a chart keeps as given.
#[derive(JsonSchema)]
#[schemars(rename = "Chart", rename_all = "camelCase")]
pub(crate) struct ChartFields {
    options: Options,
    #[schemars(flatten)]
    content: Content,
}

/// What a chart keeps as given, besides its options.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct Content {
    description: Option<String>,
    program_text: Option<String>,
    #[schemars(length(max = 50), inner(length(max = 256)))]
    tags: Option<Vec<String>>,
    custom_properties: Option<AnyObject>,
    package_specifications: Option<String>,
    related_detector_ids: Option<Vec<IdText>>,
    slo_id: Option<String>,
}

/// How it is drawn: the client's own, kept and not judged but for its type.
#[derive(JsonSchema)]
#[schemars(rename = "ChartOptions", extend("additionalProperties" = true))]
struct Options {
    #[schemars(rename = "type")]
    kind: String,
}

/// A chart.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct Chart {
    id: IdText,
    name: String,
    description: String,
    program_text: Option<String>,
    options: Options,
    tags: Option<Vec<String>>,
    custom_properties: Option<AnyObject>,
    package_specifications: Option<String>,
    related_detector_ids: Option<Vec<IdText>>,
    slo_id: Option<String>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// How a list of charts is asked for.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct ChartListParameters {
    /// A part of the name, whatever its case.
    name: Option<String>,
    /// Any of these tags.
    tags: Option<Vec<String>>,
    #[schemars(flatten)]
    page: PageParameters,
    /// A field to order by, with `-` before it the other way round.
    order_by: Option<String>,
}
