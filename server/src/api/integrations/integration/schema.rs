//! Schemas of requests and responses about integrations.

#![expect(dead_code, reason = "shapes are described and never built")]

use std::borrow::Cow;

use domain::integrations::{created_schema, shown_schema, updated_schema};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::api::platform::schema::{IdText, PageParameters, Stamps};

macro_rules! of_type {
    ($($(#[$doc:meta])* $name:ident $title:literal $schema:ident;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                $title.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema().try_into().unwrap_or_default()
            }
        }
    )*};
}

of_type! {
    /// The fields of a request to create an integration, by its type.
    Created "Integration" created_schema;
    /// The fields of a request to update an integration, by its type.
    Updated "Integration" updated_schema;
    /// The fields of a response, by the type of the integration.
    OfType "IntegrationOfType" shown_schema;
}

/// An integration, without secrets that cannot be read back.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct Integration {
    id: IdText,
    name: String,
    enabled: bool,
    /// `null` unless `userParam` asks for it.
    created_by_name: Option<String>,
    /// `null` unless `userParam` asks for it.
    last_updated_by_name: Option<String>,
    #[schemars(flatten)]
    stamps: Stamps,
    #[schemars(flatten)]
    of_type: OfType,
}

/// Query parameters of the list of integrations.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct IntegrationListParameters {
    /// The whole name, with `*` for any characters and `?` for one.
    name: Option<String>,
    /// The exact type.
    #[schemars(rename = "type")]
    kind: Option<String>,
    user_param: Option<Vec<UserParameter>>,
    #[schemars(flatten)]
    page: PageParameters,
    /// The field to sort by; a leading `-` reverses the order.
    order_by: Option<String>,
}

/// Users whose names are included besides their ids.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct NameParameters {
    user_param: Option<Vec<UserParameter>>,
}

/// The outcome of a validation that found nothing wrong.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "camelCase")]
pub(crate) enum OutcomeLabel {
    /// The host answers.
    Reached,
    /// No host is configured, or the server may not connect to it.
    NotTried,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "camelCase")]
enum UserParameter {
    Creator,
    LastUpdatedBy,
}
