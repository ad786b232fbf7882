//! A request that creates something is sent again, because its response was lost: with an idempotency key it creates
//! one object, and every repeat gets the response to the first.

mod requests;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::{identity::role::Role, platform::limits::IDEMPOTENT_RESULT_SECONDS};
use serde_json::{Value, json};
use service::RemovalRun;
use testbed::{cancelled_after, on_both, smtp::MailServer};

use self::requests::requests;
use crate::{
    ask::Answer,
    support::{App, PASSWORD, START},
};

/// Every `POST` that creates nothing, or nothing that a repeat would create again.
const NOT_CREATING: &[&str] = &[
    "/v2/password/update",
    "/v2/dashboard/validate",
    "/v2/dashboardgroup/validate",
    "/v2/chart/validate",
    "/v2/detector/validate",
    "/v2/slo/validate",
    "/v2/slo/search",
    "/v2/metricruleset/generateAggregationMetricName",
    "/v2/apm/topology",
    "/v2/team/{id}/detector/{other}",
    "/v2/team/{id}/dashboardgroup/{other}",
    "/v2/datapoint",
    "/v2/datapoint/otlp",
    "/v2/event",
    "/v2/trace",
    "/v2/trace/signalfxv1",
    "/v2/trace/otlp",
];

impl App {
    /// The response to a request with an idempotency key.
    async fn keyed(&self, token: &str, path: &str, key: &str, body: &Value) -> Answer {
        let ask = self.post(path).header("idempotency-key", key.as_bytes());
        let ask = if token.is_empty() {
            ask
        } else {
            ask.token(token)
        };
        ask.json(body).send().await
    }

    async fn count_events(&self) -> String {
        self.texts("SELECT CAST(COUNT(*) AS TEXT) FROM audit_event")
            .await
            .concat()
    }

    /// The token of a new administrator.
    async fn ada(&self) -> String {
        let ada = self.member("Ada", Role::Admin).await;
        self.session_token(&ada).await
    }
}

#[test]
fn every_post_is_declared_to_create_something_or_not() {
    let table = server::api::routes().table();
    let posts = table.iter().filter(|spec| spec.method == "POST");
    let plain: BTreeSet<_> = posts
        .filter(|spec| !spec.creates)
        .map(|spec| spec.path)
        .collect();
    assert_eq!(plain, NOT_CREATING.iter().copied().collect::<BTreeSet<_>>());
}

