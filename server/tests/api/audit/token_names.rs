//! The name of a token: given to `POST /v2/session`, then in every place that states which token was used.

use axum::http::{Method, StatusCode};
use domain::{
    audit::query::{AuditFilter, EntryKind},
    identity::role::Role,
};
use serde_json::{Value, json};
use service::{ExportFormat, MemberView};
use testbed::on_both;

use crate::{
    ask::Answer,
    support::{App, PASSWORD},
};

impl App {
    async fn issue(&self, member: &MemberView, name: Value) -> Answer {
        let body = json!({"email": member.email, "password": PASSWORD, "name": name});
        self.post("/v2/session").json(&body).send().await
    }

    async fn named_token(&self, member: &MemberView, name: &str) -> String {
        let answer = self.issue(member, json!(name)).await;
        answer.expect(StatusCode::OK);
        assert_eq!(answer.json()["name"], name);
        answer.json()["accessToken"].as_str().unwrap().to_owned()
    }

    async fn read(&self, token: &str, path: &str) -> Value {
        let answer = self.get(path).token(token).send().await;
        answer.expect(StatusCode::OK);
        answer.json()
    }

    /// The lines of an export that are about requests to this path.
    async fn exported(&self, what: EntryKind, path: &str) -> Vec<Value> {
        // An export ends before the present time.
        self.clock.set(self.clock.now().plus_millis(1));
        let (system, all) = (self.system().await, AuditFilter::default());
        let audit = self.service.audit();
        let export = audit.export(&system, what, &all, ExportFormat::Ndjson);
        let (mut export, mut text) = (export.await.unwrap(), Vec::new());
        while let Some(chunk) = export.next_chunk().await.unwrap() {
            text.extend(chunk);
        }
        let lines = text.split(|byte| *byte == b'\n');
        lines
            .filter_map(|line| serde_json::from_slice::<Value>(line).ok())
            .filter(|line| line["request"]["path"] == path)
            .collect()
    }
}

on_both! {
    async fn the_name_of_a_token_is_in_info_entries_exports_and_usage(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let secret = app.named_token(&ada, "deploy script").await;
        let last4 = &secret[36..];
        assert_eq!(app.read(&secret, "/v2/session").await["name"], "deploy script");
        let made = app.post("/v2/dashboard").token(&secret).json(&json!({"name": "Checkout"})).send().await;
        made.expect(StatusCode::OK);
        let id = made.json()["id"].as_str().unwrap().to_owned();

        let info = app.read(&secret, &format!("/v2/audit/info/dashboard/{id}")).await;
        assert_eq!((&info["created"]["token"]["name"], &info["created"]["token"]["last4"]), (&json!("deploy script"), &json!(last4)));
        assert_eq!(info["history"]["results"][0]["properties"]["sf_tokenName"], "deploy script");

        let entries = app.read(&secret, "/v2/audit/events?sf_tokenName=deploy%20script").await;
        let kinds: Vec<_> = entries["results"].as_array().unwrap().iter().map(|entry| entry["metadata"]["sf_eventType"].clone()).collect();
        assert!(kinds.contains(&json!("HttpRequest")) && kinds.contains(&json!("DASHBOARD")), "{kinds:?}");

        let (events, calls) = (app.exported(EntryKind::Events, "/v2/dashboard").await, app.exported(EntryKind::Calls, "/v2/dashboard").await);
        for line in [events.last().unwrap(), calls.last().unwrap()] {
            assert_eq!(line["actor"], json!({"type": "USER", "id": ada.id.to_string(), "name": "Ada", "email": "ada@example.com"}));
            let mut token = line["token"].clone();
            assert!(token["id"].take().is_string());
            assert_eq!(token, json!({"id": null, "kind": "API_SESSION", "name": "deploy script", "last4": last4}));
        }

        let usage = app.read(&secret, "/v2/usage?groupBy=token").await;
        assert!(usage.to_string().contains("deploy script"), "{usage}");
    }

    async fn an_event_keeps_the_name_that_an_org_token_had(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let secret = app.session_token(&ada).await;
        let org_token = app.org_token("ci", Role::Power).await;
        let made = app.post("/v2/dashboard").token(&org_token).json(&json!({"name": "Checkout"})).send().await;
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let mut given = app.read(&secret, "/v2/token/ci").await;
        given["name"] = json!("continuous integration");
        app.ask(Method::PUT, "/v2/token/ci").token(&secret).json(&given).send().await.expect(StatusCode::OK);

        let info = app.read(&secret, &format!("/v2/audit/info/dashboard/{id}")).await;
        assert_eq!((&info["created"]["by"]["name"], &info["created"]["token"]["name"]), (&json!("ci"), &json!("ci")));
        for what in [EntryKind::Events, EntryKind::Calls] {
            let lines = app.exported(what, "/v2/dashboard").await;
            let line = lines.last().unwrap();
            assert_eq!((&line["actor"]["type"], &line["token"]["name"]), (&json!("ORG_TOKEN"), &json!("ci")));
        }
    }

    async fn an_unknown_caller_has_one_shape_in_events_and_calls(database: Database) {
        let app = App::start(database).await;
        app.member("Ada", Role::Admin).await;
        app.sign_in("unknown@example.com", PASSWORD).await.expect(StatusCode::UNAUTHORIZED);
        let expected = json!({"type": "UNAUTHENTICATED", "id": "AAAAAAAAAAA", "name": "Unauthenticated"});
        for what in [EntryKind::Events, EntryKind::Calls] {
            let lines = app.exported(what, "/v2/session").await;
            let line = lines.last().unwrap();
            assert_eq!((&line["actor"], &line["token"]), (&expected, &Value::Null), "{line}");
        }
    }

    async fn a_session_token_has_a_name_that_follows_the_rule_of_names(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        for none in [json!(null), json!(""), json!("  ")] {
            let answer = app.issue(&ada, none).await;
            answer.expect(StatusCode::OK);
            assert_eq!(answer.json().get("name"), None);
        }
        for unfit in [json!(7), json!("a\u{200b}b"), json!("a".repeat(101))] {
            let answer = app.issue(&ada, unfit).await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().contains("name"), "{}", answer.message());
        }
    }
}
