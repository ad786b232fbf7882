//! Converts queued parcels for an upstream that expects OTLP: datapoints to metrics, events to logs, Zipkin spans to
//! spans. OTLP is forwarded as it was sent.
//!
//! Names follow the SignalFx and Zipkin receivers of the OpenTelemetry collector, so that it makes no difference
//! whether data came through those or through this server. OTLP has no form for a datapoint with a text value, which
//! is left out.

use domain::ingest::{Datapoint, Datum, Event, Kind, MetricType, Pairs};
use prost::Message;
use serde_json::Value;
use service::UpstreamRequest;

use super::{
    datapoint::datapoints,
    event::events,
    otlp_message::{
        Any, AnyValue, Data, Gauge, KeyValue, KeyValues, LogRecord, Logs, Metric, Metrics, Number,
        Point, Resource, ResourceLogs, ResourceMetrics, ResourceSpans, ScopeLogs, ScopeMetrics,
        ScopeSpans, Span, SpanEvent, Sum, Traces,
    },
};

/// Nanoseconds in a millisecond.
const NS_IN_MS: u64 = 1_000_000;

/// Nanoseconds in a microsecond, the unit of Zipkin.
const NS_IN_US: u64 = 1_000;

/// OTLP's number for a sum since the previous value.
const DELTA: i32 = 1;

/// OTLP's number for a total sum.
const CUMULATIVE: i32 = 2;

/// Returns a parcel as an OTLP endpoint expects it.
#[must_use]
pub(crate) fn to_otlp(kind: Kind, payload: Vec<u8>) -> UpstreamRequest {
    let (path, payload) = match kind {
        Kind::Datapoints => ("/v1/metrics", metrics(&payload).encode_to_vec()),
        Kind::Events => ("/v1/logs", logs(&payload).encode_to_vec()),
        Kind::Spans => ("/v1/traces", traces(&payload).encode_to_vec()),
        Kind::OtlpMetrics => ("/v1/metrics", payload),
        Kind::OtlpSpans => ("/v1/traces", payload),
    };
    UpstreamRequest {
        path,
        media_type: "application/x-protobuf",
        payload,
    }
}

fn metrics(payload: &[u8]) -> Metrics {
    let points = datapoints(payload).into_iter();
    let metrics = points.filter_map(metric).collect();
    Metrics {
        resources: vec![ResourceMetrics {
            scopes: vec![ScopeMetrics { metrics }],
        }],
    }
}

fn metric(datapoint: Datapoint) -> Option<Metric> {
    let number = match datapoint.value {
        Datum::Whole(whole) => Number::Whole(whole),
        Datum::Real(real) => Number::Real(real),
        Datum::Text(_) | Datum::Truth(_) => return None,
    };
    let points = vec![Point {
        time_ns: ns(datapoint.at_ms),
        number: Some(number),
        attributes: pairs(datapoint.dimensions, Datum::Text),
    }];
    let sum = |points, temporality| {
        Data::Sum(Sum {
            points,
            temporality,
            is_monotonic: true,
        })
    };
    let data = match datapoint.metric_type {
        MetricType::Gauge | MetricType::Enum => Data::Gauge(Gauge { points }),
        MetricType::Counter => sum(points, DELTA),
        MetricType::CumulativeCounter => sum(points, CUMULATIVE),
    };
    Some(Metric {
        name: datapoint.metric,
        data: Some(data),
    })
}

fn logs(payload: &[u8]) -> Logs {
    let records = events(payload).into_iter().map(record).collect();
    Logs {
        resources: vec![ResourceLogs {
            scopes: vec![ScopeLogs { records }],
        }],
    }
}

fn record(event: Event) -> LogRecord {
    let mut attributes = pairs(event.dimensions, Datum::Text);
    let category = Any::Whole(event.category.number.into());
    attributes.push(pair("com.splunk.signalfx.event_category", category));
    let event_type = Any::Text(event.event_type);
    attributes.push(pair("com.splunk.signalfx.event_type", event_type));
    if !event.properties.is_empty() {
        let values = pairs(event.properties, |datum| datum);
        let properties = Any::Pairs(KeyValues { values });
        attributes.push(pair("com.splunk.signalfx.event_properties", properties));
    }
    LogRecord {
        time_ns: ns(event.at_ms),
        attributes,
    }
}

fn traces(payload: &[u8]) -> Traces {
    let spans: Vec<Value> = serde_json::from_slice(payload).unwrap_or_default();
    let resources = spans.iter().filter_map(|span| {
        let service = span["localEndpoint"]["serviceName"].as_str();
        let name = service.map(|name| pair("service.name", Any::Text(name.to_owned())));
        Some(ResourceSpans {
            resource: Some(Resource {
                attributes: name.into_iter().collect(),
            }),
            scopes: vec![ScopeSpans {
                spans: vec![self::span(span)?],
            }],
        })
    });
    Traces {
        resources: resources.collect(),
    }
}

fn span(span: &Value) -> Option<Span> {
    let text = |field: &str| span[field].as_str().unwrap_or_default();
    let us = |value: &Value| value.as_u64().unwrap_or_default().saturating_mul(NS_IN_US);
    let start_ns = us(&span["timestamp"]);
    let tags = span["tags"].as_object().into_iter().flatten();
    let attributes = tags.filter_map(|(key, value)| {
        let text = value.as_str()?;
        Some(pair(key, Any::Text(text.to_owned())))
    });
    let annotations = span["annotations"].as_array().into_iter().flatten();
    let events = annotations.filter_map(|annotation| {
        Some(SpanEvent {
            time_ns: us(&annotation["timestamp"]),
            name: annotation["value"].as_str()?.to_owned(),
        })
    });
    Some(Span {
        trace_id: bytes_of_id::<16>(text("traceId"))?,
        span_id: bytes_of_id::<8>(text("id"))?,
        parent_span_id: bytes_of_id::<8>(text("parentId")).unwrap_or_default(),
        name: text("name").to_owned(),
        kind: kind(text("kind")),
        start_ns,
        end_ns: start_ns.saturating_add(us(&span["duration"])),
        attributes: attributes.collect(),
        events: events.collect(),
    })
}

