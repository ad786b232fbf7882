//! Parses Zipkin spans: a JSON list. Items that do not name their trace are dropped.

use domain::{ingest::Kind, platform::timestamp::Timestamp};
use serde_json::Value;
use service::Observer;

use super::{
    body::{DataBody, Format, unread_format},
    json::{self, FromJson, ItemList},
    parsed::ParsedItems,
};
use crate::api::platform::error::ApiError;

/// The accepted formats, for the message of a 415.
const ACCEPTED: &str = "Spans are read here as a JSON list of Zipkin spans (application/json), and at /v2/trace/otlp as \
    OTLP (application/x-protobuf). Jaeger Thrift and SAPM are not read.";

/// The largest number of hexadecimal digits in a trace id.
const TRACE_DIGITS: usize = 32;

/// The largest number of hexadecimal digits in a span id.
const SPAN_DIGITS: usize = 16;

/// A valid span, as it was sent.
struct ZipkinSpan(String);

impl FromJson for ZipkinSpan {
    fn from_json(item: Value) -> Option<Self> {
        let is_id = |field: &str, most: usize| {
            let id = item.get(field).and_then(Value::as_str).unwrap_or_default();
            (1..=most).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let is_valid = is_id("traceId", TRACE_DIGITS) && is_id("id", SPAN_DIGITS);
        is_valid.then(|| Self(item.to_string()))
    }
}

/// Parses a body of spans.
pub(super) fn parse_spans(
    body: &DataBody,
    _: Timestamp,
    _: &mut Observer,
) -> Result<ParsedItems, ApiError> {
    match body.format {
        Format::Json => {}
        Format::Protobuf | Format::Thrift => return Err(unread_format(ACCEPTED)),
    }
    let list: ItemList<ZipkinSpan> = json::parse(&body.bytes)?;
    json::check_number(list.items.len())?;
    let items = list.items.len();
    let texts: Vec<String> = list.items.into_iter().map(|span| span.0).collect();
    Ok(ParsedItems {
        kind: Kind::Spans,
        items,
        dropped: list.dropped,
        payload: format!("[{}]", texts.join(",")).into_bytes(),
    })
}
