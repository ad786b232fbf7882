//! Schemas of requests about incidents.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::PageParameters;

/// Query parameters of the list of incidents.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct IncidentParameters {
    include_resolved: Option<bool>,
    query: Option<String>,
    #[schemars(flatten)]
    page: PageParameters,
}

/// The incidents to clear.
#[derive(JsonSchema)]
#[schemars(rename = "IncidentsToClear")]
pub(crate) struct Clearing {
    #[schemars(length(min = 1, max = 2_000))]
    filters: Vec<IncidentFilter>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct IncidentFilter {
    #[schemars(length(min = 1))]
    property: String,
    #[schemars(length(min = 1, max = 2_000))]
    property_value: Vec<PlainValue>,
    #[schemars(rename = "NOT")]
    not: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum PlainValue {
    Text(String),
    Number(f64),
    Truth(bool),
}
