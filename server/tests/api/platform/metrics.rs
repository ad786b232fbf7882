//! `/metrics`: optional, exact up to the last request, and free of personal data and tokens.

use axum::http::StatusCode;
use domain::identity::role::Role;
use server::middleware::settings::EntrySettings;
use service::{Sink, SinkSettings};
use testbed::on_both;

use crate::support::{App, PASSWORD, START};

impl App {
    /// A server that exposes metrics.
    async fn with_metrics(database: testbed::Database) -> Self {
        let settings = EntrySettings {
            metrics: true,
            ..EntrySettings::default()
        };
        Self::with(database, settings).await
    }

    async fn metrics(&self) -> String {
        let answer = self.get("/metrics").send().await;
        answer.expect(StatusCode::OK);
        assert!(
            answer
                .header("content-type")
                .starts_with("application/openmetrics-text")
        );
        let text = answer.text();
        assert!(text.ends_with("# EOF\n"), "{text}");
        text
    }
}

/// The value of the only line of this series.
#[track_caller]
fn number(text: &str, series: &str) -> f64 {
    let mut lines = text
        .lines()
        .filter_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    let (first, second) = (lines.next(), lines.next());
    assert!(first.is_some() && second.is_none(), "{series} in {text}");
    first.unwrap().parse().unwrap()
}

on_both! {
    async fn every_request_is_counted_as_soon_as_it_is_answered(database: Database) {
        let app = App::with_metrics(database).await;
        let token = app.session_token(&app.member("Grace", Role::Power).await).await;
        // Applies pending invalidations, so that they do not evict cache entries during the test.
        app.service.audit().catch_up().await.unwrap();
        for _ in 0..3 {
            app.get("/v2/team").token(&token).send().await.expect(StatusCode::OK);
        }
        app.get("/v2/team/AAAAAAAAAAE").token(&token).send().await.expect(StatusCode::NOT_FOUND);
        app.get("/v2/team").token("garbage").send().await.expect(StatusCode::UNAUTHORIZED);
        let text = app.metrics().await;
        let requests = |method: &str, route: &str, status: &str| {
            number(&text, &format!("countersign_api_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}"))
        };
        assert_eq!(requests("GET", "/v2/team", "2xx"), 3.0);
        assert_eq!(requests("GET", "/v2/team", "4xx"), 1.0);
        assert_eq!(requests("GET", "/v2/team/{id}", "4xx"), 1.0);
        assert_eq!(requests("POST", "/v2/session", "2xx"), 1.0);
        let of_teams = "method=\"GET\",route=\"/v2/team\"";
        assert_eq!(number(&text, &format!("countersign_api_request_duration_seconds_count{{{of_teams}}}")), 4.0);
        assert_eq!(number(&text, &format!("countersign_api_request_duration_seconds_bucket{{le=\"+Inf\",{of_teams}}}")), 4.0);
        assert!(number(&text, &format!("countersign_api_request_duration_seconds_sum{{{of_teams}}}")) > 0.0);
        assert_eq!(number(&text, "countersign_token_cache_lookups_total{result=\"miss\"}"), 1.0);
        assert_eq!(number(&text, "countersign_token_cache_lookups_total{result=\"hit\"}"), 3.0);
        // A second read of the metrics counts nothing twice.
        let again = app.metrics().await;
        assert_eq!(number(&again, &format!("countersign_api_request_duration_seconds_count{{{of_teams}}}")), 4.0);
    }

    async fn pending_work_is_reported_until_it_is_done(database: Database) {
        let app = App::with_metrics(database).await;
        let token = app.session_token(&app.member("Ada", Role::Admin).await).await;
        app.get("/v2/usage").token(&token).send().await.expect(StatusCode::OK);
        app.service.audit().make_checkpoints().await.unwrap();
        app.get("/v2/usage").token(&token).send().await.expect(StatusCode::OK);
        let text = app.metrics().await;
        assert_eq!(number(&text, "countersign_database_up"), 1.0);
        assert_eq!(number(&text, "countersign_unsealed_events"), 0.0);
        assert!(number(&text, "countersign_uncounted_call_blocks") <= 1.0);
        assert!(number(&text, "countersign_record_lag_seconds{stage=\"count\"}") < 60.0);
        app.member("Grace", Role::Power).await;
        assert!(number(&app.metrics().await, "countersign_unsealed_events") >= 1.0);
        let pool = if text.contains("pool=\"writer\"") { "writer" } else { "all" };
        assert!(number(&text, &format!("countersign_database_connections{{pool=\"{pool}\",state=\"most\"}}")) >= 1.0);
    }

    async fn the_lag_of_a_sink_is_reported(database: Database) {
        let app = App::with_metrics(database).await;
        app.service.audit().make_checkpoints().await.unwrap();
        let file = app.folder().join("record.ndjson");
        let mut sink = Sink::new(SinkSettings::File(file.clone())).unwrap();
        app.service.audit().feed_sink(&mut sink).await.unwrap();
        let lag = |text: &str| number(text, "countersign_sink_lag_seconds{sink=\"file\"}");
        let text = app.metrics().await;
        assert_eq!(lag(&text), 0.0);
        assert!(!text.contains("record.ndjson"));
        app.member("Grace", Role::Power).await;
        app.service.audit().make_checkpoints().await.unwrap();
        app.clock.set(START.plus_seconds(3));
        assert_eq!(lag(&app.metrics().await), 3.0);
    }

    async fn ingested_data_is_counted(database: Database) {
        let app = App::with_metrics(database).await;
        let sender = app.org_token_for("agents", &["INGEST"], Role::Power).await;
        let data = serde_json::json!({"gauge": [{"metric": "cpu", "value": 1}, {"metric": "cpu", "value": 2}]});
        app.post("/v2/datapoint").token(&sender).json(&data).send().await.expect(StatusCode::OK);
        let unreadable = app.post("/v2/datapoint").token(&sender).json(&serde_json::json!([1])).send().await;
        assert!(unreadable.status.is_client_error());
        let text = app.metrics().await;
        assert_eq!(number(&text, "countersign_ingest_items_total{kind=\"datapoint\"}"), 2.0);
        assert_eq!(number(&text, "countersign_ingest_requests_total{result=\"taken\"}"), 1.0);
        assert_eq!(number(&text, "countersign_ingest_requests_total{result=\"refused\"}"), 1.0);
        assert!(number(&text, "countersign_ingest_queue_bytes{state=\"taken\"}") > 0.0);
    }

    async fn metrics_contain_no_personal_data_or_secrets(database: Database) {
        let app = App::with_metrics(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        app.get(&format!("/v2/organization/member/{}", ada.id)).token(&token).send().await.expect(StatusCode::OK);
        let text = app.metrics().await;
        for secret in [token.as_str(), &token[token.len() - 8..], "Ada", "ada@", &ada.id.to_string(), "203.0.113.7", PASSWORD] {
            assert!(!text.contains(secret), "{secret}");
        }
    }

    async fn metrics_are_disabled_by_default(database: Database) {
        let app = App::start(database).await;
        app.get("/metrics").send().await.expect(StatusCode::NOT_FOUND);
    }
}