/// Returns OTLP's number for a Zipkin span kind; a span without one is internal.
fn kind(word: &str) -> i32 {
    match word {
        "SERVER" => 2,
        "CLIENT" => 3,
        "PRODUCER" => 4,
        "CONSUMER" => 5,
        _ => 1,
    }
}

/// Converts an id from hexadecimal digits to `N` bytes, with zeros in front.
fn bytes_of_id<const N: usize>(digits: &str) -> Option<Vec<u8>> {
    let value = u128::from_str_radix(digits, 16).ok()?;
    let bytes = value.to_be_bytes();
    let (before, id) = bytes.split_at_checked(bytes.len().checked_sub(N)?)?;
    before.iter().all(|byte| *byte == 0).then(|| id.to_vec())
}

fn pairs<T>(given: Pairs<T>, datum: impl Fn(T) -> Datum) -> Vec<KeyValue> {
    let pair = |(key, value): (String, T)| {
        let any = match datum(value) {
            Datum::Text(text) => Any::Text(text),
            Datum::Truth(truth) => Any::Truth(truth),
            Datum::Whole(whole) => Any::Whole(whole),
            Datum::Real(real) => Any::Real(real),
        };
        pair(&key, any)
    };
    given.into_iter().map(pair).collect()
}

fn pair(key: &str, any: Any) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { any: Some(any) }),
    }
}

fn ns(at_ms: Option<i64>) -> u64 {
    let ms = at_ms.and_then(|ms| u64::try_from(ms).ok());
    ms.unwrap_or_default().saturating_mul(NS_IN_MS)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_python_clients_datapoints_become_metrics() {
        let kept = include_bytes!("../../../tests/fixtures/wire-python/datapoint.pb");
        let outgoing = to_otlp(Kind::Datapoints, kept.to_vec());
        assert_eq!(outgoing.path, "/v1/metrics");
        let read = Metrics::decode(outgoing.payload.as_slice()).unwrap();
        let metrics = &read.resources[0].scopes[0].metrics;
        let names: Vec<_> = metrics.iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(names, ["bytes.sent", "cpu.load", "requests"]);
        let Some(Data::Gauge(load)) = &metrics[1].data else {
            panic!("{metrics:?}");
        };
        assert_eq!(load.points[0].number, Some(Number::Real(0.5)));
        assert_eq!(load.points[0].time_ns, 1_798_034_709_000_000_000);
        assert_eq!(
            load.points[0].attributes,
            [pair("host", Any::Text("a".to_owned()))]
        );
        for (metric, temporality) in [(&metrics[0], CUMULATIVE), (&metrics[2], DELTA)] {
            assert!(
                matches!(&metric.data, Some(Data::Sum(sum)) if sum.is_monotonic && sum.temporality == temporality)
            );
        }
        let counted = super::super::otlp::names(Kind::OtlpMetrics, &outgoing.payload);
        assert_eq!(counted[1], ("cpu.load".to_owned(), 1));
    }

    #[test]
    fn the_python_clients_event_becomes_a_log() {
        let kept = include_bytes!("../../../tests/fixtures/wire-python/event.pb");
        let outgoing = to_otlp(Kind::Events, kept.to_vec());
        assert_eq!(outgoing.path, "/v1/logs");
        let read = Logs::decode(outgoing.payload.as_slice()).unwrap();
        let record = &read.resources[0].scopes[0].records[0];
        let keys: Vec<_> = record
            .attributes
            .iter()
            .map(|pair| pair.key.as_str())
            .collect();
        assert_eq!(keys[0], "service");
        assert_eq!(
            record.attributes[2],
            pair(
                "com.splunk.signalfx.event_type",
                Any::Text("deployment".to_owned())
            )
        );
        assert_eq!(keys[3], "com.splunk.signalfx.event_properties");
    }

    #[test]
    fn zipkins_spans_become_spans() {
        let kept = json!([{"traceId": "a1", "id": "00000000000000b2", "parentId": "c3", "name": "get", "kind": "SERVER",
            "timestamp": 1_000, "duration": 500, "localEndpoint": {"serviceName": "shop"}, "tags": {"http.path": "/"},
            "annotations": [{"timestamp": 1_200, "value": "retry"}]}]);
        let outgoing = to_otlp(Kind::Spans, kept.to_string().into_bytes());
        assert_eq!(outgoing.path, "/v1/traces");
        let read = Traces::decode(outgoing.payload.as_slice()).unwrap();
        let service = &read.resources[0].resource.as_ref().unwrap().attributes;
        assert_eq!(
            service[0],
            pair("service.name", Any::Text("shop".to_owned()))
        );
        let span = &read.resources[0].scopes[0].spans[0];
        assert_eq!(
            (
                span.trace_id.len(),
                span.trace_id[15],
                span.span_id[7],
                span.parent_span_id[7]
            ),
            (16, 0xa1, 0xb2, 0xc3)
        );
        assert_eq!(
            (span.kind, span.start_ns, span.end_ns),
            (2, 1_000_000, 1_500_000)
        );
        assert_eq!(
            (span.attributes.len(), span.events[0].time_ns),
            (1, 1_200_000)
        );
    }
}
