//! The end of a token: the warning before it, and the explanation to its holder after it.

use axum::http::{Method, StatusCode};
use domain::{
    identity::role::Role,
    platform::id::TokenId,
    tokens::token::{TokenFamily, TokenSecret},
};
use serde_json::json;
use testbed::on_both;

use crate::{
    ask::Answer,
    support::{App, PASSWORD, START},
};

const CHALLENGE: &str = "www-authenticate";

async fn describe(app: &App, secret: &str) -> Answer {
    app.get("/v2/session").token(secret).send().await
}

async fn missing_token(app: &App) -> Answer {
    app.get("/v2/session").send().await
}

async fn issue(app: &App, email: &str) -> (String, String) {
    let issued = app.sign_in(email, PASSWORD).await.json();
    let text = |field: &str| issued[field].as_str().unwrap().to_owned();
    (text("id"), text("accessToken"))
}

/// The description in the challenge of the 401 to this token.
async fn reason(app: &App, secret: &str) -> String {
    let rejected = describe(app, secret).await;
    rejected.expect(StatusCode::UNAUTHORIZED);
    assert_eq!(
        rejected.json(),
        missing_token(app).await.json(),
        "the body is the same for all"
    );
    let challenge = rejected.header(CHALLENGE);
    let description = challenge
        .strip_prefix("Bearer error=\"invalid_token\"")
        .expect(challenge);
    let description = description.strip_prefix(", error_description=");
    description.unwrap_or_default().trim_matches('"').to_owned()
}

on_both! {
    async fn an_ended_token_explains_itself_to_its_holder(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let bob = app.member("Bob", Role::Power).await;
        let admin = app.session_token(&ada).await;

        let (id, by_bob) = issue(&app, &bob.email).await;
        let browser = app.browser(&bob).await;
        app.service.tokens().revoke(&browser, TokenId::parse(&id).unwrap()).await.unwrap();
        let (id, by_ada) = issue(&app, &bob.email).await;
        app.service.tokens().revoke(&app.browser(&ada).await, TokenId::parse(&id).unwrap()).await.unwrap();
        let (_, by_itself) = issue(&app, &bob.email).await;
        app.delete("/v2/session").token(&by_itself).send().await.expect(StatusCode::NO_CONTENT);
        let signed_out = app.generated_token(&browser).await;
        app.service.identity().sign_out(&browser).await.unwrap();
        app.clock.set(START.plus_days(2));
        assert_eq!(reason(&app, &by_bob).await, "revoked by you 2 days ago");
        assert_eq!(reason(&app, &by_ada).await, "revoked by an administrator 2 days ago");
        assert_eq!(reason(&app, &by_itself).await, "revoked by you 2 days ago");
        assert_eq!(reason(&app, &signed_out).await, "ended by sign-out 2 days ago");

        app.clock.set(START.plus_days(33));
        assert_eq!(reason(&app, &admin).await, "expired 3 days ago");
        let (_, secret) = issue(&app, &bob.email).await;
        assert_eq!(describe(&app, &secret).await.status, StatusCode::OK);
        let browser = app.browser(&ada).await;
        app.service.identity().members().disable(&browser, bob.id).await.unwrap();
        app.clock.set(START.plus_days(33).plus_seconds(7_200));
        assert_eq!(reason(&app, &secret).await, "disabled 2 hours ago");
    }

    async fn an_org_token_explains_why_it_is_rejected(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let sender = app.org_token_for("sender", &["INGEST"], Role::Power).await;
        assert_eq!(reason(&app, &sender).await, "not accepted for this call");
        let caller = app.org_token("ci", Role::Power).await;
        let disabled = app.ask(Method::PUT, "/v2/token/ci").token(&admin).json(&json!({"disabled": true})).send().await;
        disabled.expect(StatusCode::OK);
        app.clock.set(START.plus_seconds(60));
        assert_eq!(reason(&app, &caller).await, "disabled 1 minute ago");
        let rotated = app.org_token("rotated", Role::Power).await;
        app.post("/v2/token/rotated/rotate").token(&admin).send().await.expect(StatusCode::OK);
        app.clock.set(START.plus_seconds(7_200));
        assert_eq!(reason(&app, &rotated).await, "rotated 1 hour ago");
    }

    async fn nothing_is_explained_about_a_token_that_is_not_known(database: Database) {
        let app = App::start(database).await;
        let known = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let foreign = TokenSecret::from_random(TokenFamily::User, &[7; 40]);
        assert_eq!(reason(&app, foreign.unwrap().reveal()).await, "");
        assert_eq!(reason(&app, "not a token").await, "");
        let other = if known.ends_with('0') { "1" } else { "0" };
        let mistyped = format!("{}{other}", &known[..known.len() - 1]);
        assert_eq!(reason(&app, &mistyped).await, "mistyped");
        let missing = missing_token(&app).await;
        missing.expect(StatusCode::UNAUTHORIZED);
        assert_eq!(missing.header(CHALLENGE), "Bearer");
        let wrong = app.sign_in("ada@example.com", "wrong").await;
        wrong.expect(StatusCode::UNAUTHORIZED);
        assert!(!wrong.headers.contains_key(CHALLENGE), "a password is no token");
    }

    async fn responses_warn_in_the_last_seven_days_of_a_token(database: Database) {
        let app = App::start(database).await;
        let secret = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let expiry = |answer: &Answer| {
            let header = |name| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
            (header("x-token-expires-at"), header("x-token-expires-in"))
        };
        let at = START.plus_days(30).to_whole_millis();
        let until = |seconds: i64| (Some(at.to_rfc3339()), Some(seconds.to_string()));
        let list = async || expiry(&app.get("/v2/team").token(&secret).send().await);
        let session = async || expiry(&describe(&app, &secret).await);
        assert_eq!((list().await, session().await), ((None, None), until(30 * 86_400)));
        app.clock.set(at.plus_days(-7));
        assert_eq!((list().await, session().await), ((None, None), until(7 * 86_400)));
        app.clock.set(at.plus_days(-7).plus_millis(1));
        assert_eq!((list().await, session().await), (until(7 * 86_400 - 1), until(7 * 86_400 - 1)));
        let refused = app.get("/v2/team/AAAAAAAAAAA").token(&secret).send().await;
        assert_eq!((refused.status, expiry(&refused)), (StatusCode::NOT_FOUND, until(7 * 86_400 - 1)));
        app.clock.set(at);
        assert_eq!(session().await, (None, None), "it is rejected");
    }
}
