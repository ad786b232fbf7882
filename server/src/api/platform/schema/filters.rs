//! Filters of dashboards and of dashboard groups.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

/// Filters of a dashboard, or a group's overrides of them.
#[derive(JsonSchema)]
pub(crate) struct Filters {
    sources: Option<Vec<FilterSource>>,
    variables: Option<Vec<FilterVariable>>,
    time: Option<FilterTime>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct FilterSource {
    property: String,
    value: Option<TextOrTexts>,
    values: Option<TextOrTexts>,
    #[schemars(rename = "NOT")]
    not: Option<bool>,
    apply_if_exists: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct FilterVariable {
    property: String,
    value: Option<TextOrTexts>,
    alias: Option<String>,
    description: Option<String>,
    preferred_suggestions: Option<Vec<String>>,
    required: Option<bool>,
    restricted: Option<bool>,
    replace_only: Option<bool>,
    apply_if_exists: Option<bool>,
}

#[derive(JsonSchema)]
struct FilterTime {
    start: Option<TextOrNumber>,
    end: Option<TextOrNumber>,
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
pub(crate) enum TextOrTexts {
    Text(String),
    Texts(Vec<String>),
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum TextOrNumber {
    Text(String),
    Number(i64),
}
