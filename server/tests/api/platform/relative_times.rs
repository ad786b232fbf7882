//! Pages show each timestamp twice: absolute, and relative to the service's clock at render time.

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::json;
use testbed::on_both;

use crate::support::{App, PASSWORD, START, request_meta};

const DAY_SECONDS: i64 = 86_400;

on_both! {
    async fn pages_show_past_and_future_relative_times(database: Database) {
        let app = App::start(database).await;
        let grace = app.member("Grace", Role::Admin).await;
        let token = app.session_token(&grace).await;
        let made = app.post("/v2/dashboard").token(&token).json(&json!({"name": "Latency"})).send().await;
        let info = format!("/dashboards/{}?show=info", made.json()["id"].as_str().unwrap());
        app.clock.set(START.plus_seconds(3 * DAY_SECONDS));
        let signed_in = app.service.identity().sign_in(&grace.email, PASSWORD, &request_meta()).await;
        let cookie = format!("countersign_session={}", signed_in.unwrap().cookie.reveal());
        for (path, expected) in [
            // Created and used three days ago, with a lifetime of 30 days.
            ("/account", &[("3 days ago", 2), ("in 27 days", 1)][..]),
            ("/tokens", &[("3 days ago", 2), ("in 27 days", 1)]),
            ("/organization", &[("3 days ago", 2)]),
            // Once on the page, and in Info for the creation and the last change.
            (&info, &[("3 days ago", 3)]),
        ] {
            let ask = app.get(path).header("host", b"lan:3000").header("cookie", cookie.as_bytes());
            let answer = ask.send().await;
            answer.expect(StatusCode::OK);
            let text = answer.text();
            assert!(text.contains("26 Dec 2026, 14:05 UTC"), "{path} shows the absolute time: {text}");
            for (words, times) in expected {
                let found = text.matches(&format!("<span class=\"relative-time\">{words}<")).count();
                assert_eq!(found, *times, "{words} on {path}: {text}");
            }
        }
    }
}
