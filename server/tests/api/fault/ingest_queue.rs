//! The view of the ingest queue for administrators, with data in it and with a failing upstream.

use std::time::Duration;

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::json;
use service::IngestSettings;
use testbed::{on_both, tokio};

use crate::{
    ingest::upstream::{Upstream, queue, send, sender},
    support::{App, ingest},
};

/// Waits until the state of forwarding is this.
async fn expect_upstream(app: &App, state: &str) {
    for _ in 0..500 {
        if queue(app).await["queue"]["upstream"] == state {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the upstream is not {state}");
}

on_both! {
    async fn a_filter_finds_data_before_segments_without_a_match(database: Database) {
        let settings = IngestSettings { queue_bytes: 64 << 10, ..ingest(&database) };
        let app = App::with_ingest(database, settings).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let sender = sender(&app).await;
        let other = app.org_token_for("other", &["INGEST"], Role::Power).await;
        let mut expected = Vec::new();
        for round in 0..3 {
            assert_eq!(send(&app, &sender, "cpu", round).await, StatusCode::OK);
            expected.insert(0, json!(round));
            // More than a segment of another token.
            for number in 0..20 {
                assert_eq!(send(&app, &other, "cpu", number).await, StatusCode::OK);
            }
        }
        let recent = app.get("/v2/ingest/recent?token=sender").token(&admin).send().await.json();
        let found: Vec<_> = recent["results"].as_array().unwrap().iter().map(|parcel| parcel["data"][0]["value"].clone()).collect();
        assert_eq!(found, expected);
    }

    async fn an_upstream_that_rejects_data_is_no_longer_away(database: Database) {
        let upstream = Upstream::start().await;
        upstream.answer(StatusCode::SERVICE_UNAVAILABLE);
        let settings = upstream.settings(&database);
        let app = App::with_ingest(database, settings).await;
        let token = sender(&app).await;
        assert_eq!(send(&app, &token, "cpu", 1).await, StatusCode::OK);
        expect_upstream(&app, "away").await;
        upstream.answer(StatusCode::BAD_REQUEST);
        expect_upstream(&app, "reached").await;
    }
}
