//! What arrived (ours): the latest of it, for administrators, and how much by each org token, for whoever may see that.

use axum::{Json, extract::State};
use domain::{
    ingest::{Datapoint, Datum, Event, Kind, Pairs},
    platform::id::Id,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use service::{IngestCount, RecentFilter, RecentParcel, Service, UpstreamState};

use crate::api::{
    ingest::{
        event, message, otlp,
        schema::{KindWord, RecentParameters, UpstreamWord},
    },
    platform::{
        auth_guard::By,
        error::ApiError,
        path::{Parameters, Segment},
        schema::IdText,
    },
};

/// Parcels shown when the request does not say.
const DEFAULT_LIMIT: i64 = 20;

/// Items shown of one parcel.
const SHOWN_ITEMS: usize = 100;

pub(crate) async fn recent(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters<RecentParameters>,
) -> Result<Json<RecentBody>, ApiError> {
    let org_token_id = match parameters.find("token") {
        Some(name) => Some(service.tokens().org().find(&caller, name).await?.token.id),
        None => None,
    };
    let filter = RecentFilter {
        org_token_id,
        kind: parameters.find("kind").map(kind).transpose()?,
        limit: usize::try_from(parameters.page(DEFAULT_LIMIT).limit).unwrap_or_default(),
    };
    let recent = service.ingest().recent_parcels(&caller, filter).await?;
    let queue = QueueBody {
        bytes: recent.queue.bytes,
        limit_bytes: recent.queue.limit_bytes,
        waiting_bytes: recent.queue.waiting_bytes,
        upstream: recent.queue.upstream.map(|state| match state {
            UpstreamState::Reached => "reached",
            UpstreamState::Away => "away",
        }),
    };
    let results: Vec<_> = recent.parcels.into_iter().map(ParcelBody::from).collect();
    Ok(Json(RecentBody {
        count: results.len(),
        results,
        queue,
    }))
}

pub(crate) async fn counts(
    State(service): State<Service>,
    By(caller): By,
    Segment(name): Segment,
) -> Result<Json<CountBody>, ApiError> {
    let token = service.tokens().org().find(&caller, &name).await?.token;
    let count = service
        .tokens()
        .org()
        .ingest_count(&caller, token.id)
        .await?;
    Ok(Json(CountBody::of(token.id, count)))
}

fn kind(word: &str) -> Result<Kind, ApiError> {
    let found = Kind::ALL.into_iter().find(|kind| name(*kind) == word);
    found.ok_or_else(|| {
        let words = Kind::ALL.map(name).join(", ");
        ApiError::bad_request(format!("kind: must be one of {words}"))
    })
}

/// What a kind is called here: the end of its path.
fn name(kind: Kind) -> &'static str {
    kind.path().strip_prefix("/v2/").unwrap_or_default()
}

/// What was handed in lately.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecentlyArrived", deny_unknown_fields)]
pub(crate) struct RecentBody {
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
    #[schemars(with = "Option<UpstreamWord>")]
    upstream: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Arrived", deny_unknown_fields)]
struct ParcelBody {
    received_ms: i64,
    #[schemars(with = "IdText")]
    token_id: Id,
    token_name: Option<String>,
    #[schemars(with = "KindWord")]
    kind: &'static str,
    items: u32,
    bytes: usize,
    forwarded: Option<bool>,
    data: Vec<Value>,
}

impl From<RecentParcel> for ParcelBody {
    fn from(parcel: RecentParcel) -> Self {
        Self {
            received_ms: parcel.at.as_millis(),
            token_id: parcel.org_token_id,
            token_name: parcel.org_token_name,
            kind: name(parcel.kind),
            items: parcel.items,
            bytes: parcel.payload.len(),
            forwarded: parcel.forwarded,
            data: data(parcel.kind, &parcel.payload),
        }
    }
}

/// The first items of a parcel, in words.
fn data(kind: Kind, payload: &[u8]) -> Vec<Value> {
    match kind {
        Kind::Datapoints => first(message::datapoints(payload), datapoint),
        Kind::Events => first(event::events(payload), event_body),
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

fn first<T>(items: Vec<T>, shown: impl Fn(T) -> Value) -> Vec<Value> {
    items.into_iter().take(SHOWN_ITEMS).map(shown).collect()
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

fn pairs<T>(pairs: Pairs<T>, shown: impl Fn(T) -> Value) -> Value {
    let shown = pairs.into_iter().map(|(name, value)| (name, shown(value)));
    Value::Object(shown.collect())
}

fn datum(datum: Datum) -> Value {
    match datum {
        Datum::Whole(whole) => json!(whole),
        Datum::Real(real) => json!(real),
        Datum::Text(text) => json!(text),
        Datum::Truth(truth) => json!(truth),
    }
}

/// What an org token has handed in.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "IngestCount", deny_unknown_fields)]
pub(crate) struct CountBody {
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

impl CountBody {
    fn of(token_id: Id, count: Option<IngestCount>) -> Self {
        let number = |field: fn(&IngestCount) -> i64| count.as_ref().map_or(0, field);
        Self {
            token_id,
            requests: number(|count| count.requests),
            refused: number(|count| count.refused),
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
