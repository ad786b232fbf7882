//! `/v2/audit/info/{type}/{id}`: administrators see actor, token and request; other readers see actor and time
//! (docs/contract.md#info).

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::support::{App, START};

impl App {
    /// Creates a dashboard with this token and returns its id.
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
    async fn an_administrator_sees_the_actor_and_the_token(database: Database) {
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

        let info = app.info(&ada_token, &id).await;
        assert_eq!((&info["resourceType"], &info["name"]), (&json!("dashboard"), &json!("Checkout latency")));
        let created = &info["created"];
        assert_eq!(created["at"], START.as_millis());
        assert_eq!(created["by"], json!({"type": "USER", "id": grace.id.to_string(), "name": "Grace", "email": "grace@example.com"}));
        assert_eq!((&created["token"]["kind"], &created["token"]["last4"]), (&json!("API_SESSION"), &json!(grace_token[36..])));
        assert_eq!(created["token"]["status"], "REVOKED");
        let request = &created["request"];
        assert_eq!((&request["method"], &request["path"]), (&json!("POST"), &json!("/v2/dashboard")));
        assert_eq!((&request["clientIp"], &request["userAgent"]), (&json!("203.0.113.7"), &json!("curl/8.5.0")));
        let updated = &info["lastUpdated"];
        assert_eq!(updated["at"], START.plus_seconds(5).as_millis());
        assert_eq!((&updated["by"]["type"], &updated["by"]["name"]), (&json!("ORG_TOKEN"), &json!("ci")));
        assert_eq!((&updated["token"]["kind"], &updated["token"]["status"]), (&json!("ORG"), &json!("ACTIVE")));
        let changed = updated["changed"].as_array().unwrap();
        assert!(changed.contains(&json!("description")) && !changed.contains(&json!("name")), "{changed:?}");
        let history = info["history"]["results"].as_array().unwrap();
        let operations: Vec<_> = history.iter().map(|entry| &entry["properties"]["sf_operation"]).collect();
        assert_eq!(operations, ["UPDATE", "CREATE"]);
        let changes = history[0]["changes"].as_array().unwrap();
        let description = changes.iter().find(|change| change["field"] == "description").unwrap();
        assert_eq!(description["after"], "Changed");
        assert_eq!(info["history"]["count"], 2);
        for secret in [&ada_token, &grace_token, &org_token] {
            assert!(!info.to_string().contains(secret.as_str()));
        }
    }

    async fn an_administrator_reads_who_deleted_an_object_and_its_last_content(database: Database) {
        let app = App::start(database).await;
        let (ada, grace) = (app.member("Ada", Role::Admin).await, app.member("Grace", Role::Power).await);
        let (ada_token, grace_token) = (app.session_token(&ada).await, app.session_token(&grace).await);
        let id = app.dashboard_made_with(&grace_token).await;
        app.clock.set(START.plus_seconds(5));
        app.delete(&format!("/v2/dashboard/{id}")).token(&grace_token).send().await.expect(StatusCode::OK);

        let info = app.info(&ada_token, &id).await;
        assert_eq!((&info["resourceId"], &info["name"]), (&json!(id), &json!("Checkout latency")));
        let deleted = &info["deleted"];
        assert_eq!((&deleted["at"], &deleted["by"]["name"]), (&json!(START.plus_seconds(5).as_millis()), &json!("Grace")));
        assert_eq!((&deleted["token"]["last4"], &deleted["request"]["method"]), (&json!(grace_token[36..]), &json!("DELETE")));
        assert_eq!(info["created"]["by"]["name"], "Grace");
        assert_eq!(info["lastContent"]["name"], "Checkout latency");
        assert_eq!(info["history"]["count"], 2);
        let path = format!("/v2/audit/info/dashboard/{id}");
        app.get(&path).token(&grace_token).send().await.expect(StatusCode::NOT_FOUND);
    }

    async fn other_readers_see_only_the_actor_and_the_time(database: Database) {
        let app = App::start(database).await;
        let grace = app.member("Grace", Role::Power).await;
        let karen = app.member("Karen", Role::ReadOnly).await;
        let (grace_token, karen_token) = (app.session_token(&grace).await, app.session_token(&karen).await);
        let id = app.dashboard_made_with(&grace_token).await;
        let change = json!({"at": START.as_millis(), "by": {"id": grace.id.to_string(), "name": "Grace"}});
        assert_eq!(app.info(&karen_token, &id).await, json!({
            "resourceType": "dashboard", "resourceId": id, "name": "Checkout latency", "created": change, "lastUpdated": change,
        }));
        assert_eq!(app.info(&grace_token, &id).await["created"]["by"]["email"], "grace@example.com");
    }

    async fn info_about_an_unknown_object_is_an_error(database: Database) {
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
