//! The shape of integrations: what a request may give, and what an answer shows.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

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
    /// What is said of an integration to be made, by its type.
    Created "Integration" created_schema;
    /// What is said of an integration to be changed, by its type.
    Updated "Integration" updated_schema;
    /// What is shown of an integration, by its type.
    OfType "IntegrationOfType" shown_schema;
}

/// An integration, without what nobody may read back.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", extend("additionalProperties" = true))]
pub(crate) struct Integration {
    id: IdText,
    name: String,
    enabled: bool,
    /// Told to those who ask for it by `userParam`.
    created_by_name: Option<String>,
    /// Told to those who ask for it by `userParam`.
    last_updated_by_name: Option<String>,
    #[schemars(flatten)]
    stamps: Stamps,
    #[schemars(flatten)]
    of_type: OfType,
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
