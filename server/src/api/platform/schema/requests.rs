//! Shapes of requests that several rooms share.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

/// A request to create an object. The name is required.
#[derive(JsonSchema)]
#[schemars(rename = "{F}ToCreate")]
pub(crate) struct ToCreate<F> {
    #[schemars(length(min = 1, max = 1_000))]
    name: String,
    #[schemars(flatten)]
    fields: F,
}

/// A request to update an object. Fields that are absent become empty or take their default, except the name.
#[derive(JsonSchema)]
#[schemars(rename = "{F}ToUpdate")]
pub(crate) struct ToUpdate<F> {
    #[schemars(length(min = 1, max = 1_000))]
    name: Option<String>,
    #[schemars(flatten)]
    fields: F,
}

/// The page of a list.
#[derive(JsonSchema)]
pub(crate) struct PageParameters {
    /// The largest number of results.
    #[schemars(range(min = 1, max = 10_000))]
    limit: Option<i64>,
    /// The number of results to skip.
    #[schemars(range(min = 0))]
    offset: Option<i64>,
}

/// How thoroughly to validate.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct ValidationParameters {
    validation_mode: Option<ValidationMode>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "UPPERCASE")]
enum ValidationMode {
    Full,
    Terraform,
}
