//! The shape of integrations: what a request may give, and what an answer shows.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::schema::{IdText, PageParameters, Stamps};

/// What an integration is, besides the fields of its type.
#[derive(JsonSchema)]
#[schemars(rename = "Integration", extend("additionalProperties" = true))]
pub(crate) struct IntegrationFields {
    /// What it is of, once for all. Each type has fields of its own.
    #[schemars(rename = "type")]
    kind: String,
    enabled: Option<bool>,
}

/// An integration, without what nobody may read back.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct Integration {
    id: IdText,
    name: String,
    #[schemars(rename = "type")]
    kind: String,
    enabled: bool,
    /// Told to those who ask for it by `userParam`.
    created_by_name: Option<String>,
    /// Told to those who ask for it by `userParam`.
    last_updated_by_name: Option<String>,
    #[schemars(flatten)]
    stamps: Stamps,
}

/// How a list of integrations is asked for.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct IntegrationListParameters {
    /// The whole name, with `*` for any characters and `?` for one.
    name: Option<String>,
    /// The type, exactly.
    #[schemars(rename = "type")]
    kind: Option<String>,
    user_param: Option<Vec<WhoseName>>,
    #[schemars(flatten)]
    page: PageParameters,
    /// A field to order by, with `-` before it the other way round.
    order_by: Option<String>,
}

/// Whose names to tell besides their ids.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct NameParameters {
    user_param: Option<Vec<WhoseName>>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "camelCase")]
enum WhoseName {
    Creator,
    LastUpdatedBy,
}
