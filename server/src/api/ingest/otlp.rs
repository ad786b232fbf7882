//! Counts the items of OTLP messages, which are queued as they were sent.

use domain::{ingest::Kind, platform::timestamp::Timestamp};
use service::Observer;

use super::{
    body::{DataBody, Format, unread_format},
    json::check_number,
    otlp_series::note_series,
    parsed::ParsedItems,
    protobuf::{Field, Malformed, fields},
};
use crate::api::platform::error::ApiError;

/// `resource_metrics` and `resource_spans`; `gauge.data_points` and so on.
const FIRST: u64 = 1;

/// `scope_metrics` and `scope_spans`; `metrics` and `spans`.
const SECOND: u64 = 2;

/// `Metric.name`.
const METRIC_NAME: u64 = 1;

/// `Metric.gauge`, `sum`, `histogram`, `exponential_histogram`, `summary`: each a message of data points.
const METRIC_DATA: [u64; 5] = [5, 7, 9, 10, 11];

/// `Span.name`.
const SPAN_NAME: u64 = 5;

/// Parses a body of metrics.
pub(super) fn parse_otlp_metrics(
    body: &DataBody,
    _: Timestamp,
    observer: &mut Observer,
) -> Result<ParsedItems, ApiError> {
    let parsed = parse(body, Kind::OtlpMetrics, |item| Ok(metric(item)?.1))?;
    note_series(&body.bytes, observer).map_err(malformed)?;
    Ok(parsed)
}

/// Parses a body of spans.
pub(super) fn parse_otlp_spans(
    body: &DataBody,
    _: Timestamp,
    _: &mut Observer,
) -> Result<ParsedItems, ApiError> {
    parse(body, Kind::OtlpSpans, |item| span(item).map(|_| 1))
}

/// Returns the names of the metrics or spans of a queued parcel, with the number of values of each.
pub(super) fn names(kind: Kind, payload: &[u8]) -> Vec<(String, usize)> {
    let mut names = Vec::new();
    let walked = each_item(payload, &mut |item| {
        let (name, count) = match kind {
            Kind::OtlpMetrics => metric(item)?,
            Kind::OtlpSpans => (span(item)?, 1),
            Kind::Datapoints | Kind::Events | Kind::Spans => ("", 0),
        };
        names.push((name.to_owned(), count));
        Ok(())
    });
    walked.map_or_else(|_| Vec::new(), |()| names)
}

fn parse(
    body: &DataBody,
    kind: Kind,
    count: impl Fn(&[u8]) -> Result<usize, Malformed>,
) -> Result<ParsedItems, ApiError> {
    if body.format != Format::Protobuf {
        let accepted = "OTLP is read as protobuf, with the content type application/x-protobuf.";
        return Err(unread_format(accepted));
    }
    let mut items = 0;
    each_item(&body.bytes, &mut |item| {
        items += count(item)?;
        Ok(())
    })
    .map_err(malformed)?;
    check_number(items)?;
    Ok(ParsedItems {
        kind,
        items,
        dropped: 0,
        payload: body.bytes.to_vec(),
    })
}

fn malformed(_: Malformed) -> ApiError {
    ApiError::bad_request("The body cannot be read: it is no such OTLP message.")
}

/// Visits each metric or span: those of each scope of each resource.
fn each_item<'a>(
    message: &'a [u8],
    visit: &mut impl FnMut(&'a [u8]) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    each(message, FIRST, &mut |resource| {
        each(resource, SECOND, &mut |scope| each(scope, SECOND, visit))
    })
}

/// Visits the messages in one field of a message.
fn each<'a>(
    message: &'a [u8],
    number: u64,
    visit: &mut impl FnMut(&'a [u8]) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    for field in fields(message) {
        let field = field?;
        if field.number == number {
            visit(field.content()?)?;
        }
    }
    Ok(())
}

/// Returns a metric's name and the number of its data points.
fn metric(message: &[u8]) -> Result<(&str, usize), Malformed> {
    let (mut name, mut points) = ("", 0);
    for field in fields(message) {
        let field = field?;
        if field.number == METRIC_NAME {
            name = field.text()?;
        } else if METRIC_DATA.contains(&field.number) {
            each(field.content()?, FIRST, &mut |point| {
                points += 1;
                check(point)
            })?;
        }
    }
    Ok((name, points))
}

/// Returns a span's name.
fn span(message: &[u8]) -> Result<&str, Malformed> {
    let mut name = "";
    for field in fields(message) {
        let field: Field<'_> = field?;
        if field.number == SPAN_NAME {
            name = field.text()?;
        }
    }
    Ok(name)
}

/// Walks a message to its end, so that a malformed one is rejected.
fn check(message: &[u8]) -> Result<(), Malformed> {
    fields(message).try_for_each(|field| field.map(drop))
}
