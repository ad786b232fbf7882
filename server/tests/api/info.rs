//! `/v2/audit/info/{type}/{id}`: an administrator sees the person and the token, a reader who and when
//! (docs/contract.md#info).

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::support::{App, START};

impl App {
    /// A dashboard this token made, by its id.
    async fn dashboard_made_with(&self, token: &str) -> String {
        let body = json!({"name": "Checkout latency"});
        let ask = self
            .post("/v2/dashboard")
            .token(token)
            .header("user-agent", b"curl/8.5.0");
        let answer = ask.json(&body).send().await;
        answer.expect(StatusCode::OK);
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    async fn info(&self, token: &str, id: &str) -> Value {
        let answer = self
            .get(&format!("/v2/audit/info/dashboard/{id}"))
            .token(token)
            .send()
            .await;
        answer.expect(StatusCode::OK);
        answer.json()
    }
}

on_both! {
    async fn an_administrator_sees_who_did_it_with_which_token(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let grace = app.member("Grace", Role::Power).await;
        let (ada_token, grace_token) = (app.session_token(&ada).await, app.session_token(&grace).await);
        let id = app.dashboard_made_with(&grace_token).await;
        app.clock.set(START.plus_seconds(5));
        let org_token = app.org_token("ci", Role::Power).await;
        let mut dashboard = app.get(&format!("/v2/dashboard/{id}")).token(&grace_token).send().await.json();
        dashboard["description"] = json!("Changed");
        let path = format!("/v2/dashboard/{id}");
        app.ask(Method::PUT, &path).token(&org_token).json(&dashboard).send().await.expect(StatusCode::OK);
        app.delete("/v2/session").token(&grace_token).send().await.expect(StatusCode::NO_CONTENT);

        let told = app.info(&ada_token, &id).await;
        assert_eq!((&told["resourceType"], &told["name"]), (&json!("dashboard"), &json!("Checkout latency")));
        let created = &told["created"];
        assert_eq!(created["at"], START.as_millis());
        assert_eq!(created["by"], json!({"type": "USER", "id": grace.id.to_string(), "name": "Grace", "email": "grace@example.com"}));
        assert_eq!((&created["token"]["kind"], &created["token"]["last4"]), (&json!("API_SESSION"), &json!(grace_token[36..])));
        assert_eq!(created["token"]["status"], "REVOKED");
        let request = &created["request"];
        assert_eq!((&request["method"], &request["path"]), (&json!("POST"), &json!("/v2/dashboard")));
        assert_eq!((&request["clientIp"], &request["userAgent"]), (&json!("203.0.113.7"), &json!("curl/8.5.0")));
        let updated = &told["lastUpdated"];
        assert_eq!(updated["at"], START.plus_seconds(5).as_millis());
        assert_eq!((&updated["by"]["type"], &updated["by"]["name"]), (&json!("ORG_TOKEN"), &json!("ci")));
        assert_eq!((&updated["token"]["kind"], &updated["token"]["status"]), (&json!("ORG"), &json!("ACTIVE")));
        let changed = updated["changed"].as_array().unwrap();
        assert!(changed.contains(&json!("description")) && !changed.contains(&json!("name")), "{changed:?}");
        let history = told["history"]["results"].as_array().unwrap();
        let operations: Vec<_> = history.iter().map(|entry| &entry["properties"]["sf_operation"]).collect();
        assert_eq!(operations, ["UPDATE", "CREATE"]);
        let changes = history[0]["changes"].as_array().unwrap();
        let description = changes.iter().find(|change| change["field"] == "description").unwrap();
        assert_eq!(description["after"], "Changed");
        assert_eq!(told["history"]["count"], 2);
        for secret in [&ada_token, &grace_token, &org_token] {
            assert!(!told.to_string().contains(secret.as_str()));
        }
    }

    async fn a_reader_sees_who_and_when_and_nothing_else(database: Database) {
        let app = App::start(database).await;
        let grace = app.member("Grace", Role::Power).await;
        let karen = app.member("Karen", Role::ReadOnly).await;
        let (grace_token, karen_token) = (app.session_token(&grace).await, app.session_token(&karen).await);
        let id = app.dashboard_made_with(&grace_token).await;
        let act = json!({"at": START.as_millis(), "by": {"id": grace.id.to_string(), "name": "Grace"}});
        assert_eq!(app.info(&karen_token, &id).await, json!({
            "resourceType": "dashboard", "resourceId": id, "name": "Checkout latency", "created": act, "lastUpdated": act,
        }));
        assert_eq!(app.info(&grace_token, &id).await["created"]["by"]["email"], "grace@example.com");
    }

    async fn what_does_not_exist_has_no_info(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        for (path, status) in [
            ("dashboard/AAAAAAAAAAE", StatusCode::NOT_FOUND),
            ("nothing/AAAAAAAAAAE", StatusCode::NOT_FOUND),
            ("organization/AAAAAAAAAAE", StatusCode::NOT_FOUND),
        ] {
            app.get(&format!("/v2/audit/info/{path}")).token(&token).send().await.expect(status);
        }
        for id in ["x", "AAAAAAAAAAB", "AAAAAAAAAAAA", "%00", "%ff", "a%2Fb"] {
            let answer = app.get(&format!("/v2/audit/info/dashboard/{id}")).token(&token).send().await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().starts_with("Invalid ID "), "{id}: {}", answer.message());
        }
    }
}
