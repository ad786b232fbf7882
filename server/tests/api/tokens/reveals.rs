//! Reading a stored secret is an audit event, and the page of a member lists the secrets that they have read.

use axum::http::{Method, StatusCode};
use domain::{
    audit::{
        event::{Action, ObjectType},
        query::{AuditFilter, PageDirection},
    },
    identity::{actor::Caller, role::Role},
    platform::id::{Id, UserId},
};
use serde_json::{Value, json};
use testbed::on_both;

use crate::support::App;

/// Who read the secret of which object, oldest first.
async fn reveals(app: &App, auditor: &Caller) -> Vec<(String, String)> {
    let filter = AuditFilter {
        action: Some(Action::Reveal),
        ..AuditFilter::default()
    };
    let audit = app.service.audit();
    let found = audit
        .list_events(auditor, &filter, PageDirection::NEWEST, 100)
        .await
        .unwrap();
    let events = found.rows.into_iter().rev().map(|row| row.event);
    events
        .map(|event| (event.by.actor_name, event.object.name))
        .collect()
}

/// The names of the org tokens with a working secret that this member has read.
async fn read_by(app: &App, auditor: &Caller, member: UserId) -> Vec<String> {
    let org_tokens = app.service.tokens();
    let found = org_tokens.org().list_read_secrets(auditor, member).await;
    found
        .unwrap()
        .into_iter()
        .map(|read| read.token.name)
        .collect()
}

fn pair(actor: &str, object: &str) -> (String, String) {
    (actor.to_owned(), object.to_owned())
}

