//! Schemas of requests about the organization.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

/// A custom metric category in a request.
#[derive(JsonSchema)]
#[schemars(rename = "CustomCategoryGiven")]
pub(crate) struct CategoryGiven {
    name: String,
    alias: Option<String>,
    description: Option<String>,
}

/// A custom metric category.
#[derive(JsonSchema)]
#[schemars(rename = "CustomCategory", deny_unknown_fields)]
pub(crate) struct Category {
    name: String,
    #[schemars(skip_serializing_if = "Option::is_none")]
    alias: String,
    #[schemars(skip_serializing_if = "Option::is_none")]
    description: String,
}
