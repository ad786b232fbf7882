//! `GET /metrics`: how the server is, in the text that Prometheus reads. Of people and tokens it says nothing.
//!
//! What is told was counted by the service ([`service::Measures`]); the library only writes it down. It is there when
//! the settings say so, and then for whoever reaches the address: like `/healthz`, it asks for no credential.

use std::{collections::BTreeMap, fmt};

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use domain::platform::timestamp::Timestamp;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet, text::encode},
    metrics::MetricType,
    registry::{Registry, Unit},
};
use service::{LATENCY_MICROS, Measures, RouteMeter, Service, UpstreamState};

use crate::api::platform::error::ApiError;

/// The form of the text.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What all names begin with.
const PREFIX: &str = "countersign";

pub(crate) async fn serve(State(service): State<Service>) -> Response {
    let measures = service.usage().measures().await;
    let mut registry = Registry::with_prefix(PREFIX);
    registry.register_collector(Box::new(Told(measures)));
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "The metrics could not be written.");
            ApiError::internal().into_response()
        }
    }
}

/// What is written at one asking.
#[derive(Debug)]
struct Told(Measures);

impl Collector for Told {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> fmt::Result {
        let Self(measures) = self;
        requests(&mut to, measures)?;
        cache(&mut to, measures)?;
        record(&mut to, measures)?;
        sinks(&mut to, measures)?;
        ingest(&mut to, measures)?;
        pools(&mut to, measures)
    }
}

fn requests(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let labels = |name: &(&'static str, &'static str)| [("method", name.0), ("route", name.1)];
    let mut all = to.encode_descriptor(
        "api_requests",
        "Requests of the API",
        None,
        MetricType::Counter,
    )?;
    for (name, meter) in &measures.routes {
        let classes = (1..).zip(meter.classes).filter(|(_, count)| *count > 0);
        for (class, count) in classes {
            let [method, route] = labels(name);
            let status = format!("{class}xx");
            let labels = [method, route, ("status", status.as_str())];
            counter(&mut all.encode_family(&labels)?, count)?;
        }
    }
    let help = "How long requests of the API took";
    let mut took = to.encode_descriptor(
        "api_request_duration",
        help,
        Some(&Unit::Seconds),
        MetricType::Histogram,
    )?;
    for (name, meter) in &measures.routes {
        let count = meter.latency.iter().sum();
        took.encode_family(&labels(name))?
            .encode_histogram::<NoLabelSet>(
                seconds(meter.duration_us),
                count,
                &buckets(meter),
                None,
            )?;
    }
    let help = "Bytes of the bodies the API answered";
    let mut bytes = to.encode_descriptor(
        "api_response_body",
        help,
        Some(&Unit::Bytes),
        MetricType::Counter,
    )?;
    for (name, meter) in &measures.routes {
        counter(
            &mut bytes.encode_family(&labels(name))?,
            meter.bytes.unsigned_abs(),
        )?;
    }
    Ok(())
}

fn buckets(meter: &RouteMeter) -> Vec<(f64, u64)> {
    let ends = LATENCY_MICROS.iter().map(|micros| seconds(*micros));
    ends.chain([f64::INFINITY]).zip(meter.latency).collect()
}

fn cache(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let help = "Tokens looked up in memory, by whether they were there";
    let mut lookups =
        to.encode_descriptor("token_cache_lookups", help, None, MetricType::Counter)?;
    for (result, count) in [
        ("hit", measures.cache_hits),
        ("miss", measures.cache_misses),
    ] {
        counter(&mut lookups.encode_family(&[("result", result)])?, count)?;
    }
    Ok(())
}

fn record(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let waiting = i64::try_from(measures.calls_waiting).unwrap_or(i64::MAX);
    gauge(
        to,
        "calls_waiting",
        "Calls in memory that are not stored yet",
        waiting,
    )?;
    let up = i64::from(measures.backlog.is_some());
    gauge(to, "database_up", "Whether the database answers", up)?;
    let Some(backlog) = measures.backlog else {
        return Ok(());
    };
    gauge(
        to,
        "unsealed_events",
        "Events that wait for a checkpoint",
        backlog.uncovered_events,
    )?;
    gauge(
        to,
        "unsealed_call_blocks",
        "Blocks of calls that wait for a checkpoint",
        backlog.uncovered_blocks,
    )?;
    gauge(
        to,
        "uncounted_call_blocks",
        "Blocks of calls that wait to be counted",
        backlog.uncounted_blocks,
    )?;
    let help = "How long the oldest call has waited";
    let mut lag =
        to.encode_descriptor("record_lag", help, Some(&Unit::Seconds), MetricType::Gauge)?;
    for (stage, from) in [
        ("seal", backlog.uncovered_from),
        ("count", backlog.uncounted_from),
    ] {
        lag.encode_family(&[("stage", stage)])?
            .encode_gauge(&since(from, measures.at))?;
    }
    Ok(())
}

