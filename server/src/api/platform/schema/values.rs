//! Simple values that several rooms share.

#![expect(dead_code, reason = "shapes are described and never built")]

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::api::platform::openapi::generator::given_in;

/// An id.
pub(crate) struct IdText;

impl JsonSchema for IdText {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An identifier: eight bytes as URL-safe base64.",
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$",
        })
    }
}

/// An id in a request, or the empty text, which Go clients send for none.
pub(crate) struct GivenId;

impl JsonSchema for GivenId {
    fn schema_name() -> Cow<'static, str> {
        "IdOrEmpty".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An identifier, or an empty text, which means none.",
            "type": "string",
            "pattern": "^([A-Za-z0-9_-]{10}[AEIMQUYcgkosw048])?$",
        })
    }
}

/// In a response, a value as a request may send it: with all its optional and unknown fields.
pub(crate) struct AsGiven<T>(T);

impl<T: JsonSchema> JsonSchema for AsGiven<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        given_in::<T>(generator)
    }
}

/// A JSON object with any members.
pub(crate) struct AnyObject;

impl JsonSchema for AnyObject {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AnyObject".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object"})
    }
}

/// Any JSON.
pub(crate) type Anything = Value;

/// The kind of a token.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) enum TokenKindLabel {
    #[schemars(rename = "UI")]
    Ui,
    #[schemars(rename = "API_SESSION")]
    ApiSession,
    #[schemars(rename = "UI_LOGIN")]
    UiLogin,
    #[schemars(rename = "ORG")]
    Org,
}

/// An object without members.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Nothing {}
