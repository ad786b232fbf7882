//! `GET /metrics`: metrics in the OpenMetrics text format, which Prometheus reads. They name no user and no token.
//!
//! The service counts ([`service::Measures`]); this file only encodes. The route exists if `--metrics` is given, and
//! like `/healthz` it needs no credential.

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
use service::{LATENCY_MICROS, Measures, RejectionKind, RouteMeter, Service, UpstreamState};

use crate::api::platform::error::ApiError;

/// The media type of the text.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The prefix of all names.
const PREFIX: &str = "countersign";

pub(crate) async fn serve(State(service): State<Service>) -> Response {
    let measures = service.usage().measures().await;
    let rejected = service.identity().rejections();
    let mut registry = Registry::with_prefix(PREFIX);
    registry.register_collector(Box::new(Encoded(measures, rejected)));
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "The metrics could not be encoded.");
            ApiError::internal().into_response()
        }
    }
}

/// The metrics of one request.
#[derive(Debug)]
struct Encoded(Measures, Vec<(RejectionKind, u64)>);

impl Collector for Encoded {
    fn encode(&self, mut to: DescriptorEncoder<'_>) -> fmt::Result {
        let Self(measures, rejected) = self;
        requests(&mut to, measures)?;
        cache(&mut to, measures)?;
        audit_log(&mut to, measures)?;
        sinks(&mut to, measures)?;
        ingest(&mut to, measures)?;
        metric_catalog(&mut to, measures)?;
        rejections(&mut to, rejected)?;
        pools(&mut to, measures)?;
        database(&mut to, measures)
    }
}

fn requests(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let labels = |name: &(&'static str, &'static str)| [("method", name.0), ("route", name.1)];
    let mut all =
        to.encode_descriptor("api_requests", "API requests", None, MetricType::Counter)?;
    for (name, meter) in &measures.routes {
        let classes = (1..).zip(meter.classes).filter(|(_, count)| *count > 0);
        for (class, count) in classes {
            let [method, route] = labels(name);
            let status = format!("{class}xx");
            let labels = [method, route, ("status", status.as_str())];
            counter(&mut all.encode_family(&labels)?, count)?;
        }
    }
    let help = "Duration of API requests";
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
    let help = "Size of API response bodies";
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
    let help = "Lookups in the token cache, by result";
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

fn database(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let help = "How often the database lacked audit events that this node had read";
    let mut forks = to.encode_descriptor("feed_forks", help, None, MetricType::Counter)?;
    counter(&mut forks, measures.feed_forks)?;
    let help =
        "Rows of the audit log and the call log that others than this program inserted or changed";
    let mut forged = to.encode_descriptor("forged_rows", help, None, MetricType::Counter)?;
    counter(&mut forged, measures.forged_rows)?;
    if let Some((deviations, at)) = measures.state_deviations {
        let deviations = i64::try_from(deviations).unwrap_or(i64::MAX);
        let help = "Rows that were not what the audit log says, in the newest check of this node";
        gauge(to, "state_deviations", help, deviations)?;
        let help = "When this node compared all rows with the audit log, in seconds since 1970";
        gauge(to, "state_checked_at", help, at.as_millis() / 1_000)?;
    }
    let Some(bytes) = measures.wal_bytes else {
        return Ok(());
    };
    let help = "Size of the write-ahead log";
    let unit = Some(&Unit::Bytes);
    to.encode_descriptor("database_wal", help, unit, MetricType::Gauge)?
        .encode_gauge(&i64::try_from(bytes).unwrap_or(i64::MAX))
}

fn audit_log(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let waiting = i64::try_from(measures.calls_waiting).unwrap_or(i64::MAX);
    gauge(
        to,
        "calls_waiting",
        "Calls in memory that are not stored yet",
        waiting,
    )?;
    let up = i64::from(measures.backlog.is_some());
    gauge(to, "database_up", "Whether the database is reachable", up)?;
    let Some(backlog) = measures.backlog else {
        return Ok(());
    };
    gauge(
        to,
        "key_rotation_rows_left",
        "Rows that the rotation of the master key has not encrypted again",
        measures.rotation_rows_left.unwrap_or(0),
    )?;
    gauge(
        to,
        "unsealed_events",
        "Audit events without a checkpoint",
        backlog.uncovered_events,
    )?;
    gauge(
        to,
        "unsealed_call_blocks",
        "Blocks of calls without a checkpoint",
        backlog.uncovered_blocks,
    )?;
    gauge(
        to,
        "uncounted_call_blocks",
        "Blocks of calls that are not counted yet",
        backlog.uncounted_blocks,
    )?;
    let help = "How long the oldest call has waited for the next stage";
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

/// The label of a sink is its kind, because its address is confidential.
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
    let help = "Age of the oldest entry that was not sent to a sink";
    let mut family =
        to.encode_descriptor("sink_lag", help, Some(&Unit::Seconds), MetricType::Gauge)?;
    for (kind, lag) in lags {
        family
            .encode_family(&[("sink", kind)])?
            .encode_gauge(&seconds(lag))?;
    }
    Ok(())
}

fn metric_catalog(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let help = "Series, dimensions and metrics that the metric catalog has no room for, counted each time they are seen again";
    let mut left_out =
        to.encode_descriptor("ingest_series_left_out", help, None, MetricType::Counter)?;
    counter(&mut left_out, measures.series_left_out)
}

fn ingest(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let totals = &measures.ingest;
    let help = "Ingest requests, by whether they were accepted";
    let mut requests = to.encode_descriptor("ingest_requests", help, None, MetricType::Counter)?;
    for (result, count) in [
        ("taken", totals.requests - totals.rejected),
        ("refused", totals.rejected),
    ] {
        counter(
            &mut requests.encode_family(&[("result", result)])?,
            count.unsigned_abs(),
        )?;
    }
    let help = "Datapoints, events and spans that were accepted, and items that were dropped";
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
    let help = "Accepted data, decompressed";
    let mut bytes =
        to.encode_descriptor("ingest_body", help, Some(&Unit::Bytes), MetricType::Counter)?;
    counter(&mut bytes, totals.bytes.unsigned_abs())?;
    let Some(queue) = measures.queue else {
        return Ok(());
    };
    let size = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
    let help = "Queue on disk: used, allowed, and not yet forwarded";
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
                "Whether the ingest upstream accepts data",
                up,
            )
        }
        None => Ok(()),
    }
}

fn rejections(to: &mut DescriptorEncoder<'_>, rejected: &[(RejectionKind, u64)]) -> fmt::Result {
    let help = "Rejected sign-ins, and forms that other sites sent, by reason";
    let mut family = to.encode_descriptor("rejections", help, None, MetricType::Counter)?;
    for (kind, count) in rejected {
        counter(
            &mut family.encode_family(&[("reason", kind.label())])?,
            *count,
        )?;
    }
    Ok(())
}

fn pools(to: &mut DescriptorEncoder<'_>, measures: &Measures) -> fmt::Result {
    let help = "Database connections: in use, idle, and maximum";
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