on_both! {
    async fn each_creating_request_is_done_once_under_one_key(database: Database) {
        let app = App::start(database).await;
        let token = app.ada().await;
        for spec in server::api::routes().table().iter().filter(|spec| spec.creates) {
            let (path, first, second) = requests(&app, &token, spec.path).await;
            // A public route reads no token.
            let token = if spec.path == "/v2/session" { "" } else { token.as_str() };
            let done = app.keyed(token, &path, "one-key", &first).await;
            assert!(done.status.is_success(), "{path}: {}", done.text());
            assert_eq!(done.header("idempotent-replayed"), "");
            let events = app.count_events().await;
            for key in ["one-key", "\"one-key\""] {
                let again = app.keyed(token, &path, key, &first).await;
                assert_eq!((again.status, again.text()), (done.status, done.text()), "{path}");
                assert_eq!(again.header("idempotent-replayed"), "true", "{path}");
            }
            let other = app.keyed(token, &path, "one-key", &second).await;
            other.expect(StatusCode::CONFLICT);
            assert!(other.message().contains("used for another request"), "{path}: {}", other.text());
            assert_eq!(app.count_events().await, events, "{path}: a repeat leaves no event");
            let query = app.keyed(token, &format!("{path}?excludeCustom=false"), "one-key", &first).await;
            query.expect(StatusCode::CONFLICT);
        }
    }

    async fn a_repeat_is_a_call_like_any_other(database: Database) {
        let app = App::start(database).await;
        let token = app.ada().await;
        for _ in 0..2 {
            app.keyed(&token, "/v2/chart", "k", &json!({"name": "c", "options": {"type": "List"}})).await.expect(StatusCode::OK);
        }
        let calls = app.audit_events(&token, "sf_eventType=HttpRequest&sf_requestUri=/v2/chart").await;
        assert_eq!(calls.len(), 2, "{calls:?}");
    }

    async fn a_key_names_a_request_of_one_caller_and_one_route(database: Database) {
        let app = App::start(database).await;
        let ada = app.ada().await;
        let grace = app.session_token(&app.member("Grace", Role::Admin).await).await;
        let ci = app.org_token("ci", Role::Power).await;
        let named = json!({"name": "shared"});
        let mut ids = BTreeSet::new();
        for token in [&ada, &grace, &ci] {
            for path in ["/v2/dashboard", "/v2/dashboardgroup"] {
                let made = app.keyed(token, path, "1", &named).await;
                made.expect(StatusCode::OK);
                assert_eq!(made.header("idempotent-replayed"), "");
                ids.insert(made.json()["id"].to_string());
            }
        }
        assert_eq!(ids.len(), 6);
        let rotated = app.session_token(&app.service.identity().members().find_by_email("ada@example.com").await.unwrap()).await;
        let again = app.keyed(&rotated, "/v2/dashboard", "1", &named).await;
        assert_eq!(again.header("idempotent-replayed"), "true", "another token of the same user");
    }

    async fn a_repeat_needs_the_access_of_the_first_request(database: Database) {
        let app = App::start(database).await;
        let ada = app.ada().await;
        let grace = app.member("Grace", Role::Admin).await;
        let token = app.session_token(&grace).await;
        let body = json!({"name": "pipeline", "authScopes": ["API"]});
        app.keyed(&token, "/v2/token", "k", &body).await.expect(StatusCode::OK);
        let roles = domain::identity::role::RoleSet::of(&[Role::Power]);
        app.service.identity().members().set_roles(&app.system().await, grace.id, roles).await.unwrap();
        app.keyed(&token, "/v2/token", "k", &body).await.expect(StatusCode::FORBIDDEN);
        app.keyed("csu_garbage", "/v2/token", "k", &body).await.expect(StatusCode::UNAUTHORIZED);
        drop(ada);

        let sign_in = json!({"email": "grace@example.com", "password": PASSWORD});
        app.keyed("", "/v2/session", "k", &sign_in).await.expect(StatusCode::OK);
        let wrong = json!({"email": "grace@example.com", "password": "a wrong password"});
        app.keyed("", "/v2/session", "k", &wrong).await.expect(StatusCode::UNAUTHORIZED);
        app.service.identity().members().disable(&app.system().await, grace.id).await.unwrap();
        app.keyed("", "/v2/session", "k", &sign_in).await.expect(StatusCode::UNAUTHORIZED);
    }

    async fn a_malformed_key_is_rejected_and_creates_nothing(database: Database) {
        let app = App::start(database).await;
        let token = app.ada().await;
        let events = app.count_events().await;
        let long = "k".repeat(256);
        for key in ["", "a b", "\"open", "\u{e4}", long.as_str()] {
            let answer = app.keyed(&token, "/v2/dashboard", key, &json!({"name": "d"})).await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().contains("1 to 255 visible ASCII characters"), "{key}: {}", answer.text());
        }
        let twice = app.post("/v2/dashboard").token(&token).header("idempotency-key", b"a").header("idempotency-key", b"b");
        twice.json(&json!({"name": "d"})).send().await.expect(StatusCode::BAD_REQUEST);
        assert_eq!(app.count_events().await, events);
    }

    async fn a_rejected_request_may_be_corrected_under_the_same_key(database: Database) {
        let app = App::start(database).await;
        let token = app.ada().await;
        app.keyed(&token, "/v2/team", "k", &json!({})).await.expect(StatusCode::BAD_REQUEST);
        app.keyed(&token, "/v2/team", "k", &json!({"name": "SRE"})).await.expect(StatusCode::OK);
        app.keyed(&token, "/v2/team", "k", &json!({})).await.expect(StatusCode::BAD_REQUEST);
    }

    async fn many_requests_at_once_with_one_key_create_one_object(database: Database) {
        let app = App::start(database).await;
        let token = app.ada().await;
        let body = json!({"name": "pipeline", "authScopes": ["API"]});
        let answers = futures::future::join_all((0..16).map(|_| app.keyed(&token, "/v2/token", "k", &body))).await;
        let texts: BTreeSet<_> = answers.iter().map(Answer::text).collect();
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
        let first = answers.iter().filter(|answer| answer.header("idempotent-replayed").is_empty());
        assert_eq!(first.count(), 1);
    }

    async fn a_client_that_disconnects_at_any_point_and_repeats_creates_one_object(database: Database) {
        let app = App::start(database).await;
        let token = app.ada().await;
        let body = |waits: usize| json!({"name": format!("pipeline {waits}"), "authScopes": ["API"]});
        for waits in 0.. {
            let key = format!("key-{waits}");
            let is_cut = cancelled_after(waits, app.keyed(&token, "/v2/token", &key, &body(waits))).await.is_none();
            let again = app.keyed(&token, "/v2/token", &key, &body(waits)).await;
            again.expect(StatusCode::OK);
            let secret = again.json()["secret"].as_str().unwrap().to_owned();
            app.get("/v2/session").token(&secret).send().await.expect(StatusCode::OK);
            let found = format!("SELECT id FROM org_token WHERE name = 'pipeline {waits}'");
            assert_eq!(app.texts(&found).await.len(), 1);
            if !is_cut {
                assert_eq!(again.header("idempotent-replayed"), "true");
                assert!(waits > 0, "the request was cut at least once");
                return;
            }
        }
    }

    async fn the_database_has_neither_the_key_nor_the_secrets_of_a_result(database: Database) {
        let app = App::start(database).await;
        let token = app.ada().await;
        let key = "a-key-that-only-the-client-has";
        let issued = app.keyed("", "/v2/session", key, &json!({"email": "ada@example.com", "password": PASSWORD})).await;
        let org = app.keyed(&token, "/v2/token", key, &json!({"name": "ci", "authScopes": ["API"]})).await;
        let invited = app.keyed(&token, "/v2/organization/member", key, &json!({"email": "b@example.com"})).await;
        let link = invited.json()["inviteUrl"].as_str().unwrap().split_once("claim=").unwrap().1.to_owned();
        let dump = app.dump().await;
        assert_eq!(app.texts("SELECT CAST(created_at AS TEXT) FROM idempotent_result").await.len(), 3);
        for secret in [key, issued.json()["accessToken"].as_str().unwrap(), org.json()["secret"].as_str().unwrap(), &link] {
            assert!(!dump.contains(secret) && !dump.contains(&secret.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()), "{secret} is stored");
        }
    }

    async fn a_key_is_forgotten_after_a_day(database: Database) {
        let app = App::start(database).await;
        let body = json!({"name": "d"});
        let member = app.member("Ada", Role::Admin).await;
        let first = app.keyed(&app.session_token(&member).await, "/v2/dashboard", "k", &body).await.json();
        app.clock.set(START.plus_seconds(IDEMPOTENT_RESULT_SECONDS - 1));
        assert_eq!(app.service.audit().remove_idempotent_results(&RemovalRun::at(app.clock.now())).await.unwrap(), 0);
        let token = app.session_token(&member).await;
        assert_eq!(app.keyed(&token, "/v2/dashboard", "k", &body).await.json(), first);
        app.clock.set(START.plus_seconds(IDEMPOTENT_RESULT_SECONDS));
        let second = app.keyed(&token, "/v2/dashboard", "k", &body).await.json();
        assert_ne!(second["id"], first["id"], "though its row was not removed yet");
        app.clock.set(START.plus_seconds(2 * IDEMPOTENT_RESULT_SECONDS));
        assert_eq!(app.service.audit().remove_idempotent_results(&RemovalRun::at(app.clock.now())).await.unwrap(), 1);
    }

    async fn a_repeated_invitation_is_mailed_once(database: Database) {
        let mail = MailServer::rejecting("").await;
        let app = App::mailing(database, &mail.url).await;
        let token = app.ada().await;
        let given = json!({"email": "grace@example.com"});
        let first = app.keyed(&token, "/v2/organization/member", "k", &given).await.json();
        assert_eq!(first["inviteMailed"], true);
        assert_eq!(app.keyed(&token, "/v2/organization/member", "k", &given).await.json(), first);
        assert_eq!(mail.letters().len(), 1);
    }
}
