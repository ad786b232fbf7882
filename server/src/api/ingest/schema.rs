//! The shape of what is sent, and of what is told of it.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use std::{borrow::Cow, collections::BTreeMap};

use aide::{
    OperationInput, OperationOutput,
    generate::GenContext,
    openapi::{MediaType, Operation, ReferenceOr, RequestBody, Response},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::api::ingest::{
    send::{EmptyMessage, NotTaken},
    sent::Data,
};
use crate::api::platform::{
    openapi::{add_refusal, given_in, object},
    schema::AnyObject,
};

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/x-protobuf";

/// A body that routes take: its forms by their media types.
pub(crate) trait Forms {
    fn forms(context: &mut GenContext) -> Vec<(&'static str, Schema)>;
}

/// JSON of this shape, or the SignalFx message of the same.
pub(crate) struct SignalFx<T>(T);

/// JSON of this shape.
pub(crate) struct InJson<T>(T);

/// An OTLP message.
pub(crate) struct Otlp;

impl<T: JsonSchema> Forms for SignalFx<T> {
    fn forms(context: &mut GenContext) -> Vec<(&'static str, Schema)> {
        vec![
            (JSON, given_in::<T>(&mut context.schema)),
            (PROTOBUF, message()),
        ]
    }
}

impl<T: JsonSchema> Forms for InJson<T> {
    fn forms(context: &mut GenContext) -> Vec<(&'static str, Schema)> {
        vec![(JSON, given_in::<T>(&mut context.schema))]
    }
}

impl Forms for Otlp {
    fn forms(_: &mut GenContext) -> Vec<(&'static str, Schema)> {
        vec![(PROTOBUF, message())]
    }
}

fn message() -> Schema {
    json_schema!({"type": "string", "format": "binary"})
}

fn media(schema: Schema) -> MediaType {
    MediaType {
        schema: Some(object(schema)),
        ..MediaType::default()
    }
}

impl<B: Forms> OperationInput for Data<B> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let forms = B::forms(context).into_iter();
        operation.request_body = Some(ReferenceOr::Item(RequestBody {
            description: Some("May be compressed by gzip.".to_owned()),
            content: forms
                .map(|(name, schema)| (name.to_owned(), media(schema)))
                .collect(),
            required: true,
            ..RequestBody::default()
        }));
        for status in [400, 413, 415] {
            add_refusal(operation, status);
        }
    }
}

/// How a call may be refused is told by its access, its arguments and its summary.
impl OperationOutput for NotTaken {
    type Inner = Self;
}

impl OperationOutput for EmptyMessage {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        let response = Response {
            description: "Taken. The message is empty.".to_owned(),
            content: [(PROTOBUF.to_owned(), media(message()))]
                .into_iter()
                .collect(),
            ..Response::default()
        };
        vec![(Some(200), response)]
    }
}

/// The word for "taken".
pub(crate) struct Ok;

impl JsonSchema for Ok {
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

/// Datapoints by what their metrics measure.
#[derive(JsonSchema)]
#[schemars(rename = "Datapoints")]
pub(crate) struct Datapoints {
    gauge: Option<Vec<Datapoint>>,
    counter: Option<Vec<Datapoint>>,
    cumulative_counter: Option<Vec<Datapoint>>,
}

#[derive(JsonSchema)]
struct Datapoint {
    #[schemars(length(min = 1, max = 256))]
    metric: String,
    value: Number,
    /// In milliseconds since 1970; now, if none is given.
    timestamp: Option<i64>,
    #[schemars(extend("maxProperties" = 36))]
    dimensions: Option<BTreeMap<String, String>>,
}

/// A number, which may be written as text.
#[derive(JsonSchema)]
#[schemars(inline, untagged)]
enum Number {
    Number(f64),
    Text(String),
}

/// Something that happened.
#[derive(JsonSchema)]
#[schemars(rename = "Event", rename_all = "camelCase")]
pub(crate) struct Event {
    #[schemars(length(min = 1, max = 256), regex(pattern = r"^\S+$"))]
    event_type: String,
    category: Option<Category>,
    /// In milliseconds since 1970; now, if none is given.
    timestamp: Option<i64>,
    #[schemars(extend("maxProperties" = 36))]
    dimensions: Option<BTreeMap<String, String>>,
    #[schemars(extend("maxProperties" = 100))]
    properties: Option<BTreeMap<String, PropertyValue>>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
enum Category {
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

/// A piece of a trace, in the manner of Zipkin.
#[derive(JsonSchema)]
#[schemars(rename = "Span", rename_all = "camelCase")]
pub(crate) struct Span {
    #[schemars(regex(pattern = "^[0-9A-Fa-f]{1,32}$"))]
    trace_id: String,
    #[schemars(regex(pattern = "^[0-9A-Fa-f]{1,16}$"))]
    id: String,
    #[schemars(flatten)]
    more: AnyObject,
}

/// Which of what arrived to show.
#[derive(JsonSchema)]
pub(crate) struct RecentParameters {
    /// What the org token with this name sent.
    token: Option<String>,
    kind: Option<KindWord>,
    /// How many requests at most.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<i64>,
}

/// The path it arrived by.
#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) enum KindWord {
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

/// How forwarding goes.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
pub(crate) enum UpstreamWord {
    Reached,
    Away,
}
