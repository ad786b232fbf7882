//! The shapes of what is sent, and of parameters.

#![expect(dead_code, reason = "shapes are described and never built")]

use std::{borrow::Cow, collections::BTreeMap};

use aide::{
    OperationInput, OperationOutput,
    generate::GenContext,
    openapi::{Operation, ReferenceOr, RequestBody, Response},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    body::DataRequest,
    response::{EmptyMessage, IngestError},
};
use crate::api::platform::{
    openapi::{
        errors::add_error,
        generator::{given_in, media_type},
    },
    schema::AnyObject,
};

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/x-protobuf";

/// A body that a route accepts, in each of its media types.
pub(super) trait Forms {
    fn forms(context: &mut GenContext) -> Vec<(&'static str, Schema)>;
}

/// JSON of this shape, or the equivalent SignalFx message.
pub(super) struct SignalFxForms<T>(T);

/// JSON of this shape.
pub(super) struct JsonForm<T>(T);

/// An OTLP message.
pub(super) struct OtlpForm;

impl<T: JsonSchema> Forms for SignalFxForms<T> {
    fn forms(context: &mut GenContext) -> Vec<(&'static str, Schema)> {
        vec![
            (JSON, given_in::<T>(&mut context.schema)),
            (PROTOBUF, message()),
        ]
    }
}

impl<T: JsonSchema> Forms for JsonForm<T> {
    fn forms(context: &mut GenContext) -> Vec<(&'static str, Schema)> {
        vec![(JSON, given_in::<T>(&mut context.schema))]
    }
}

impl Forms for OtlpForm {
    fn forms(_: &mut GenContext) -> Vec<(&'static str, Schema)> {
        vec![(PROTOBUF, message())]
    }
}

fn message() -> Schema {
    json_schema!({"type": "string", "format": "binary"})
}

impl<B: Forms> OperationInput for DataRequest<B> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let forms = B::forms(context).into_iter();
        operation.request_body = Some(ReferenceOr::Item(RequestBody {
            description: Some("May be compressed by gzip.".to_owned()),
            content: forms
                .map(|(name, schema)| (name.to_owned(), media_type(schema)))
                .collect(),
            required: true,
            ..RequestBody::default()
        }));
        for status in [400, 413, 415] {
            add_error(operation, status);
        }
    }
}

/// Errors follow from the access, the arguments and the summary.
impl OperationOutput for IngestError {
    type Inner = Self;
}

impl OperationOutput for EmptyMessage {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        let response = Response {
            description: "Accepted. The message is empty.".to_owned(),
            content: [(PROTOBUF.to_owned(), media_type(message()))]
                .into_iter()
                .collect(),
            ..Response::default()
        };
        vec![(Some(200), response)]
    }
}

/// The body of a success.
pub(super) struct OkText;

impl JsonSchema for OkText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Ok".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "const": "OK"})
    }
}

/// Datapoints by metric type.
#[derive(JsonSchema)]
#[schemars(rename = "Datapoints")]
pub(super) struct DatapointLists {
    gauge: Option<Vec<DatapointShape>>,
    counter: Option<Vec<DatapointShape>>,
    cumulative_counter: Option<Vec<DatapointShape>>,
}

#[derive(JsonSchema)]
#[schemars(rename = "Datapoint")]
struct DatapointShape {
    #[schemars(length(min = 1, max = 256))]
    metric: String,
    value: NumberOrText,
    /// In milliseconds since 1970; default now.
    timestamp: Option<i64>,
    #[schemars(extend("maxProperties" = 36))]
    dimensions: Option<BTreeMap<String, String>>,
}

/// A number, or a text that spells one.
#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum NumberOrText {
    Number(f64),
    Text(String),
}

/// An event.
#[derive(JsonSchema)]
#[schemars(rename = "Event", rename_all = "camelCase")]
pub(super) struct EventShape {
    #[schemars(length(min = 1, max = 256), regex(pattern = r"^\S+$"))]
    event_type: String,
    category: Option<EventCategoryLabel>,
    /// In milliseconds since 1970; default now.
    timestamp: Option<i64>,
    #[schemars(extend("maxProperties" = 36))]
    dimensions: Option<BTreeMap<String, String>>,
    #[schemars(extend("maxProperties" = 100))]
    properties: Option<BTreeMap<String, PropertyValue>>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
enum EventCategoryLabel {
    UserDefined,
    Alert,
    Audit,
    Job,
    Collectd,
    Collected,
    ServiceDiscovery,
    Exception,
    Agent,
}

#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum PropertyValue {
    Text(String),
    Number(f64),
    Truth(bool),
}

/// A Zipkin span.
#[derive(JsonSchema)]
#[schemars(rename = "Span", rename_all = "camelCase")]
pub(super) struct SpanShape {
    #[schemars(regex(pattern = "^[0-9A-Fa-f]{1,32}$"))]
    trace_id: String,
    #[schemars(regex(pattern = "^[0-9A-Fa-f]{1,16}$"))]
    id: String,
    #[schemars(flatten)]
    more: AnyObject,
}

/// Filters of what was received recently.
#[derive(JsonSchema)]
pub(super) struct RecentParameters {
    /// The name of the org token that sent it.
    token: Option<String>,
    kind: Option<KindLabel>,
    /// The largest number of requests.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<i64>,
}

/// The path that it was sent to, after `/v2/`.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(super) enum KindLabel {
    #[schemars(rename = "datapoint")]
    Datapoints,
    #[schemars(rename = "event")]
    Events,
    #[schemars(rename = "datapoint/otlp")]
    OtlpMetrics,
    #[schemars(rename = "trace")]
    Spans,
    #[schemars(rename = "trace/otlp")]
    OtlpSpans,
}

/// The state of forwarding.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
pub(super) enum UpstreamLabel {
    Reached,
    Away,
}
