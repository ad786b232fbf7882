//! Spans in the manner of Zipkin: a JSON list, of which those are taken that say to which trace they belong.

use domain::{ingest::Kind, platform::timestamp::Timestamp};
use serde_json::Value;

use crate::api::{
    ingest::{
        json::{self, FromJson, Kept},
        send::Read,
        sent::{Form, Sent},
    },
    platform::error::ApiError,
};

/// Hexadecimal digits of a trace's id, at most.
const TRACE_DIGITS: usize = 32;

/// Hexadecimal digits of a span's id, at most.
const SPAN_DIGITS: usize = 16;

/// A span that is taken, as it was given.
pub(crate) struct Span(String);

impl FromJson for Span {
    fn from_json(item: Value) -> Option<Self> {
        let is_id = |field: &str, most: usize| {
            let id = item.get(field).and_then(Value::as_str).unwrap_or_default();
            (1..=most).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let is_fit = is_id("traceId", TRACE_DIGITS) && is_id("id", SPAN_DIGITS);
        is_fit.then(|| Self(item.to_string()))
    }
}

/// Reads a body of spans.
pub(crate) fn read_spans(sent: &Sent, _: Timestamp) -> Result<Read, ApiError> {
    if sent.form == Form::Protobuf {
        return Err(ApiError::bad_request(
            "Spans are read here as a JSON list; /v2/trace/otlp reads protobuf.",
        ));
    }
    let kept: Kept<Span> = json::parse(&sent.bytes)?;
    json::check_number(kept.items.len())?;
    let items = kept.items.len();
    let texts: Vec<String> = kept.items.into_iter().map(|span| span.0).collect();
    Ok(Read {
        kind: Kind::Spans,
        items,
        dropped: kept.dropped,
        payload: format!("[{}]", texts.join(",")).into_bytes(),
    })
}
