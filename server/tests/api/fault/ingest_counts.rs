//! Storing the ingest counts is interrupted at every step: each accepted request is counted once.

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::{cancelled_after, on_both};

use crate::{
    ingest::receive::DATAPOINTS,
    support::{App, ingest},
};

/// More polls than sending data or reading the counts takes.
const POLLS: usize = 40;

async fn counted(app: &App, admin: &str) -> Value {
    let answer = app.get("/v2/token/sender/ingest").token(admin).send().await;
    answer.expect(StatusCode::OK);
    answer.json()
}

on_both! {
    async fn counts_are_stored_once_when_storing_them_is_cancelled(database: Database) {
        let settings = ingest(&database);
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let sender = app.org_token_for("sender", &["INGEST"], Role::Power).await;
        let (mut sent, mut ended) = (0, Vec::new());
        for polls in (1..POLLS).chain(1..POLLS) {
            let data = app.post("/v2/datapoint").token(&sender).header("content-type", b"application/x-protobuf");
            data.body(DATAPOINTS).send().await.expect(StatusCode::OK);
            sent += 1;
            ended.push(cancelled_after(polls, app.get("/v2/token/sender/ingest").token(&admin).send()).await.is_some());
        }
        assert!(!ended[0] && ended[POLLS - 2], "the first is cut, and the last ends: {ended:?}");
        let before = counted(&app, &admin).await;
        assert_eq!((&before["requests"], &before["datapoints"]), (&json!(sent), &json!(3 * sent)));
        let app = app.restarted(settings).await;
        assert_eq!(counted(&app, &admin).await, before);
    }

    async fn data_whose_sender_disconnects_is_counted_when_it_is_kept(database: Database) {
        let settings = ingest(&database);
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let sender = app.org_token_for("sender", &["INGEST"], Role::Power).await;
        let mut ended = Vec::new();
        for polls in 1..POLLS {
            let data = app.post("/v2/datapoint").token(&sender).header("content-type", b"application/x-protobuf");
            ended.push(cancelled_after(polls, data.body(DATAPOINTS).send()).await.is_some());
        }
        assert!(!ended[0] && ended[POLLS - 2], "the first is cut, and the last ends: {ended:?}");
        // The queue has one writer, so all earlier data is on disk after this.
        let data = app.post("/v2/datapoint").token(&sender).header("content-type", b"application/x-protobuf");
        data.body(DATAPOINTS).send().await.expect(StatusCode::OK);
        let app = app.restarted(settings).await;
        let recent = app.get("/v2/ingest/recent?limit=100").token(&admin).send().await.json();
        let counts = counted(&app, &admin).await;
        assert_eq!(counts["requests"], recent["count"]);
        assert!(recent["count"].as_u64().unwrap() > 1, "{recent}");
    }
}
