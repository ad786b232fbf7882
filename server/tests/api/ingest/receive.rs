//! Ingest over HTTP: accepted data and formats, authorized tokens, and recent data as administrators see it.

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::{
    ask::{Answer, gzip},
    support::App,
};

/// The body that the unmodified Python client sends for a gauge, a counter and a cumulative counter.
pub(crate) const DATAPOINTS: &[u8] = include_bytes!("../../fixtures/wire-python/datapoint.pb");

/// The body that the unmodified Python client sends for an event.
const EVENT: &[u8] = include_bytes!("../../fixtures/wire-python/event.pb");

const JSON: &[u8] = b"application/json";
const PROTOBUF: &[u8] = b"application/x-protobuf";
const THRIFT: &[u8] = b"application/x-thrift";
const OLD_THRIFT: &[u8] = b"application/vnd.apache.thrift.binary; charset=binary";

/// Sends a body of this content type with a token.
async fn send(app: &App, token: &str, path: &str, content_type: &[u8], body: &[u8]) -> Answer {
    let ask = app.post(path).token(token);
    ask.header("content-type", content_type)
        .body(body.to_vec())
        .send()
        .await
}

/// Sends a body that is compressed with gzip.
async fn send_gzip(app: &App, token: &str, path: &str, content_type: &[u8], body: &[u8]) -> Answer {
    let ask = app.post(path).token(token);
    ask.header("content-type", content_type)
        .header("content-encoding", b"gzip")
        .body(body.to_vec())
        .send()
        .await
}

async fn get(app: &App, token: &str, path: &str) -> Value {
    let answer = app.get(path).token(token).send().await;
    answer.expect(StatusCode::OK);
    answer.json()
}

/// The ingest counts of the token `sender`.
async fn counted(app: &App, admin: &str) -> Value {
    get(app, admin, "/v2/token/sender/ingest").await
}

async fn administrator(app: &App) -> String {
    app.session_token(&app.member("Ada", Role::Admin).await)
        .await
}

async fn sender(app: &App) -> String {
    app.org_token_for("sender", &["INGEST"], Role::Power).await
}

/// A protobuf field with this content.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2, u8::try_from(content.len()).unwrap()];
    field.extend(content);
    field
}

