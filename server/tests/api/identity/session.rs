//! `/v2/session`: issuing, reading, expiry and revocation of session tokens (docs/contract.md#credentials).

use axum::http::StatusCode;
use domain::{
    identity::role::{Role, RoleSet},
    platform::timestamp::Timestamp,
};
use serde_json::{Value, json};
use service::AuditRange;
use testbed::on_both;

use crate::support::{App, PASSWORD, START};

const INVALID_TOKEN: &str = "Invalid token specified.";
const WRONG_SIGN_IN: &str =
    "The email/password combination was entered incorrectly. Please try again.";
const THIRTY_DAYS_MS: i64 = 2_592_000_000;

impl App {
    async fn expect_live(&self, token: &str) -> Value {
        let answer = self.get("/v2/session").token(token).send().await;
        answer.expect(StatusCode::OK);
        answer.json()
    }

    async fn expect_rejected(&self, token: &str) {
        let answer = self.get("/v2/session").token(token).send().await;
        answer.expect_error(StatusCode::UNAUTHORIZED, INVALID_TOKEN);
    }
}

on_both! {
    async fn an_issued_session_token_matches_the_contract(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let answer = app.sign_in(" ADA@Example.com ", PASSWORD).await;
        answer.expect(StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/json");
        let mut body = answer.json();
        let secret = body["accessToken"].take();
        assert_eq!(secret.as_str().unwrap().len(), 40);
        assert!(body["id"].as_str().is_some_and(|id| id.len() == 11));
        assert!(body["personaId"].as_str().is_some_and(|id| id.len() == 11));
        let organization = app.service.identity().organization().await.unwrap().id.to_string();
        let (id, persona) = (body["id"].clone(), body["personaId"].clone());
        assert_eq!(body, json!({
            "accessToken": null, "authMethod": "UNDEFINED", "createdBy": ada.id.to_string(),
            "createdMs": START.as_millis(), "disabled": false, "email": "ada@example.com",
            "expiryMs": START.as_millis() + THIRTY_DAYS_MS, "id": id, "organizationId": organization,
            "personaId": persona, "readOnly": false, "sessionType": "ORG_USER", "updatedBy": null,
            "updatedMs": START.as_millis(), "userId": ada.id.to_string(), "userName": null,
        }));
        assert!(!answer.text().contains('\n'), "scripts read the body as one line");
    }

    async fn a_session_token_describes_itself(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Power).await;
        let token = app.session_token(&ada).await;
        let described = app.expect_live(&token).await;
        assert_eq!(described["kind"], "API_SESSION");
        assert_eq!(described["last4"], token[36..]);
        assert_eq!(described["userId"], ada.id.to_string());
        assert_eq!((&described["userName"], &described["email"]), (&json!("Ada"), &json!("ada@example.com")));
        assert_eq!(described["roles"], json!(["power"]));
        assert_eq!(described["createdMs"], START.as_millis());
        assert_eq!(described["expiryMs"], START.as_millis() + THIRTY_DAYS_MS);
        assert!(!described.to_string().contains(&token));

        let generated = app.generated_token(&app.browser(&ada).await).await;
        let described = app.expect_live(&generated).await;
        assert_eq!((&described["kind"], &described["name"]), (&json!("UI"), &json!("for a test")));

        let described = app.expect_live(&app.org_token("ci", Role::Usage).await).await;
        assert_eq!((&described["kind"], &described["name"], &described["userId"]), (&json!("ORG"), &json!("ci"), &Value::Null));
        assert_eq!(described["roles"], json!(["usage"]));
    }

    async fn a_token_is_rejected_from_its_expiry_time_on(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let by_password = app.session_token(&ada).await;
        let generated = app.generated_token(&app.browser(&ada).await).await;
        let end = Timestamp::from_millis(START.as_millis() + THIRTY_DAYS_MS);
        app.clock.set(end.plus_millis(-1));
        app.expect_live(&by_password).await;
        app.expect_live(&generated).await;
        app.clock.set(end);
        app.expect_rejected(&by_password).await;
        app.expect_rejected(&generated).await;
        app.delete("/v2/session").token(&by_password).send().await
            .expect_error(StatusCode::NOT_FOUND, "Session not found");
    }

    async fn signing_out_revokes_only_the_tokens_generated_in_that_session(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let by_password = app.session_token(&ada).await;
        let (here, elsewhere) = (app.browser(&ada).await, app.browser(&ada).await);
        let generated_here = app.generated_token(&here).await;
        let generated_elsewhere = app.generated_token(&elsewhere).await;
        for token in [&by_password, &generated_here, &generated_elsewhere] {
            app.expect_live(token).await;
        }
        app.service.identity().sign_out(&here).await.unwrap();
        app.expect_rejected(&generated_here).await;
        app.expect_live(&generated_elsewhere).await;
        app.expect_live(&by_password).await;
        app.service.identity().sign_out_everywhere(&elsewhere).await.unwrap();
        app.expect_rejected(&generated_elsewhere).await;
        app.expect_rejected(&by_password).await;
    }

    async fn a_revoked_token_is_rejected_immediately_and_cannot_be_revoked_again(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        for token in [app.session_token(&ada).await, app.generated_token(&app.browser(&ada).await).await] {
            app.expect_live(&token).await;
            let answer = app.delete("/v2/session").token(&token).send().await;
            answer.expect(StatusCode::NO_CONTENT);
            assert_eq!(answer.text(), "");
            app.expect_rejected(&token).await;
            app.delete("/v2/session").token(&token).send().await
                .expect_error(StatusCode::NOT_FOUND, "Session not found");
        }
    }

    async fn only_a_users_live_token_can_revoke_itself(database: Database) {
        let app = App::start(database).await;
        let org_token = app.org_token("ci", Role::Power).await;
        for token in [org_token.as_str(), "garbage"] {
            app.delete("/v2/session").token(token).send().await
                .expect_error(StatusCode::NOT_FOUND, "Session not found");
        }
        app.delete("/v2/session").send().await.expect_error(StatusCode::UNAUTHORIZED, INVALID_TOKEN);
        app.delete("/v2/session").token("").send().await.expect_error(StatusCode::UNAUTHORIZED, INVALID_TOKEN);
        app.expect_live(&org_token).await;
    }

    async fn all_failed_sign_ins_get_the_same_response(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let bob = app.member("Bob", Role::Power).await;
        app.service.identity().members().disable(&app.system().await, bob.id).await.unwrap();
        let other = json!({"email": ada.email, "password": PASSWORD, "organizationId": "AAAAAAAAAAA"});
        let answers = [
            app.sign_in(&ada.email, "not the right password").await,
            app.sign_in("unknown@example.com", PASSWORD).await,
            app.sign_in("no address at all", PASSWORD).await,
            app.sign_in(&bob.email, PASSWORD).await,
            app.post("/v2/session").json(&other).send().await,
        ];
        for answer in answers {
            answer.expect(StatusCode::UNAUTHORIZED);
            assert_eq!(answer.json(), json!({"code": 401, "type": "error", "status": 401, "message": WRONG_SIGN_IN}));
        }
    }

    async fn sign_in_accepts_an_organization_id_and_ignores_the_token_header(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let organization = app.service.identity().organization().await.unwrap().id.to_string();
        for named in [json!(organization), json!(""), Value::Null] {
            let body = json!({"email": ada.email, "password": PASSWORD, "organizationId": named});
            let answer = app.post("/v2/session").token("stale").token("").json(&body).send().await;
            answer.expect(StatusCode::OK);
        }
    }

    async fn role_changes_and_disabling_take_effect_on_tokens_immediately(database: Database) {
        let app = App::start(database).await;
        app.member("Ada", Role::Admin).await;
        let bob = app.member("Bob", Role::Power).await;
        let token = app.session_token(&bob).await;
        let system = app.system().await;
        assert_eq!(app.expect_live(&token).await["roles"], json!(["power"]));
        app.service.identity().members().set_roles(&system, bob.id, RoleSet::of(&[Role::ReadOnly])).await.unwrap();
        assert_eq!(app.expect_live(&token).await["roles"], json!(["read_only"]));
        app.service.identity().members().disable(&system, bob.id).await.unwrap();
        app.expect_rejected(&token).await;
        app.service.identity().members().enable(&system, bob.id).await.unwrap();
        app.expect_live(&token).await;
        app.service.identity().members().remove(&system, bob.id).await.unwrap();
        app.expect_rejected(&token).await;
    }

    async fn changing_a_password_requires_the_old_one(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::ReadOnly).await;
        let token = app.session_token(&ada).await;
        let update = |old: &str, new: &str| {
            let body = json!({"oldPassword": old, "newPassword": new});
            app.post("/v2/password/update").token(&token).json(&body)
        };
        update("not the right password", "a completely new one").send().await
            .expect_error(StatusCode::BAD_REQUEST, WRONG_SIGN_IN);
        update(PASSWORD, "short").send().await.expect(StatusCode::BAD_REQUEST);
        app.sign_in(&ada.email, PASSWORD).await.expect(StatusCode::OK);
        let answer = update(PASSWORD, "a completely new one").send().await;
        answer.expect(StatusCode::OK);
        assert_eq!(answer.text(), "");
        app.sign_in(&ada.email, PASSWORD).await.expect(StatusCode::UNAUTHORIZED);
        app.sign_in(&ada.email, "a completely new one").await.expect(StatusCode::OK);
        app.expect_live(&token).await;
    }

    async fn an_address_with_too_many_failures_gets_retry_after(database: Database) {
        let app = App::start(database).await;
        for number in 0..30 {
            app.sign_in(&format!("unknown{number}@example.com"), "").await.expect(StatusCode::UNAUTHORIZED);
        }
        let answer = app.sign_in("unknown@example.com", "").await;
        answer.expect(StatusCode::TOO_MANY_REQUESTS);
        let seconds: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=901).contains(&seconds), "{seconds}");
        app.clock.set(START.plus_seconds(901));
        app.sign_in("unknown@example.com", "").await.expect(StatusCode::UNAUTHORIZED);
    }

    async fn every_call_of_an_authenticated_caller_is_logged(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let answer = app.get("/v2//session/?x=y").token(&token).header("user-agent", b"curl/8.5.0").send().await;
        answer.expect(StatusCode::OK);
        app.post("/v2/password/update").token(&token).send().await.expect(StatusCode::BAD_REQUEST);
        let administrator = app.browser(&ada).await;
        let range = AuditRange {
            from: START,
            to: START.plus_millis(1),
            actor_id: Some(ada.id.0),
            token_id: None,
            object_id: None,
            newest_first: false,
        };
        let mut calls = Vec::new();
        for writes in [false, true] {
            app.service
                .audit()
                .walk_calls(&administrator, &range, writes, |call, _| {
                    calls.push(call.clone());
                    true
                })
                .await
                .unwrap();
        }
        let [read, write] = &calls[..] else { panic!("{calls:?}") };
        assert_eq!((read.route.as_ref(), read.path.as_ref(), read.status), ("/v2/session", "/v2/session", 200));
        assert_eq!(read.bytes, i64::try_from(answer.body.len()).unwrap());
        assert_eq!((read.source.address.as_str(), read.source.client.as_str()), ("203.0.113.7", "curl/8.5.0"));
        assert_eq!(read.request_id.to_string(), answer.header("x-request-id"));
        assert_eq!(read.source.credential.as_ref().unwrap().id.to_string(), answer.json()["id"]);
        assert_eq!((write.method.as_ref(), write.route.as_ref(), write.status), ("POST", "/v2/password/update", 400));
    }
}
