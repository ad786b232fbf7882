//! OTLP messages, of which only so much is read as it takes to count what is in them; they are kept as they came.

use domain::{ingest::Kind, platform::timestamp::Timestamp};

use crate::api::{
    ingest::{
        json::check_number,
        protobuf::{Broken, Field, fields},
        send::Read,
        sent::{Form, Sent},
    },
    platform::error::ApiError,
};

/// `resource_metrics` and `resource_spans`; `gauge.data_points` and the like.
const FIRST: u64 = 1;

/// `scope_metrics` and `scope_spans`; `metrics` and `spans`.
const SECOND: u64 = 2;

/// `Metric.name`.
const METRIC_NAME: u64 = 1;

/// `Metric.gauge`, `sum`, `histogram`, `exponential_histogram`, `summary`: each a message of data points.
const METRIC_DATA: [u64; 5] = [5, 7, 9, 10, 11];

/// `Span.name`.
const SPAN_NAME: u64 = 5;

/// Reads a body of metrics.
pub(crate) fn read_metrics(sent: &Sent, _: Timestamp) -> Result<Read, ApiError> {
    read(sent, Kind::OtlpMetrics, |item| Ok(metric(item)?.1))
}

/// Reads a body of spans.
pub(crate) fn read_spans(sent: &Sent, _: Timestamp) -> Result<Read, ApiError> {
    read(sent, Kind::OtlpSpans, |item| span(item).map(|_| 1))
}

/// The names of the metrics or spans of what was kept, with the number of values of each.
pub(crate) fn names(kind: Kind, payload: &[u8]) -> Vec<(String, usize)> {
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

fn read(
    sent: &Sent,
    kind: Kind,
    count: impl Fn(&[u8]) -> Result<usize, Broken>,
) -> Result<Read, ApiError> {
    let broken = |_| ApiError::bad_request("The body cannot be read: it is no such OTLP message.");
    if sent.form != Form::Protobuf {
        return Err(ApiError::bad_request(
            "OTLP is read as protobuf, with the content type application/x-protobuf.",
        ));
    }
    let mut items = 0;
    each_item(&sent.bytes, &mut |item| {
        items += count(item)?;
        Ok(())
    })
    .map_err(broken)?;
    check_number(items)?;
    Ok(Read {
        kind,
        items,
        dropped: 0,
        payload: sent.bytes.to_vec(),
    })
}

/// Walks to each metric or span: those of each scope of each resource.
fn each_item<'a>(
    message: &'a [u8],
    see: &mut impl FnMut(&'a [u8]) -> Result<(), Broken>,
) -> Result<(), Broken> {
    each(message, FIRST, &mut |resource| {
        each(resource, SECOND, &mut |scope| each(scope, SECOND, see))
    })
}

/// Walks a message, and sees the messages in one of its fields.
fn each<'a>(
    message: &'a [u8],
    number: u64,
    see: &mut impl FnMut(&'a [u8]) -> Result<(), Broken>,
) -> Result<(), Broken> {
    for field in fields(message) {
        let field = field?;
        if field.number == number {
            see(field.content()?)?;
        }
    }
    Ok(())
}

/// A metric's name and the number of its data points.
fn metric(message: &[u8]) -> Result<(&str, usize), Broken> {
    let (mut name, mut points) = ("", 0);
    for field in fields(message) {
        let field = field?;
        if field.number == METRIC_NAME {
            name = field.text()?;
        } else if METRIC_DATA.contains(&field.number) {
            each(field.content()?, FIRST, &mut |point| {
                points += 1;
                whole(point)
            })?;
        }
    }
    Ok((name, points))
}

/// A span's name.
fn span(message: &[u8]) -> Result<&str, Broken> {
    let mut name = "";
    for field in fields(message) {
        let field: Field<'_> = field?;
        if field.number == SPAN_NAME {
            name = field.text()?;
        }
    }
    Ok(name)
}

/// Walks a message to its end.
fn whole(message: &[u8]) -> Result<(), Broken> {
    fields(message).try_for_each(|field| field.map(drop))
}
