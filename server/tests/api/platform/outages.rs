//! Pages whose data cannot be read are error pages. They never show an object that could not be read as missing.

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::{
    ask::Answer,
    support::{App, PASSWORD, request_meta},
};

/// A signed-in administrator and the objects whose pages are opened.
struct Visit {
    app: App,
    cookie: String,
    team: String,
    detector: String,
    group: String,
    dashboard: String,
    access_token: String,
    token: String,
}

impl Visit {
    /// A detector of a team that notifies through an integration.
    async fn start(app: App) -> Self {
        let grace = app.member("Grace", Role::Admin).await;
        let token = app.session_token(&grace).await;
        let team = create(&app, &token, "/v2/team", &json!({"name": "Checkout"})).await;
        let webhook = json!({"type": "Webhook", "name": "pager", "enabled": true, "url": "https://example.com/hook"});
        let integration = create(&app, &token, "/v2/integration", &webhook).await;
        let rule = json!({
            "detectLabel": "slow", "severity": "Critical",
            "notifications": [{"type": "Webhook", "credentialId": integration}],
        });
        let detector = json!({
            "name": "latency", "programText": "detect(when(data('latency') > 1)).publish('slow')",
            "rules": [rule], "teams": [team],
        });
        let detector = create(&app, &token, "/v2/detector", &detector).await;
        let group = create(
            &app,
            &token,
            "/v2/dashboardgroup",
            &json!({"name": "Shop", "teams": [team]}),
        )
        .await;
        let dashboard = json!({"name": "Checkout", "groupId": group});
        let dashboard = create(&app, &token, "/v2/dashboard", &dashboard).await;
        let reader = json!({"principalId": team, "principalType": "TEAM", "actions": ["READ"]});
        let access_token = json!({"name": "ci", "permissions": {"acl": [reader]}});
        let access_token = create(&app, &token, "/v2/token", &access_token).await;
        let session = app.get("/v2/session").token(&token).send().await.json();
        let meta = request_meta();
        let identity = app.service.identity();
        let signed_in = identity.sign_in(&grace.email, PASSWORD, &meta).await;
        let cookie = signed_in.unwrap().cookie.reveal().to_owned();
        Self {
            cookie: format!("countersign_session={cookie}"),
            token: text(&session["id"]),
            team,
            detector,
            group,
            dashboard,
            access_token,
            app,
        }
    }

    async fn open(&self, path: &str) -> Answer {
        let ask = self.app.get(path).header("host", b"lan:3000");
        let ask = ask.header("cookie", self.cookie.as_bytes());
        let ask = ask.header("accept", b"text/html,application/xhtml+xml,*/*;q=0.8");
        ask.send_allowing_5xx().await
    }

    /// Each page with a table that it reads after the session and the object itself.
    fn pages(&self) -> Vec<(String, &'static str)> {
        let Self {
            detector,
            access_token,
            token,
            ..
        } = self;
        vec![
            (format!("/detectors/{detector}"), "integration_check"),
            (format!("/detectors/{detector}/permissions"), "team_member"),
            (
                format!("/detectors/{detector}?show=permissions"),
                "team_member",
            ),
            (format!("/access-tokens/{access_token}/edit"), "team_member"),
            (format!("/audit?token={token}"), "token"),
            ("/audit?person=AAAAAAAAAAE".to_owned(), "org_token"),
        ]
    }
}

async fn create(app: &App, token: &str, path: &str, body: &Value) -> String {
    let answer = app.post(path).token(token).json(body).send().await;
    answer.expect(StatusCode::OK);
    text(&answer.json()["id"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

on_both! {
    async fn a_failed_lookup_is_not_shown_as_a_missing_object(database: Database) {
        let visit = Visit::start(App::start(database).await).await;
        for (path, table) in visit.pages() {
            visit.open(&path).await.expect(StatusCode::OK);
            visit.app.tamper(&format!("ALTER TABLE {table} RENAME TO broken")).await;
            let answer = visit.open(&path).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path} without {table}: {}", answer.text());
            visit.app.tamper(&format!("ALTER TABLE broken RENAME TO {table}")).await;
        }
    }

    async fn an_object_that_cannot_be_read_is_not_left_out(database: Database) {
        let visit = Visit::start(App::start(database).await).await;
        let Visit { team, detector, group, dashboard, .. } = &visit;
        for (path, broken) in [
            (format!("/teams/{team}"), detector),
            (format!("/teams/{team}"), group),
            (format!("/dashboards/{dashboard}"), group),
            (format!("/dashboard-groups/{group}"), dashboard),
            (format!("/dashboard-groups/{group}"), team),
            (format!("/detectors/{detector}"), team),
        ] {
            visit.open(&path).await.expect(StatusCode::OK);
            let set = |kind: &str| format!("UPDATE object SET created_via = {kind} WHERE id = '{broken}'");
            visit.app.tamper(&set("created_via || '}'")).await;
            let answer = visit.open(&path).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path} without {broken}: {}", answer.text());
            visit.app.tamper(&set("substr(created_via, 1, length(created_via) - 1)")).await;
        }
    }

    async fn a_page_shows_why_a_lookup_failed(database: Database) {
        let visit = Visit::start(App::start(database).await).await;
        let unknown = visit.open("/tokens?revoke=AAAAAAAAAAE").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert!(unknown.text().contains("banner banner-error"), "{}", unknown.text());
        visit.app.tamper("ALTER TABLE organization RENAME TO broken").await;
        for path in ["/", "/signin"] {
            let answer = visit.open(path).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            assert!(answer.text().contains("Something went wrong on the server."), "{path}: {}", answer.text());
        }
    }
}
