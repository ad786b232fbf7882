//! How bodies may be written: compressed, with a byte order mark, with whole numbers as real ones.

use axum::http::StatusCode;
use domain::{identity::role::Role, platform::limits};
use serde_json::{Value, json};
use testbed::on_both;

use crate::{
    ask::{Answer, gzip},
    support::App,
};

fn detector() -> Value {
    json!({
        "name": "Latency", "programText": "detect(when(data('x').mean() > 1)).publish('high')",
        "rules": [{"detectLabel": "high", "severity": "Critical"}]
    })
}

/// Sends a body with this encoding.
async fn create(app: &App, token: &str, encoding: &str, body: Vec<u8>) -> Answer {
    let ask = app.post("/v2/detector").token(token);
    ask.header("content-encoding", encoding.as_bytes())
        .body(body)
        .send()
        .await
}

on_both! {
    async fn a_body_may_be_compressed_by_gzip(database: Database) {
        let app = App::start(database).await;
        let token = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let plain = detector().to_string().into_bytes();
        create(&app, &token, "gzip", gzip(&plain)).await.expect(StatusCode::OK);
        create(&app, &token, "identity", plain.clone()).await.expect(StatusCode::OK);
        create(&app, &token, "br", plain.clone()).await.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        create(&app, &token, "gzip", plain.clone()).await.expect(StatusCode::BAD_REQUEST);
        create(&app, &token, "gzip", gzip(&plain)[..20].to_vec()).await.expect(StatusCode::BAD_REQUEST);
        create(&app, &token, "gzip", Vec::new()).await.expect(StatusCode::BAD_REQUEST);
        let bomb = gzip(&vec![b' '; limits::BODY_BYTES + 1]);
        create(&app, &token, "gzip", bomb).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
        // Without a token the limit is lower.
        let long = gzip(&vec![b' '; limits::ANONYMOUS_BODY_BYTES + 1]);
        let ask = app.post("/v2/session").header("content-encoding", b"gzip").body(long);
        ask.send().await.expect(StatusCode::PAYLOAD_TOO_LARGE);
        let two = app.post("/v2/detector").token(&token).header("content-encoding", b"gzip").header("content-encoding", b"br");
        two.body(gzip(&plain)).send().await.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        // A repeated request may be compressed in another way.
        for body in [gzip(&plain), [gzip(&plain[..9]), gzip(&plain[9..])].concat()] {
            let ask = app.post("/v2/detector").token(&token).header("idempotency-key", b"a-repeated-detector");
            ask.header("content-encoding", b"gzip").body(body).send().await.expect(StatusCode::OK);
        }
        let found = app.get("/v2/detector").token(&token).send().await.json();
        assert_eq!(found["count"], 3);
    }

    async fn a_byte_order_mark_and_whole_numbers_as_real_ones_are_accepted(database: Database) {
        let app = App::start(database).await;
        let token = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let text = detector().to_string().replacen('{', "\u{feff}{\"maxDelay\": 60000.0, \"minDelay\": 6e3, ", 1);
        let made = create(&app, &token, "", text.into_bytes()).await;
        made.expect(StatusCode::OK);
        let written = made.text();
        assert!(written.contains("\"maxDelay\":60000,") && written.contains("\"minDelay\":6000,"), "{written}");
        let half = detector().to_string().replacen('{', "{\"maxDelay\": 0.5, ", 1);
        create(&app, &token, "", half.into_bytes()).await.expect(StatusCode::BAD_REQUEST);
    }
}
