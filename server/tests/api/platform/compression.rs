//! Compressed responses: long ones of routes without secrets, when the client accepts it (docs/contract.md#json).

use std::{collections::BTreeSet, io::Read as _};

use axum::http::StatusCode;
use domain::identity::role::Role;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use testbed::on_both;

use crate::{ask::Answer, objects::documents::Client};

/// The routes whose responses may be compressed. No response of these has a secret: not of a token, an integration, an
/// invitation, or a webhook that a notification names.
const COMPRESSED: [&str; 19] = [
    "/v2/dashboard",
    "/v2/dashboard/{id}",
    "/v2/dashboardgroup",
    "/v2/dashboardgroup/{id}",
    "/v2/chart",
    "/v2/chart/{id}",
    "/v2/alertmuting",
    "/v2/alertmuting/{id}",
    "/v2/crosslink",
    "/v2/crosslink/{id}",
    "/v2/organization",
    "/v2/organization/custom-categories",
    "/v2/organization/member",
    "/v2/organization/member/{id}",
    "/v2/role",
    "/v2/role/{id}",
    "/v2/incident",
    "/v2/incident/{id}",
    "/v2/audit/events",
];

/// More of them.
const COMPRESSED_TOO: [&str; 24] = [
    "/v2/audit/export",
    "/v2/audit/info/{type}/{id}",
    "/v2/automated-archival/exempt-metrics",
    "/v2/automated-archival/settings",
    "/v2/dashboard/{id}/export",
    "/v2/dashboardgroup/{id}/export",
    "/v2/dimension",
    "/v2/dimension/{key}/{value}",
    "/v2/directory",
    "/v2/directory/{path}",
    "/v2/event/find",
    "/v2/metric",
    "/v2/metric/{name}",
    "/v2/metricruleset",
    "/v2/metricruleset/{id}",
    "/v2/metrictimeseries",
    "/v2/metrictimeseries/{id}",
    "/v2/navigator",
    "/v2/navigator/{id}",
    "/v2/tag",
    "/v2/tag/{name}",
    "/v2/template",
    "/v2/template/{id}",
    "/v2/usage",
];

async fn get(client: &Client, path: &str, accepted: &str) -> Answer {
    let ask = client.app.get(path).token(&client.token);
    let answer = ask
        .header("accept-encoding", accepted.as_bytes())
        .send()
        .await;
    answer.expect(StatusCode::OK);
    answer
}

fn decompressed(answer: &Answer) -> Value {
    let mut text = String::new();
    GzDecoder::new(&answer.body[..])
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn only_routes_without_secrets_are_compressed() {
    let table = server::api::routes().table();
    let compressed = table.iter().filter(|spec| spec.compresses);
    let compressed: BTreeSet<_> = compressed.map(|spec| (spec.method, spec.path)).collect();
    let expected = COMPRESSED.iter().chain(&COMPRESSED_TOO);
    let expected: BTreeSet<_> = expected.map(|path| ("GET", *path)).collect();
    assert_eq!(compressed, expected);
}

on_both! {
    async fn a_long_response_is_compressed_when_the_client_accepts_it(database: Database) {
        let client = Client::of(database, Role::Power).await;
        for number in 0..20 {
            let chart = json!({"name": format!("chart {number}"), "options": {"type": "Text"}});
            client.done("POST", "/v2/chart", Some(&chart)).await;
        }
        let plain = get(&client, "/v2/chart", "").await;
        assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "accept-encoding"));
        for accepted in ["gzip", "deflate, GZIP;q=0.5", "gzip, br;q=0"] {
            let answer = get(&client, "/v2/chart", accepted).await;
            assert_eq!(answer.header("content-encoding"), "gzip", "{accepted}");
            assert_eq!(answer.header("vary"), "accept-encoding");
            assert_eq!(answer.header("content-type"), "application/json");
            assert!(answer.body.len() * 4 < plain.body.len());
            assert_eq!(decompressed(&answer), plain.json());
        }
        assert_eq!(get(&client, "/v2/chart", "br").await.header("content-encoding"), "br");
        for accepted in ["identity", "zstd", "gzip;q=0"] {
            assert_eq!(get(&client, "/v2/chart", accepted).await.json(), plain.json(), "{accepted}");
        }
        let short = get(&client, "/v2/chart?limit=1", "gzip").await;
        assert_eq!((short.header("content-encoding"), short.header("vary")), ("", "accept-encoding"));
        let document = client.app.get("/openapi.json").header("accept-encoding", b"gzip").send().await;
        assert_eq!(document.header("content-encoding"), "gzip");
    }

    async fn a_response_that_may_have_a_secret_is_not_compressed(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        for number in 0..10 {
            let token = json!({"name": format!("token {number}"), "description": "d".repeat(200)});
            client.done("POST", "/v2/token", Some(&token)).await;
            let webhook = json!({"name": "w", "type": "Webhook", "url": "https://w", "sharedSecret": "s".repeat(200)});
            client.done("POST", "/v2/integration", Some(&webhook)).await;
            let rule = json!({"detectLabel": "x", "severity": "Info", "notifications":
                [{"type": "Webhook", "url": "https://w/k3y", "secret": "s".repeat(200)}]});
            let detector = json!({"name": "d", "programText": "data('up').publish('x')", "rules": [rule]});
            client.done("POST", "/v2/detector", Some(&detector)).await;
            let team = json!({"name": format!("team {number}"), "description": "d".repeat(200)});
            client.done("POST", "/v2/team", Some(&team)).await;
        }
        for path in ["/v2/token", "/v2/integration", "/v2/detector", "/v2/team"] {
            let answer = get(&client, path, "gzip, br").await;
            assert!(answer.body.len() > 2_048, "{path}");
            assert_eq!((answer.header("content-encoding"), answer.header("vary")), ("", ""), "{path}");
        }
        let token = json!({"name": "long", "description": "d".repeat(4_000)});
        let ask = client.app.post("/v2/token").token(&client.token).header("accept-encoding", b"gzip");
        assert_eq!(ask.json(&token).send().await.json()["name"], "long");
    }
}
