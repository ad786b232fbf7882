//! Malformed requests get an error of the contract, never a 5xx, and change nothing.

use axum::http::{Method, StatusCode};
use domain::{identity::role::Role, platform::limits};
use service::AuditRange;
use testbed::on_both;

use crate::support::{App, START};

const INVALID_TOKEN: &str = "Invalid token specified.";

/// The number of events in the audit log.
pub(crate) async fn audit_event_count(
    app: &App,
    administrator: &domain::identity::actor::Caller,
) -> usize {
    let range = AuditRange {
        from: START.plus_days(-1),
        to: START.plus_days(1),
        actor_id: None,
        token_id: None,
        object_id: None,
        newest_first: false,
    };
    let mut count = 0;
    app.service
        .audit()
        .walk_events(administrator, &range, |_| {
            count += 1;
            true
        })
        .await
        .unwrap();
    count
}

on_both! {
    async fn a_missing_or_malformed_credential_is_a_401(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let flipped = token[..39].to_owned() + if token.ends_with('0') { "1" } else { "0" };
        let ingest = app.org_token_for("in", &["INGEST"], Role::Power).await;
        let refused = [
            app.get("/v2/session"),
            app.get("/v2/session").token(""),
            app.get("/v2/session").token("garbage"),
            app.get("/v2/session").token(&flipped),
            app.get("/v2/session").token(&token[..39]),
            app.get("/v2/session").token(&format!("{token}0")),
            app.get("/v2/session").token(&token.to_uppercase()),
            app.get("/v2/session").token(&format!("csu_{}", "0".repeat(36))),
            app.get("/v2/session").token(&ingest),
            app.get("/v2/session").header("x-sf-token", b"\xff\xfe\xfd"),
            app.get("/v2/session").header("x-sf-token", &[token.as_bytes(), b"\xff"].concat()),
            app.get("/v2/session").token(&token).token(&token),
            app.get("/v2/session").token(&token).token(""),
            app.get("/v2/session").header("authorization", format!("Bearer {token}").as_bytes()),
            app.get("/v2/session").header("cookie", format!("X-SF-TOKEN={token}").as_bytes()),
            app.get(&format!("/v2/session?token={token}&X-SF-TOKEN={token}")),
        ];
        for ask in refused {
            let answer = ask.send().await;
            answer.expect_error(StatusCode::UNAUTHORIZED, INVALID_TOKEN);
        }
        app.get("/v2/session").token(&token).send().await.expect(StatusCode::OK);
    }

    async fn an_unreadable_body_is_a_400_and_changes_nothing(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let administrator = app.browser(&ada).await;
        let before = audit_event_count(&app, &administrator).await;
        let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
        let bodies: [&[u8]; 16] = [
            b"", b"   ", b"{", b"}", b"{admin: true}", b"{\"email\":}", b"[]", b"\"text\"", b"1", b"null", b"\xff\xfe",
            b"{\"email\": \"\xc3\x28\", \"password\": \"x\"}", br#"{"email": "\ud800", "password": "x"}"#,
            br#"{"email": "a\u0000b", "password": "x"}"#, br#"{"email": 1, "password": ["x"]}"#, deep.as_bytes(),
        ];
        for path in ["/v2/session", "/v2/password/update"] {
            for body in bodies {
                let answer = app.post(path).token(&token).body(body.to_vec()).send().await;
                answer.expect(StatusCode::BAD_REQUEST);
            }
        }
        assert_eq!(audit_event_count(&app, &administrator).await, before);
    }

    async fn the_content_type_is_ignored_if_the_body_parses(database: Database) {
        let app = App::start(database).await;
        app.member("Ada", Role::Admin).await;
        let body = format!(r#"{{"email":"ada@example.com","password":"{}","new":{{"field":[1]}}}}"#, crate::support::PASSWORD);
        for content_type in ["application/json; charset=utf-8", "application/x-www-form-urlencoded", "text/plain", "\u{7f}"] {
            if let Ok(value) = axum::http::HeaderValue::from_str(content_type) {
                let ask = app.post("/v2/session").header("content-type", value.as_bytes());
                ask.body(body.clone()).send().await.expect(StatusCode::OK);
            }
        }
        app.post("/v2/session").body(body).send().await.expect(StatusCode::OK);
    }

    async fn a_body_over_the_limit_is_a_413(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let document = |bytes: usize| {
            let start = r#"{"email":"unknown@example.com","password":"x","padding":""#;
            format!("{start}{}\"}}", "x".repeat(bytes - start.len() - 2))
        };
        let anonymous = || app.post("/v2/session");
        let authenticated = || app.post("/v2/password/update").token(&token);
        for (ask, limit, within) in [
            (&anonymous as &dyn Fn() -> _, limits::ANONYMOUS_BODY_BYTES, StatusCode::UNAUTHORIZED),
            (&authenticated, limits::BODY_BYTES, StatusCode::BAD_REQUEST),
        ] {
            ask().body(document(limit)).send().await.expect(within);
            let answer = ask().body(document(limit + 1)).send().await;
            answer.expect(StatusCode::PAYLOAD_TOO_LARGE);
            assert!(answer.message().contains(&limit.to_string()));
        }
        let pieces = futures::stream::iter((0..20).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1 << 16])));
        let endless = axum::body::Body::from_stream(pieces);
        app.post("/v2/session").body(endless).send().await.expect(StatusCode::PAYLOAD_TOO_LARGE);
    }

    async fn an_interrupted_body_is_a_400(database: Database) {
        let app = App::start(database).await;
        let broken = futures::stream::iter([Ok(b"{".to_vec()), Err(std::io::Error::other("gone"))]);
        let answer = app.post("/v2/session").body(axum::body::Body::from_stream(broken)).send().await;
        answer.expect(StatusCode::BAD_REQUEST);
    }

    async fn an_unknown_path_is_a_404_and_an_unknown_method_a_405(database: Database) {
        let app = App::start(database).await;
        for path in ["/v2", "/v2/", "/v2/nope", "/v2/session/x", "/v2/%73ession", "/v2/session%2F", "/v2/..%2f", "/v2/%00", "/v2/%ff"] {
            app.get(path).send().await.expect(StatusCode::NOT_FOUND);
            app.post(path).send().await.expect(StatusCode::NOT_FOUND);
        }
        for method in [Method::PUT, Method::PATCH, Method::TRACE] {
            let answer = app.ask(method, "/v2/session").send().await;
            answer.expect(StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(answer.header("allow"), "POST,DELETE,GET,HEAD");
        }
        app.get("/v2/password/update").send().await.expect(StatusCode::METHOD_NOT_ALLOWED);
    }

    async fn extra_slashes_are_accepted_without_a_redirect(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        for path in ["//v2/session", "/v2//session", "/v2/session/", "///v2///session///", "/v2/session?", "/v2/session/?a=b&c"] {
            app.get(path).token(&token).send().await.expect(StatusCode::OK);
        }
        let answer = app.ask(Method::HEAD, "/v2/session").token(&token).send().await;
        answer.expect(StatusCode::OK);
        assert_eq!(answer.text(), "");
    }
}
