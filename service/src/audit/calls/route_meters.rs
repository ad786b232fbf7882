//! Counters of calls by route since the start of the process, for metrics. Calls are counted when they are drained from
//! the buffer, so that counting adds no work to a request.

use std::{collections::HashMap, sync::Mutex};

use domain::usage::query::StatusClass;

use crate::{audit::calls::record::CallRecord, platform::lock::lock};

/// Upper bounds of the latency buckets, in microseconds. The last bucket has no bound.
pub const LATENCY_MICROS: [i64; 14] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    5_000_000,
];

/// The calls of one route since the start of the process.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct RouteMeter {
    /// By status class; index 0 is `1xx`.
    pub classes: [u64; 5],
    /// By duration: one bucket for each of [`LATENCY_MICROS`], and one for longer calls.
    pub latency: [u64; LATENCY_MICROS.len() + 1],
    /// The total duration, in microseconds.
    pub duration_us: i64,
    /// The total size of the response bodies, in bytes.
    pub bytes: i64,
}

impl RouteMeter {
    fn count(&mut self, call: &CallRecord) {
        let class = usize::from(StatusClass::of(call.status).digit()).wrapping_sub(1);
        if let Some(count) = self.classes.get_mut(class) {
            *count += 1;
        }
        let bucket = LATENCY_MICROS.partition_point(|end| *end < call.duration_us);
        self.latency[bucket] += 1;
        self.duration_us = self.duration_us.saturating_add(call.duration_us);
        self.bytes = self.bytes.saturating_add(call.bytes);
    }
}

/// The name of a route: its method and its template.
pub type RouteName = (&'static str, &'static str);

/// Counters by route.
#[derive(Debug, Default)]
pub(crate) struct RouteMeters {
    routes: Mutex<HashMap<RouteName, RouteMeter>>,
}

impl RouteMeters {
    /// Counts calls that were just drained from the buffer.
    pub(crate) fn count(&self, calls: &[CallRecord]) {
        let mut routes = lock(&self.routes);
        // Consecutive calls often have the same route, so it is looked up once per run.
        let name = |call: &CallRecord| (call.method, call.route);
        for alike in calls.chunk_by(|one, next| name(one) == name(next)) {
            let meter = routes.entry(name(&alike[0])).or_default();
            alike.iter().for_each(|call| meter.count(call));
        }
    }

    pub(crate) fn get(&self) -> Vec<(RouteName, RouteMeter)> {
        let routes = lock(&self.routes);
        let mut meters: Vec<_> = routes
            .iter()
            .map(|(name, meter)| (*name, meter.clone()))
            .collect();
        meters.sort_by_key(|(name, _)| *name);
        meters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(status: u16, duration_us: i64) -> CallRecord {
        CallRecord {
            route: "/v2/team",
            status,
            duration_us,
            bytes: 3,
            ..CallRecord::anonymous()
        }
    }

    #[test]
    fn calls_are_counted_by_class_and_by_how_long_they_took() {
        let meters = RouteMeters::default();
        meters.count(&[
            call(200, 50),
            call(204, 51),
            call(404, 5_000_001),
            call(700, 0),
        ]);
        let [(name, meter)] = &meters.get()[..] else {
            panic!("{meters:?}")
        };
        assert_eq!(*name, ("GET", "/v2/team"));
        assert_eq!(meter.classes, [0, 2, 0, 1, 0]);
        assert_eq!(
            (meter.latency[0], meter.latency[1], meter.latency[14]),
            (2, 1, 1)
        );
        assert_eq!((meter.duration_us, meter.bytes), (5_000_102, 12));
    }
}
