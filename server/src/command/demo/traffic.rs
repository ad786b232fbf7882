//! The programs of the demonstration: which calls of the API they make, and at what times.

use std::sync::Arc;

use domain::{
    identity::actor::{Identity, RequestMeta},
    platform::{id::Id, timestamp::Timestamp},
};
use service::{CallRecord, Service};

use super::people::{CURL, TERRAFORM};

/// Office hours, in UTC.
const OFFICE: std::ops::RangeInclusive<i64> = 8..=17;

/// How often in an hour programs call.
const BURSTS: i64 = 4;

/// How often a program calls.
#[derive(Debug, Clone, Copy)]
enum Pace {
    /// During office hours, up to this many calls an hour.
    Office(i64),
    /// This many calls in every hour.
    Steady(i64),
    /// This many calls at once, every this many hours.
    Every(i64, i64),
}

/// A kind of call: method, route, path where it differs from the route, and status.
type CallKind = (&'static str, &'static str, Option<String>, u16);

/// A program that calls the API regularly.
#[derive(Debug, Clone)]
pub(super) struct Program {
    secret: String,
    address: &'static str,
    client: &'static str,
    pace: Pace,
    calls: Vec<CallKind>,
}

impl Program {
    /// Terraform, which reads the current state before it changes anything.
    pub(super) fn terraform(secret: String, group: Id, dashboard: Id) -> Self {
        let of = |kind: &str, id: Id| Some(format!("/v2/{kind}/{id}"));
        Self {
            secret,
            address: "198.51.100.9",
            client: TERRAFORM,
            pace: Pace::Office(30),
            calls: vec![
                (
                    "GET",
                    "/v2/dashboardgroup/{id}",
                    of("dashboardgroup", group),
                    200,
                ),
                ("GET", "/v2/dashboard/{id}", of("dashboard", dashboard), 200),
                ("GET", "/v2/detector", None, 200),
                ("GET", "/v2/chart", None, 200),
            ],
        }
    }

    /// A wallboard, which calls day and night, also for something that it may not read.
    pub(super) fn wallboard(secret: String) -> Self {
        Self {
            secret,
            address: "192.0.2.44",
            client: CURL,
            pace: Pace::Steady(6),
            calls: vec![
                ("GET", "/v2/incident", None, 200),
                ("GET", "/v2/detector", None, 200),
                ("GET", "/v2/organization/member", None, 403),
            ],
        }
    }

    /// A deployment pipeline, which validates changes with an org token.
    pub(super) fn pipeline(secret: String) -> Self {
        Self {
            secret,
            address: "198.51.100.77",
            client: "checkout-pipeline/3",
            pace: Pace::Every(24, 6),
            calls: vec![
                ("POST", "/v2/dashboard/validate", None, 204),
                ("POST", "/v2/detector/validate", None, 204),
                ("POST", "/v2/chart/validate", None, 400),
            ],
        }
    }

    /// An administrator with a terminal.
    pub(super) fn terminal(secret: String) -> Self {
        Self {
            secret,
            address: "203.0.113.7",
            client: CURL,
            pace: Pace::Office(8),
            calls: vec![
                ("GET", "/v2/organization/member", None, 200),
                ("GET", "/v2/audit/events", None, 200),
            ],
        }
    }

    /// A forgotten script whose token is unknown to the server.
    pub(super) fn with_unknown_token() -> Self {
        Self {
            secret: String::from("a token of long ago"),
            address: "192.0.2.200",
            client: CURL,
            pace: Pace::Steady(2),
            calls: vec![("GET", "/v2/detector", None, 401)],
        }
    }

    /// Makes the calls of the hour that begins at `hour_at`. They are added to the call log like all others.
    pub(super) async fn run(&self, service: &Service, hour_at: Timestamp) {
        let hour = hour_at.as_millis().div_euclid(3_600_000);
        let count = self.pace.calls_in(hour);
        if count == 0 {
            return;
        }
        let (identity, fingerprint) = self.authenticate(service).await;
        for number in 0..count {
            let place = usize::try_from(hour + number).unwrap_or_default() % self.calls.len();
            let minutes = (number % BURSTS) * (60 / BURSTS) + hour % 7;
            let (method, route, path, status) = self.calls[place].clone();
            let varied = hour + number;
            service.audit().record_call(CallRecord {
                identity: identity.clone(),
                address: Arc::from(self.address),
                client: Arc::from(self.client),
                fingerprint: fingerprint.clone(),
                request_id: service.new_request_id(),
                method,
                route,
                path,
                at: hour_at.plus_seconds(60 * minutes + number / BURSTS),
                status,
                duration_us: 350 + varied * 137 % 1_900,
                bytes: if status == 200 {
                    600 + varied * 7_919 % 9_000
                } else {
                    60
                },
            });
        }
    }

    /// The identity of the program, and the fingerprint of its token if that is rejected.
    async fn authenticate(&self, service: &Service) -> (Option<Arc<Identity>>, String) {
        let meta = RequestMeta {
            id: service.new_request_id(),
            method: "GET".into(),
            path: String::new(),
            address: self.address.into(),
            client: self.client.into(),
        };
        match service
            .tokens()
            .authenticate_caller(self.secret.as_bytes(), meta)
            .await
        {
            Ok(caller) => (Some(caller.identity), String::new()),
            Err(rejected) => (rejected.identity, rejected.fingerprint),
        }
    }
}

impl Pace {
    /// Calls in this hour, counted since 1 January 1970, which was a Thursday.
    fn calls_in(self, hour: i64) -> i64 {
        let (of_day, day) = (hour.rem_euclid(24), hour.div_euclid(24));
        let is_weekend = (day + 4).rem_euclid(7) % 6 == 0;
        match self {
            Self::Office(_) if is_weekend || !OFFICE.contains(&of_day) => 0,
            // Varies from day to day and from hour to hour.
            Self::Office(most) => most * (4 + (of_day * 5 + day * 3).rem_euclid(7)) / 10,
            Self::Steady(calls) => calls,
            Self::Every(calls, hours) if hour.rem_euclid(hours) == 0 => calls,
            Self::Every(_, _) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hours of Monday, 23 November 2026, begin here.
    const MONDAY: i64 = 20_780 * 24;

    #[test]
    fn there_are_no_office_calls_at_night_or_at_weekends() {
        let calls = |day: i64, hour: i64| Pace::Office(20).calls_in(MONDAY + day * 24 + hour);
        assert!((0..5).all(|day| calls(day, 10) > 0));
        assert!((0..7).all(|day| calls(day, 3) == 0));
        assert_eq!((calls(5, 10), calls(6, 10)), (0, 0));
    }

    #[test]
    fn steady_and_periodic_programs_also_call_at_night() {
        let of_a_day = |pace: Pace| {
            (0..24)
                .map(|hour| pace.calls_in(MONDAY + hour))
                .sum::<i64>()
        };
        assert_eq!(of_a_day(Pace::Steady(4)), 96);
        assert_eq!(of_a_day(Pace::Every(12, 8)), 36);
    }
}
