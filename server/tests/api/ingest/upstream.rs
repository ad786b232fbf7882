//! Forwarding of ingested data to a real upstream server: complete, once, in order, and across outages and restarts.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
};
use domain::identity::role::Role;
use prost::Message;
use serde_json::json;
use service::{IngestSettings, UpstreamRequest, UpstreamSettings};
use testbed::{Database, on_both, tokio};

use crate::support::{App, ingest};

/// A request that upstream accepted: path, token, body.
type Received = (String, String, Bytes);

/// An upstream server that data is forwarded to.
#[derive(Clone)]
pub(crate) struct Upstream {
    address: String,
    received: Arc<Mutex<Vec<Received>>>,
    /// The status that it responds with.
    status: Arc<AtomicU16>,
}

/// The part of a datapoint that identifies it.
#[derive(Clone, PartialEq, Message)]
struct Point {
    #[prost(string, optional, tag = "2")]
    metric: Option<String>,
    #[prost(message, optional, tag = "4")]
    value: Option<Number>,
}

#[derive(Clone, PartialEq, Message)]
struct Number {
    #[prost(int64, optional, tag = "3")]
    whole: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Points {
    #[prost(message, repeated, tag = "1")]
    points: Vec<Point>,
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            received: Arc::default(),
            status: Arc::new(AtomicU16::new(200)),
        };
        let router = Router::new().fallback(take).with_state(upstream.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        upstream
    }

    pub(crate) fn answer(&self, status: StatusCode) {
        self.status.store(status.as_u16(), Ordering::SeqCst);
    }

    /// The values of the datapoints it accepted, in order.
    fn numbers(&self) -> Vec<i64> {
        let received = self.received.lock().unwrap();
        let points = received
            .iter()
            .flat_map(|(_, _, body)| Points::decode(body.clone()).unwrap().points);
        points
            .map(|point| point.value.unwrap().whole.unwrap())
            .collect()
    }