on_both! {
    async fn each_token_that_reads_a_secret_is_recorded_once(database: Database) {
        let app = App::start(database).await;
        let (ada, grace, karen) = (app.member("Ada", Role::Admin).await, app.member("Grace", Role::Power).await, app.member("Karen", Role::ReadOnly).await);
        let (admin, reader) = (app.session_token(&ada).await, app.session_token(&karen).await);
        let powers = [app.session_token(&grace).await, app.session_token(&grace).await];
        let entry = |id| json!({"principalId": id, "principalType": "USER", "actions": ["READ"]});
        let given = json!({"name": "ci", "permissions": {"acl": [entry(grace.id), entry(karen.id)]}});
        app.post("/v2/token").token(&admin).json(&given).send().await.expect(StatusCode::OK);
        let auditor = app.browser(&ada).await;
        assert_eq!(reveals(&app, &auditor).await, []);

        // A reader sees the token without its secret.
        assert_eq!(app.get("/v2/token/ci").token(&reader).send().await.json()["secret"], Value::Null);
        assert_eq!(reveals(&app, &auditor).await, []);
        for _ in 0..3 {
            for power in &powers {
                assert!(app.get("/v2/token/ci").token(power).send().await.json()["secret"].is_string());
                app.get("/v2/token?name=ci").token(power).send().await.expect(StatusCode::OK);
            }
        }
        assert_eq!(reveals(&app, &auditor).await, [pair("Grace", "ci"), pair("Grace", "ci")]);

        app.clock.set(app.clock.now().plus_seconds(1));
        app.post("/v2/token/ci/rotate?graceful=0").token(&admin).send().await.expect(StatusCode::OK);
        app.get("/v2/token/ci").token(&powers[0]).send().await.expect(StatusCode::OK);
        assert_eq!(reveals(&app, &auditor).await.len(), 3, "the new secret is another one");
    }

    async fn a_page_that_shows_a_secret_is_recorded_each_time(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let admin = app.session_token(&ada).await;
        let made = app.post("/v2/token").token(&admin).json(&json!({"name": "ci"})).send().await.json();
        let id = Id::parse(made["id"].as_str().unwrap()).unwrap();
        let browser = app.browser(&ada).await;
        for _ in 0..2 {
            app.service.tokens().org().reveal(&browser, id).await.unwrap();
        }
        assert_eq!(reveals(&app, &browser).await, [pair("Ada", "ci"), pair("Ada", "ci")]);
    }

    async fn reading_the_secret_of_an_integration_is_recorded(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let admin = app.session_token(&ada).await;
        let hook = json!({"type": "Webhook", "name": "hook", "url": "https://example.com", "sharedSecret": "hunter2"});
        let made = app.post("/v2/integration").token(&admin).json(&hook).send().await.json();
        let plain = json!({"type": "Webhook", "name": "plain", "url": "https://example.com"});
        app.post("/v2/integration").token(&admin).json(&plain).send().await.expect(StatusCode::OK);
        let path = format!("/v2/integration/{}", made["id"].as_str().unwrap());
        let reader = app.session_token(&app.member("Karen", Role::ReadOnly).await).await;
        for _ in 0..2 {
            app.get("/v2/integration").token(&reader).send().await.expect(StatusCode::OK);
            app.get("/v2/integration").token(&admin).send().await.expect(StatusCode::OK);
            assert_eq!(app.get(&path).token(&admin).send().await.json()["sharedSecret"], "hunter2");
        }
        let auditor = app.browser(&ada).await;
        assert_eq!(reveals(&app, &auditor).await, [pair("Ada", "hook")]);

        // The pages of an integration do not get its secrets.
        let id = Id::parse(made["id"].as_str().unwrap()).unwrap();
        let on_page = app.service.integrations().find(&auditor, id).await.unwrap();
        assert_eq!(on_page.secret_places, ["sharedSecret"]);
        assert_eq!(on_page.integration.document.get("sharedSecret"), None);
        assert_eq!(reveals(&app, &auditor).await.len(), 1);
    }

    async fn a_change_that_returns_a_secret_is_recorded(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let admin = app.session_token(&ada).await;
        let auditor = app.browser(&ada).await;
        app.post("/v2/token").token(&admin).json(&json!({"name": "ci"})).send().await.expect(StatusCode::OK);
        let put = async |description: &str| {
            let given = json!({"name": "ci", "description": description});
            let answer = app.ask(Method::PUT, "/v2/token/ci").token(&admin).json(&given).send().await;
            assert!(answer.json()["secret"].is_string());
        };
        put("").await;
        assert_eq!(reveals(&app, &auditor).await, [pair("Ada", "ci")], "also when nothing changes");
        put("changed").await;
        assert_eq!(reveals(&app, &auditor).await.len(), 1, "the same token has read it");
        let hook = json!({"type": "Webhook", "name": "hook", "sharedSecret": "hunter2"});
        let made = app.post("/v2/integration").token(&admin).json(&hook).send().await.json();
        let path = format!("/v2/integration/{}", made["id"].as_str().unwrap());
        let given = json!({"type": "Webhook", "name": "renamed"});
        let answer = app.ask(Method::PUT, &path).token(&admin).json(&given).send().await;
        assert_eq!(answer.json()["sharedSecret"], "hunter2");
        assert_eq!(reveals(&app, &auditor).await[1..], [pair("Ada", "renamed")]);
    }

    async fn a_member_page_lists_the_working_secrets_that_the_member_has_read(database: Database) {
        let app = App::start(database).await;
        let (ada, grace) = (app.member("Ada", Role::Admin).await, app.member("Grace", Role::Admin).await);
        let (adas, graces) = (app.session_token(&ada).await, app.session_token(&grace).await);
        let auditor = app.browser(&ada).await;
        for (name, token) in [("read", &adas), ("unread", &adas), ("deleted", &adas), ("made", &graces)] {
            app.post("/v2/token").token(token).json(&json!({"name": name})).send().await.expect(StatusCode::OK);
        }
        for name in ["read", "deleted"] {
            app.get(&format!("/v2/token/{name}")).token(&graces).send().await.expect(StatusCode::OK);
        }
        app.delete("/v2/token/deleted").token(&adas).send().await.expect(StatusCode::NO_CONTENT);
        assert_eq!(read_by(&app, &auditor, grace.id).await, ["made", "read"]);

        // The old secret works during the grace period.
        app.clock.set(app.clock.now().plus_seconds(1));
        app.post("/v2/token/read/rotate?graceful=60").token(&adas).send().await.expect(StatusCode::OK);
        assert_eq!(read_by(&app, &auditor, grace.id).await, ["made", "read"]);
        app.post("/v2/token/read/rotate?graceful=0").token(&adas).send().await.expect(StatusCode::OK);
        assert_eq!(read_by(&app, &auditor, grace.id).await, ["made"]);
        let karen = app.member("Karen", Role::Power).await;
        let denied = app.service.tokens().org().list_read_secrets(&app.browser(&karen).await, grace.id).await;
        assert!(denied.is_err());
    }

    async fn a_denied_reveal_is_recorded_as_one(database: Database) {
        let app = App::start(database).await;
        let (ada, karen) = (app.member("Ada", Role::Admin).await, app.member("Karen", Role::ReadOnly).await);
        let admin = app.session_token(&ada).await;
        let acl = json!([{"principalId": karen.id, "principalType": "USER", "actions": ["READ"]}]);
        let given = json!({"name": "ci", "permissions": {"acl": acl}});
        let made = app.post("/v2/token").token(&admin).json(&given).send().await.json();
        let signed_in = app.service.identity().sign_in(&karen.email, crate::support::PASSWORD, &crate::support::request_meta()).await.unwrap();
        let fields = format!("id={}", made["id"].as_str().unwrap());
        app.form(&signed_in, "/ui/access-token/reveal", &fields).await.send().await.expect(StatusCode::FORBIDDEN);
        let auditor = app.browser(&ada).await;
        let filter = AuditFilter { action: Some(Action::Reveal), ..AuditFilter::default() };
        let found = app.service.audit().list_events(&auditor, &filter, PageDirection::NEWEST, 9).await.unwrap();
        let [denied] = &found.rows[..] else { panic!("{found:?}") };
        assert_eq!((denied.event.outcome.label(), denied.event.object.kind), ("denied", ObjectType::OrgToken));
    }
}