/// A sink is told by its kind: its address is nobody's business here.
fn sinks(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let mut lags: BTreeMap<&str, i64> = BTreeMap::new();
    for sink in &measures.sinks {
        let is_http = ["http://", "https://"]
            .iter()
            .any(|scheme| sink.name.starts_with(scheme));
        let lag = lags
            .entry(if is_http { "http" } else { "file" })
            .or_default();
        *lag = sink.lag_micros.max(*lag);
    }
    if lags.is_empty() {
        return Ok(());
    }
    let help = "How long the oldest part of the record has waited that a sink does not have";
    let mut told =
        to.encode_descriptor("sink_lag", help, Some(&Unit::Seconds), MetricType::Gauge)?;
    for (kind, lag) in lags {
        told.encode_family(&[("sink", kind)])?
            .encode_gauge(&seconds(lag))?;
    }
    Ok(())
}

fn ingest(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let totals = &measures.ingest;
    let help = "Requests that sent data, by whether it was taken";
    let mut requests = to.encode_descriptor("ingest_requests", help, None, MetricType::Counter)?;
    for (result, count) in [
        ("taken", totals.requests - totals.refused),
        ("refused", totals.refused),
    ] {
        counter(
            &mut requests.encode_family(&[("result", result)])?,
            count.unsigned_abs(),
        )?;
    }
    let help = "Datapoints, events and spans that were taken, or left out as unfit";
    let mut items = to.encode_descriptor("ingest_items", help, None, MetricType::Counter)?;
    let kinds = [
        ("datapoint", totals.datapoints),
        ("event", totals.events),
        ("span", totals.spans),
        ("dropped", totals.dropped),
    ];
    for (kind, count) in kinds {
        counter(
            &mut items.encode_family(&[("kind", kind)])?,
            count.unsigned_abs(),
        )?;
    }
    let help = "Bytes of data that were taken, after inflation";
    let mut bytes =
        to.encode_descriptor("ingest_body", help, Some(&Unit::Bytes), MetricType::Counter)?;
    counter(&mut bytes, totals.bytes.unsigned_abs())?;
    let Some(queue) = measures.queue else {
        return Ok(());
    };
    let size = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
    let help = "Bytes of the queue on disk: taken, allowed, and waiting to be forwarded";
    let mut bytes =
        to.encode_descriptor("ingest_queue", help, Some(&Unit::Bytes), MetricType::Gauge)?;
    for (state, number) in [
        ("taken", queue.bytes),
        ("allowed", queue.limit_bytes),
        ("waiting", queue.waiting_bytes),
    ] {
        bytes
            .encode_family(&[("state", state)])?
            .encode_gauge(&size(number))?;
    }
    match queue.upstream {
        Some(state) => {
            let up = i64::from(state == UpstreamState::Reached);
            gauge(
                to,
                "ingest_upstream_up",
                "Whether what data is forwarded to takes it",
                up,
            )
        }
        None => Ok(()),
    }
}

fn pools(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let help = "Connections to the database: in use, idle, and how many there may be";
    let mut connections =
        to.encode_descriptor("database_connections", help, None, MetricType::Gauge)?;
    for pool in &measures.pools {
        let states = [
            ("used", pool.used),
            ("idle", pool.idle),
            ("most", pool.most),
        ];
        for (state, number) in states {
            connections
                .encode_family(&[("pool", pool.name), ("state", state)])?
                .encode_gauge(&i64::from(number))?;
        }
    }
    Ok(())
}

fn gauge(to: &mut DescriptorEncoder<'_>, name: &str, help: &str, number: i64) -> fmt::Result {
    to.encode_descriptor(name, help, None, MetricType::Gauge)?
        .encode_gauge(&number)
}

fn counter(to: &mut MetricEncoder<'_>, count: u64) -> fmt::Result {
    to.encode_counter::<NoLabelSet, _, u64>(&count, None)
}

fn since(from: Option<Timestamp>, now: Timestamp) -> f64 {
    from.map_or(0.0, |from| {
        seconds(now.as_micros().saturating_sub(from.as_micros()).max(0))
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a sum of seconds needs no more digits than a double has"
)]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1_000_000.0
}