    /// Waits until it has accepted exactly these datapoints.
    async fn expect_values(&self, expected: impl Iterator<Item = i64>) {
        let expected: Vec<i64> = expected.collect();
        for _ in 0..200 {
            if self.numbers().len() >= expected.len() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // Leaves time for duplicates to arrive.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(self.numbers(), expected);
    }

    pub(crate) fn settings(&self, database: &Database) -> IngestSettings {
        IngestSettings {
            upstream: Some(UpstreamSettings {
                url: format!("{}/base", self.address),
                token: Some("upstream's token".to_owned().into()),
                form: UpstreamRequest::as_kept,
            }),
            ..ingest(database)
        }
    }
}

async fn take(
    State(upstream): State<Upstream>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let status = StatusCode::from_u16(upstream.status.load(Ordering::SeqCst)).unwrap();
    let is_poison = body.windows(6).any(|window| window == b"poison");
    if is_poison {
        return StatusCode::BAD_REQUEST;
    }
    if status == StatusCode::OK {
        let token = headers["x-sf-token"].to_str().unwrap().to_owned();
        let mut received = upstream.received.lock().unwrap();
        received.push((uri.path().to_owned(), token, body));
    }
    status
}

/// Sends one datapoint with this number and returns the status.
pub(crate) async fn send(app: &App, token: &str, metric: &str, number: i64) -> StatusCode {
    let body = json!({"gauge": [{"metric": metric, "value": number, "dimensions": {"pad": "x".repeat(200)}}]});
    let answer = app.post("/v2/datapoint").token(token).json(&body);
    answer.send_allowing_5xx().await.status
}

pub(crate) async fn sender(app: &App) -> String {
    app.org_token_for("sender", &["INGEST"], Role::Power).await
}

pub(crate) async fn queue(app: &App) -> serde_json::Value {
    let name = format!("Ada{}", app.service.new_request_id());
    let admin = app.member(&name, Role::Admin).await;
    let admin = app.session_token(&admin).await;
    let recent = app.get("/v2/ingest/recent?limit=1").token(&admin);
    recent.send().await.json()
}

on_both! {
    async fn data_is_forwarded_once_and_in_order(database: Database) {
        let upstream = Upstream::start().await;
        let settings = upstream.settings(&database);
        let app = App::with_ingest(database, settings).await;
        let sender = sender(&app).await;
        for number in 0..100 {
            assert_eq!(send(&app, &sender, "cpu", number).await, StatusCode::OK);
        }
        upstream.expect_values(0..100).await;
        let (path, token, _) = upstream.received.lock().unwrap()[0].clone();
        assert_eq!((path.as_str(), token.as_str()), ("/base/v2/datapoint", "upstream's token"));
        let state = queue(&app).await;
        assert_eq!((&state["results"][0]["forwarded"], &state["queue"]["waitingBytes"], &state["queue"]["upstream"]), (&json!(true), &json!(0), &json!("reached")));
        app.service.close().await.unwrap();
    }

    async fn an_outage_and_a_restart_lose_nothing_and_keep_the_order(database: Database) {
        let upstream = Upstream::start().await;
        let settings = upstream.settings(&database);
        let app = App::with_ingest(database, settings.clone()).await;
        let token = sender(&app).await;
        for number in 0..10 {
            assert_eq!(send(&app, &token, "cpu", number).await, StatusCode::OK);
        }
        upstream.expect_values(0..10).await;
        upstream.answer(StatusCode::SERVICE_UNAVAILABLE);
        for number in 10..20 {
            assert_eq!(send(&app, &token, "cpu", number).await, StatusCode::OK);
        }
        for _ in 0..100 {
            if queue(&app).await["queue"]["upstream"] == "away" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let state = queue(&app).await;
        assert_eq!((&state["results"][0]["forwarded"], &state["queue"]["upstream"]), (&json!(false), &json!("away")));
        assert!(state["queue"]["waitingBytes"].as_u64().unwrap() > 2_000);
        let app = app.restarted(settings.clone()).await;
        for number in 20..30 {
            assert_eq!(send(&app, &token, "cpu", number).await, StatusCode::OK);
        }
        assert_eq!(upstream.numbers().len(), 10);
        // Upstream may reject the token only for now, so no data is dropped.
        upstream.answer(StatusCode::UNAUTHORIZED);
        tokio::time::sleep(Duration::from_millis(300)).await;
        upstream.answer(StatusCode::OK);
        upstream.expect_values(0..30).await;
        let app = app.restarted(settings).await;
        assert_eq!(send(&app, &token, "cpu", 30).await, StatusCode::OK);
        upstream.expect_values(0..31).await;
        app.service.close().await.unwrap();
    }

    async fn a_full_queue_rejects_new_data_and_keeps_acknowledged_data(database: Database) {
        let upstream = Upstream::start().await;
        upstream.answer(StatusCode::BAD_GATEWAY);
        let settings = IngestSettings { queue_bytes: 16 << 10, ..upstream.settings(&database) };
        let app = App::with_ingest(database, settings).await;
        let token = sender(&app).await;
        let mut acknowledged = 0;
        while send(&app, &token, "cpu", acknowledged).await == StatusCode::OK {
            acknowledged += 1;
            assert!(acknowledged < 100, "the queue accepts more than its capacity");
        }
        assert!(acknowledged > 30, "{acknowledged}");
        let refused = app.post("/v2/datapoint").token(&token).json(&json!({"gauge": [{"metric": "m".repeat(250), "value": 1}]})).send_allowing_5xx().await;
        refused.expect_error(StatusCode::SERVICE_UNAVAILABLE, "The ingest queue is full. Please try again later.");
        assert_eq!(refused.header("retry-after"), "5");
        upstream.answer(StatusCode::OK);
        upstream.expect_values(0..acknowledged).await;
        assert_eq!(send(&app, &token, "cpu", acknowledged).await, StatusCode::OK, "the queue has room again");
        upstream.expect_values(0..=acknowledged).await;
        app.service.close().await.unwrap();
    }

    async fn an_unwritable_queue_is_a_503_until_it_is_writable(database: Database) {
        let app = App::start(database).await;
        let token = sender(&app).await;
        let folder = app.folder().join("ingest");
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(send(&app, &token, "cpu", 1).await, StatusCode::SERVICE_UNAVAILABLE);
        std::fs::create_dir(&folder).unwrap();
        assert_eq!(send(&app, &token, "cpu", 2).await, StatusCode::OK);
        let state = queue(&app).await;
        assert_eq!((&state["count"], &state["results"][0]["data"][0]["value"]), (&json!(1), &json!(2)));
    }

    async fn data_that_upstream_rejects_does_not_block_other_data(database: Database) {
        let upstream = Upstream::start().await;
        upstream.answer(StatusCode::SERVICE_UNAVAILABLE);
        let settings = upstream.settings(&database);
        let app = App::with_ingest(database, settings).await;
        let token = sender(&app).await;
        for number in 0..9 {
            let metric = if number % 3 == 1 { "poison" } else { "cpu" };
            assert_eq!(send(&app, &token, metric, number).await, StatusCode::OK);
        }
        upstream.answer(StatusCode::OK);
        upstream.expect_values([0, 2, 3, 5, 6, 8].into_iter()).await;
    }
}