on_both! {
    async fn a_server_without_ingest_answers_404_and_asks_for_no_retry(database: Database) {
        let app = App::without_ingest(database).await;
        let admin = administrator(&app).await;
        let sender = app.org_token_for("sender", &["INGEST"], Role::Power).await;
        let mut answers = vec![
            send(&app, &sender, "/v2/datapoint", PROTOBUF, DATAPOINTS).await,
            app.get("/v2/ingest/recent").token(&admin).send().await,
        ];
        let empty_requests: [(&str, &[u8], &[u8]); 5] = [
            ("/v2/datapoint", JSON, b"{}"),
            ("/v2/event", JSON, b"[]"),
            ("/v2/trace", JSON, b"[]"),
            ("/v2/datapoint/otlp", PROTOBUF, b""),
            ("/v2/trace/otlp", PROTOBUF, b""),
        ];
        for (path, media_type, empty) in empty_requests {
            answers.push(send(&app, &sender, path, media_type, empty).await);
        }
        for answer in answers {
            answer.expect(StatusCode::NOT_FOUND);
            assert_eq!(answer.message(), "This server does not receive data.");
            assert!(!answer.headers.contains_key("retry-after"));
        }
    }

    async fn datapoints_and_events_are_accepted_in_every_format(database: Database) {
        let app = App::start(database).await;
        let (admin, sender) = (administrator(&app).await, sender(&app).await);
        let points = json!({
            "gauge": [{"metric": "cpu.load", "value": 0.5, "timestamp": 1_798_034_709_000_i64, "dimensions": {"host": "a"}}],
            "counter": [{"metric": "requests", "value": "3"}],
            "cumulative_counter": [],
        }).to_string();
        let event = json!([{"eventType": "deployment", "category": null, "dimensions": {"service": "shop"},
            "properties": {"version": "1.2.3", "canary": true, "replicas": 3}, "timestamp": null}]).to_string();
        for answer in [
            send(&app, &sender, "/v2/datapoint", JSON, points.as_bytes()).await,
            send(&app, &sender, "/v2/datapoint", PROTOBUF, DATAPOINTS).await,
            send_gzip(&app, &sender, "/v2/datapoint", PROTOBUF, &gzip(DATAPOINTS)).await,
            send_gzip(&app, &sender, "/v2/datapoint", b"application/json; charset=utf-8", &gzip(points.as_bytes())).await,
            send(&app, &sender, "/v2/event", JSON, event.as_bytes()).await,
            send_gzip(&app, &sender, "/v2/event", PROTOBUF, &gzip(EVENT)).await,
        ] {
            answer.expect(StatusCode::OK);
            assert_eq!((answer.text().as_str(), answer.header("content-type")), ("\"OK\"", "application/json"));
        }
        let recent = get(&app, &admin, "/v2/ingest/recent?token=sender").await;
        assert_eq!((&recent["count"], &recent["queue"]["upstream"]), (&json!(6), &Value::Null));
        let event = &recent["results"][0];
        assert_eq!((&event["kind"], &event["tokenName"], &event["forwarded"]), (&json!("event"), &json!("sender"), &Value::Null));
        assert_eq!(event["data"], json!([{"eventType": "deployment", "category": "USER_DEFINED",
            "timestamp": 1_798_034_709_000_i64, "dimensions": {"service": "shop"},
            "properties": {"version": "1.2.3", "canary": true, "replicas": 3}}]));
        // An event without a timestamp gets the time at which the server received it.
        assert_eq!(recent["results"][1]["data"][0]["timestamp"], app.clock.now().as_millis());
        assert_eq!(recent["results"][3]["data"], recent["results"][4]["data"], "compression does not change the data");
        assert_eq!(recent["results"][4]["data"][1], json!({"type": "gauge", "metric": "cpu.load", "value": 0.5,
            "timestamp": 1_798_034_709_000_i64, "dimensions": {"host": "a"}}));
        assert_eq!(recent["results"][5]["data"][1]["value"], 3, "a number may be sent as text");
        let counted = counted(&app, &admin).await;
        let expected = json!({"requests": 6, "refused": 0, "datapoints": 10, "events": 2, "spans": 0, "dropped": 0});
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&counted[field], value, "{field}");
        }
        assert_eq!(counted["lastMs"], app.clock.now().as_millis());
        app.clock.set(app.clock.now().plus_seconds(3_601));
        let admin = app.session_token(&app.member("Grace", Role::Admin).await).await;
        assert_eq!(get(&app, &admin, "/v2/ingest/recent").await["count"], 0, "recent data is kept for an hour");
        app.service.close().await.unwrap();
    }

    async fn unauthorized_senders_are_rejected_and_not_counted(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let admin = app.session_token(&ada).await;
        let generated = app.generated_token(&app.browser(&ada).await).await;
        let caller = app.org_token_for("caller", &["API"], Role::Power).await;
        let browser = app.org_token_for("rum", &["RUM"], Role::Power).await;
        let disabled = sender(&app).await;
        app.ask(Method::PUT, "/v2/token/sender").token(&admin).json(&json!({"disabled": true})).send().await.expect(StatusCode::OK);
        for path in ["/v2/datapoint", "/v2/datapoint/otlp", "/v2/event", "/v2/trace", "/v2/trace/otlp"] {
            for token in [&admin, &generated, &caller, &browser, &disabled, "", "garbage"] {
                let answer = send(&app, token, path, PROTOBUF, DATAPOINTS).await;
                answer.expect_error(StatusCode::UNAUTHORIZED, "Invalid token specified.");
            }
        }
        for name in ["caller", "rum", "sender"] {
            let counted = get(&app, &admin, &format!("/v2/token/{name}/ingest")).await;
            assert_eq!((&counted["requests"], &counted["refused"], &counted["lastMs"]), (&json!(0), &json!(0), &Value::Null));
        }
        assert_eq!(get(&app, &admin, "/v2/ingest/recent").await["count"], 0);
        let both = app.org_token_for("both", &["INGEST", "API"], Role::ReadOnly).await;
        send(&app, &both, "/v2/datapoint", PROTOBUF, DATAPOINTS).await.expect(StatusCode::OK);
        assert_eq!(get(&app, &both, "/v2/session").await["name"], "both");
        app.get("/v2/ingest/recent").token(&both).send().await.expect(StatusCode::FORBIDDEN);
        let grace = app.session_token(&app.member("Grace", Role::Power).await).await;
        app.get("/v2/token/both/ingest").token(&grace).send().await.expect(StatusCode::NOT_FOUND);
    }

    async fn unreadable_bodies_are_rejected_and_counted(database: Database) {
        let app = App::start(database).await;
        let (admin, sender) = (administrator(&app).await, sender(&app).await);
        let bomb = gzip(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < 100_000);
        for (path, form, body) in [
            ("/v2/datapoint", PROTOBUF, &DATAPOINTS[..40]),
            ("/v2/datapoint", PROTOBUF, b"{\"gauge\": []}"),
            ("/v2/datapoint", JSON, DATAPOINTS),
            ("/v2/datapoint", JSON, b"[]"),
            ("/v2/datapoint", JSON, b"{\"gauge\": {}}"),
            ("/v2/datapoint", JSON, b""),
            ("/v2/event", JSON, b"{}"),
            ("/v2/event", JSON, &[b'['; 100_000][..]),
            ("/v2/trace", JSON, b"{"),
            ("/v2/datapoint/otlp", PROTOBUF, &DATAPOINTS[..40]),
            ("/v2/trace/otlp", PROTOBUF, b"\x0a\x7f"),
        ] {
            send(&app, &sender, path, form, body).await.expect(StatusCode::BAD_REQUEST);
        }
        send_gzip(&app, &sender, "/v2/datapoint", PROTOBUF, DATAPOINTS).await.expect(StatusCode::BAD_REQUEST);
        send_gzip(&app, &sender, "/v2/datapoint", PROTOBUF, &gzip(DATAPOINTS)[..60]).await.expect(StatusCode::BAD_REQUEST);
        send_gzip(&app, &sender, "/v2/datapoint", JSON, &bomb).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
        send(&app, &sender, "/v2/event", JSON, &vec![b' '; (8 << 20) + 1]).await.expect(StatusCode::PAYLOAD_TOO_LARGE);
        let deflated = app.post("/v2/event").token(&sender).header("content-encoding", b"br").body("[]").send().await;
        deflated.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let counted = counted(&app, &admin).await;
        assert_eq!((&counted["requests"], &counted["refused"], &counted["datapoints"]), (&json!(16), &json!(16), &json!(0)));
        assert_eq!(get(&app, &admin, "/v2/ingest/recent").await["count"], 0);
    }

    async fn a_format_that_a_route_does_not_read_is_a_415_that_names_those_it_reads(database: Database) {
        let app = App::start(database).await;
        let (admin, sender) = (administrator(&app).await, sender(&app).await);
        let mut sent = 0;
        for (path, forms, accepted) in [
            ("/v2/trace", &[THRIFT, OLD_THRIFT, PROTOBUF][..], "JSON list of Zipkin spans"),
            ("/v2/trace/signalfxv1", &[THRIFT, PROTOBUF][..], "/v2/trace/otlp"),
            ("/v2/trace/otlp", &[JSON, THRIFT][..], "application/x-protobuf"),
            ("/v2/datapoint/otlp", &[JSON][..], "application/x-protobuf"),
            ("/v2/datapoint", &[THRIFT][..], "application/json"),
            ("/v2/event", &[THRIFT][..], "application/json"),
        ] {
            for form in forms {
                let answer = send(&app, &sender, path, form, b"{}").await;
                answer.expect(StatusCode::UNSUPPORTED_MEDIA_TYPE);
                assert!(answer.message().contains(accepted), "{path}: {}", answer.message());
                sent += 1;
            }
        }
        let counted = counted(&app, &admin).await;
        assert_eq!((&counted["requests"], &counted["refused"]), (&json!(sent), &json!(sent)));
        let spans = br#"[{"traceId": "a1", "id": "b2"}]"#;
        let answer = send(&app, &sender, "/v2/trace/signalfxv1", JSON, spans).await;
        assert_eq!(answer.json(), json!({"valid": 1}));
    }

    async fn invalid_items_are_dropped_and_counted(database: Database) {
        let app = App::start(database).await;
        let (admin, sender) = (administrator(&app).await, sender(&app).await);
        let points = json!({"gauge": [
            {"metric": "good", "value": 1}, {"metric": "", "value": 1}, {"metric": "m".repeat(257), "value": 1},
            {"metric": "x", "value": "seven"}, {"metric": "x", "value": null}, {"metric": "x"}, {"value": 1}, 7,
            {"metric": "x", "value": 1, "dimensions": {"a": []}}, {"metric": "x", "value": 1, "timestamp": "now"},
        ], "unknown": [{}]});
        let events = json!([{"eventType": "good", "category": "AUDIT"}, {"eventType": "not good"}, {"eventType": "x", "category": "OTHER"}]);
        send(&app, &sender, "/v2/datapoint", JSON, points.to_string().as_bytes()).await.expect(StatusCode::OK);
        send(&app, &sender, "/v2/event", b"text/plain", events.to_string().as_bytes()).await.expect(StatusCode::OK);
        // A datapoint without a value, and an unknown field.
        let message = [field(1, &field(2, b"x")), field(9, b"new"), DATAPOINTS.to_vec()].concat();
        send(&app, &sender, "/v2/datapoint", PROTOBUF, &message).await.expect(StatusCode::OK);
        send(&app, &sender, "/v2/datapoint", JSON, b"{}").await.expect(StatusCode::OK);
        let counted = counted(&app, &admin).await;
        assert_eq!((&counted["datapoints"], &counted["events"], &counted["dropped"]), (&json!(4), &json!(1), &json!(12)));
        assert_eq!(counted["requests"], 4);
        assert_eq!(get(&app, &admin, "/v2/ingest/recent").await["count"], 3, "an empty body is not kept");
        // A sent event of category AUDIT is not part of the audit log.
        let events = get(&app, &admin, "/v2/audit/events").await;
        assert!(!events.to_string().contains("\"good\""), "{events}");
    }

    async fn a_number_that_json_cannot_express_drops_its_item_only(database: Database) {
        let app = App::start(database).await;
        let (admin, sender) = (administrator(&app).await, sender(&app).await);
        let points = b"\xef\xbb\xbf{\"gauge\": [{\"metric\": \"a\", \"value\": NaN}, {\"metric\": \"NaN\", \"value\": 1, \
            \"dimensions\": {\"q\": \"\\\"Infinity\"}}, {\"metric\": \"c\", \"value\": -Infinity}, {\"metric\": \"d\", \"value\": 2}, \
            {\"metric\": \"e\", \"value\": 1e999}, {\"metric\": \"f\", \"value\": -1E+999}]}";
        send(&app, &sender, "/v2/datapoint", JSON, points).await.expect(StatusCode::OK);
        let counted = counted(&app, &admin).await;
        assert_eq!((&counted["datapoints"], &counted["dropped"]), (&json!(2), &json!(4)));
        let recent = get(&app, &admin, "/v2/ingest/recent").await.to_string();
        assert!(recent.contains("\"NaN\"") && recent.contains("Infinity"), "texts are kept: {recent}");
        for malformed in ["{\"gauge\": [NaN", "{\"gauge\": [{\"value\": -}, {\"value\": NaN}]}", "{\"gauge\": [{\"value\": 1e}]}"] {
            let sent = send(&app, &sender, "/v2/datapoint", JSON, malformed.as_bytes()).await;
            sent.expect(StatusCode::BAD_REQUEST);
        }
    }

    async fn traces_and_otlp_are_counted(database: Database) {
        let app = App::start(database).await;
        let (admin, sender) = (administrator(&app).await, sender(&app).await);
        let spans = json!([{"traceId": "0123456789abcdef", "id": "00000000000000a1", "name": "get"}, {"id": "1"}, {"traceId": "xyz", "id": "1"}]);
        let accepted = send(&app, &sender, "/v2/trace", JSON, spans.to_string().as_bytes()).await;
        accepted.expect(StatusCode::OK);
        assert_eq!(accepted.json(), json!({"valid": 1}));
        // Resource, scope, metric "load" with a gauge of two points, metric "hits" with a sum of one.
        let point = field(1, b"\x19AAAAAAAA");
        let gauge = [field(1, b"load"), field(5, &[point.clone(), point.clone()].concat())].concat();
        let sum = [field(1, b"hits"), field(7, &point)].concat();
        let metrics = field(1, &field(2, &[field(1, b""), field(2, &gauge), field(2, &sum)].concat()));
        let span = [field(1, &[7; 16]), field(2, &[7; 8]), field(5, b"GET /")].concat();
        let traces = field(1, &field(2, &[field(2, &span), field(2, &span)].concat()));
        for (path, body) in [("/v2/datapoint/otlp", &metrics), ("/v2/trace/otlp", &traces)] {
            let answer = send_gzip(&app, &sender, path, PROTOBUF, &gzip(body)).await;
            answer.expect(StatusCode::OK);
            assert_eq!((answer.body.len(), answer.header("content-type")), (0, "application/x-protobuf"));
        }
        let counted = counted(&app, &admin).await;
        assert_eq!((&counted["datapoints"], &counted["spans"], &counted["dropped"]), (&json!(3), &json!(3), &json!(2)));
        let metrics = get(&app, &admin, "/v2/ingest/recent?kind=datapoint/otlp").await;
        assert_eq!(metrics["results"][0]["data"], json!([{"metric": "load", "datapoints": 2}, {"metric": "hits", "datapoints": 1}]));
        let traces = get(&app, &admin, "/v2/ingest/recent?kind=trace/otlp&limit=1").await;
        assert_eq!(traces["results"][0]["data"], json!([{"name": "GET /"}, {"name": "GET /"}]));
        app.get("/v2/ingest/recent?kind=x").token(&admin).send().await.expect(StatusCode::BAD_REQUEST);
    }

    async fn a_token_over_its_limit_gets_retry_after(database: Database) {
        let app = App::start(database).await;
        let (admin, sender) = (administrator(&app).await, sender(&app).await);
        let limits = json!({"limits": {"dpmQuota": 7}});
        app.ask(Method::PUT, "/v2/token/sender").token(&admin).json(&limits).send().await.expect(StatusCode::OK);
        for _ in 0..2 {
            send(&app, &sender, "/v2/datapoint", PROTOBUF, DATAPOINTS).await.expect(StatusCode::OK);
        }
        assert_eq!(get(&app, &admin, "/v2/token/sender").await["exceedingLimits"], false);
        let refused = send(&app, &sender, "/v2/datapoint", PROTOBUF, DATAPOINTS).await;
        refused.expect_error(StatusCode::TOO_MANY_REQUESTS, "This token may send 7 datapoints a minute.");
        let left = 60 - (app.clock.now().as_millis() % 60_000) / 1_000;
        assert_eq!((refused.header("retry-after"), refused.header("throttle-type")), (left.to_string().as_str(), "datapoints per minute"));
        assert_eq!(get(&app, &admin, "/v2/token/sender").await["exceedingLimits"], true);
        send(&app, &sender, "/v2/event", PROTOBUF, EVENT).await.expect(StatusCode::OK);
        let counted = counted(&app, &admin).await;
        assert_eq!((&counted["datapoints"], &counted["refused"], &counted["limitedMs"]), (&json!(6), &json!(1), &json!(app.clock.now().as_millis())));
        app.clock.set(app.clock.now().plus_seconds(left));
        assert_eq!(get(&app, &admin, "/v2/token/sender").await["exceedingLimits"], false);
        send(&app, &sender, "/v2/datapoint", PROTOBUF, DATAPOINTS).await.expect(StatusCode::OK);
    }
}
