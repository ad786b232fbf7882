//! What was received recently, and counts, as the API returns them.

use domain::{
    ingest::{Datapoint, Datum, Event, Kind, Pairs},
    platform::id::Id,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use service::{IngestCount, QueueState, Recent, RecentParcel, UpstreamState};

use super::{
    datapoint::datapoints,
    event::events,
    otlp,
    schema::{KindLabel, UpstreamLabel},
};
use crate::api::platform::{error::ApiError, schema::IdText};

/// Items of one parcel in a response.
const SHOWN_ITEMS: usize = 100;

/// Parses the label of a kind.
pub(super) fn parse_kind(text: &str) -> Result<Kind, ApiError> {
    let found = Kind::ALL.into_iter().find(|kind| label(*kind) == text);
    found.ok_or_else(|| {
        let labels = Kind::ALL.map(label).join(", ");
        ApiError::bad_request(format!("kind: must be one of {labels}"))
    })
}

/// Returns the label of a kind: the end of its path.
fn label(kind: Kind) -> &'static str {
    kind.path().strip_prefix("/v2/").unwrap_or_default()
}

/// What was received recently.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecentlyReceived", deny_unknown_fields)]
pub(super) struct RecentBody {
    count: usize,
    results: Vec<ParcelBody>,
    queue: QueueBody,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "IngestQueue", deny_unknown_fields)]
struct QueueBody {
    bytes: u64,
    limit_bytes: u64,
    waiting_bytes: u64,
    #[schemars(with = "Option<UpstreamLabel>")]
    upstream: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Received", deny_unknown_fields)]
struct ParcelBody {
    received_ms: i64,
    #[schemars(with = "IdText")]
    token_id: Id,
    token_name: Option<String>,
    #[schemars(with = "KindLabel")]
    kind: &'static str,
    items: u32,
    bytes: usize,
    forwarded: Option<bool>,
    data: Vec<Value>,
}

impl From<Recent> for RecentBody {
    fn from(recent: Recent) -> Self {
        let results: Vec<_> = recent.parcels.into_iter().map(ParcelBody::from).collect();
        Self {
            count: results.len(),
            results,
            queue: recent.queue.into(),
        }
    }
}

impl From<QueueState> for QueueBody {
    fn from(queue: QueueState) -> Self {
        Self {
            bytes: queue.bytes,
            limit_bytes: queue.limit_bytes,
            waiting_bytes: queue.waiting_bytes,
            upstream: queue.upstream.map(|state| match state {
                UpstreamState::Reached => "reached",
                UpstreamState::Away => "away",
            }),
        }
    }
}

impl From<RecentParcel> for ParcelBody {
    fn from(parcel: RecentParcel) -> Self {
        Self {
            received_ms: parcel.at.as_millis(),
            token_id: parcel.org_token_id,
            token_name: parcel.org_token_name,
            kind: label(parcel.kind),
            items: parcel.items,
            bytes: parcel.payload.len(),
            forwarded: parcel.forwarded,
            data: data(parcel.kind, &parcel.payload),
        }
    }
}

/// Returns the first items of a parcel, as JSON.
fn data(kind: Kind, payload: &[u8]) -> Vec<Value> {
    match kind {
        Kind::Datapoints => first(datapoints(payload), datapoint),
        Kind::Events => first(events(payload), event_body),
        Kind::Spans => first(
            serde_json::from_slice(payload).unwrap_or_default(),
            |span| span,
        ),
        Kind::OtlpMetrics => first(
            otlp::names(kind, payload),
            |(metric, datapoints)| json!({ "metric": metric, "datapoints": datapoints }),
        ),
        Kind::OtlpSpans => first(
            otlp::names(kind, payload),
            |(name, _)| json!({ "name": name }),
        ),
    }
}

fn first<T>(items: Vec<T>, convert: impl Fn(T) -> Value) -> Vec<Value> {
    items.into_iter().take(SHOWN_ITEMS).map(convert).collect()
}

fn datapoint(point: Datapoint) -> Value {
    json!({
        "type": point.metric_type.word(),
        "metric": point.metric,
        "value": datum(point.value),
        "timestamp": point.at_ms,
        "dimensions": pairs(point.dimensions, Value::String),
    })
}

fn event_body(event: Event) -> Value {
    json!({
        "eventType": event.event_type,
        "category": event.category.word,
        "timestamp": event.at_ms,
        "dimensions": pairs(event.dimensions, Value::String),
        "properties": pairs(event.properties, datum),
    })
}

fn pairs<T>(pairs: Pairs<T>, convert: impl Fn(T) -> Value) -> Value {
    let members = pairs
        .into_iter()
        .map(|(name, value)| (name, convert(value)));
    Value::Object(members.collect())
}

fn datum(datum: Datum) -> Value {
    match datum {
        Datum::Whole(whole) => json!(whole),
        Datum::Real(real) => json!(real),
        Datum::Text(text) => json!(text),
        Datum::Truth(truth) => json!(truth),
    }
}

/// What an org token sent.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "IngestCount", deny_unknown_fields)]
pub(super) struct IngestCountBody {
    #[schemars(with = "IdText")]
    token_id: Id,
    requests: i64,
    refused: i64,
    datapoints: i64,
    events: i64,
    spans: i64,
    dropped: i64,
    bytes: i64,
    last_ms: Option<i64>,
    limited_ms: Option<i64>,
}

impl IngestCountBody {
    pub(super) fn new(token_id: Id, count: Option<IngestCount>) -> Self {
        let number = |field: fn(&IngestCount) -> i64| count.as_ref().map_or(0, field);
        Self {
            token_id,
            requests: number(|count| count.requests),
            refused: number(|count| count.rejected),
            datapoints: number(|count| count.datapoints),
            events: number(|count| count.events),
            spans: number(|count| count.spans),
            dropped: number(|count| count.dropped),
            bytes: number(|count| count.bytes),
            last_ms: count.as_ref().map(|count| count.last_at.as_millis()),
            limited_ms: count
                .as_ref()
                .and_then(|count| count.limited_at)
                .map(|at| at.as_millis()),
        }
    }
}
