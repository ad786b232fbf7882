//! Org tokens over HTTP: permissions, escaping of names in paths, and rotation of secrets.

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::{ask::Answer, support::App};

async fn call(app: &App, token: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let ask = app.ask(method, path).token(token);
    match body {
        Some(body) => ask.json(body).send().await,
        None => ask.send().await,
    }
}

async fn works(app: &App, secret: &str) -> bool {
    let answer = app.get("/v2/session").token(secret).send().await;
    answer.status == StatusCode::OK
}

fn secret(answer: &Value) -> &str {
    answer["secret"].as_str().unwrap()
}

on_both! {
    async fn a_name_is_found_escaped_once_or_twice(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        // The name, escaped once, as by curl, and twice, as by the Go client.
        for (name, once, twice) in [
            ("plain", "plain", "plain"),
            ("my tok", "my%20tok", "my%2520tok"),
            ("a/b", "a%2Fb", "a%252Fb"),
            ("100%+x", "100%25+x", "100%2525+x"),
            ("ü", "%C3%BC", "%25C3%25BC"),
        ] {
            let made = call(&app, &admin, "POST", "/v2/token", Some(&json!({"name": name}))).await;
            made.expect(StatusCode::OK);
            for escaped in [once, twice] {
                let found = call(&app, &admin, "GET", &format!("/v2/token/{escaped}"), None).await;
                found.expect(StatusCode::OK);
                assert_eq!(found.json(), made.json(), "{escaped}");
                let listed = call(&app, &admin, "GET", &format!("/v2/token?limit=10&name={}&offset=0", escaped.replace('+', "%2B")), None).await;
                assert_eq!(listed.json()["results"][0]["name"], name, "{escaped}");
            }
            call(&app, &admin, "POST", "/v2/token", Some(&json!({"name": name}))).await.expect(StatusCode::BAD_REQUEST);
            call(&app, &admin, "DELETE", &format!("/v2/token/{twice}"), None).await.expect(StatusCode::NO_CONTENT);
            call(&app, &admin, "GET", &format!("/v2/token/{once}"), None).await.expect(StatusCode::NOT_FOUND);
        }
        call(&app, &admin, "POST", "/v2/token", Some(&json!({"name": ".."}))).await.expect(StatusCode::BAD_REQUEST);
        let list = call(&app, &admin, "GET", "/v2/token/", None).await;
        assert_eq!(list.json()["count"], 1, "only the default token is left");
    }

    async fn an_org_token_matches_the_contract(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let given = json!({"name": "ci-ingest", "description": "build agents", "authScopes": ["INGEST"],
            "limits": {"categoryQuota": {"1": 20, "2": 80, "3": 1000, "4": 100}, "categoryNotificationThreshold": {"1": 16}},
            "notifications": [{"type": "Email", "email": "ops@example.com"}], "disabled": false});
        let answer = call(&app, &admin, "POST", "/v2/token", Some(&given)).await;
        answer.expect(StatusCode::OK);
        let made = answer.json();
        for (field, value) in given.as_object().unwrap() {
            assert_eq!(&made[field], value, "{field}");
        }
        assert_eq!((&made["permissions"], &made["roles"], &made["exceedingLimits"]), (&Value::Null, &json!([]), &json!(false)));
        assert_eq!(made["latestRotation"], made["created"]);
        assert_eq!(made["expiry"].as_i64().unwrap() - made["created"].as_i64().unwrap(), 30 * 86_400_000);
        assert!(!works(&app, secret(&made)).await, "an ingest token cannot call the API");
        let path = "/v2/token/ci-ingest";
        let same = call(&app, &admin, "PUT", path, Some(&made)).await;
        assert_eq!(same.json(), made, "sending back what was read changes nothing");
        call(&app, &admin, "PUT", path, Some(&json!({"authScopes": ["API"]}))).await.expect(StatusCode::BAD_REQUEST);
        let renamed = call(&app, &admin, "PUT", path, Some(&json!({"name": "ci", "authScopes": ["INGEST"]}))).await.json();
        assert_eq!((&renamed["name"], &renamed["description"], &renamed["limits"]), (&json!("ci"), &json!(""), &json!({})));
        assert_eq!(renamed["secret"], made["secret"]);
    }

    async fn a_path_never_means_two_org_tokens(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let create = async |name: &str| call(&app, &admin, "POST", "/v2/token", Some(&json!({"name": name}))).await;
        create("my token").await.expect(StatusCode::OK);
        for alias in ["my%20token", "my%2520token"] {
            let rejected = create(alias).await;
            rejected.expect(StatusCode::BAD_REQUEST);
            assert!(rejected.message().contains("my token"), "{}", rejected.message());
        }
        create("a%2fb").await.expect(StatusCode::OK);
        create("a/b").await.expect(StatusCode::BAD_REQUEST);
        create("100%").await.expect(StatusCode::OK);
        // Escapes of characters that need none.
        create("k%41").await.expect(StatusCode::OK);
        create("kA").await.expect(StatusCode::BAD_REQUEST);
        create("kB").await.expect(StatusCode::OK);
        call(&app, &admin, "PUT", "/v2/token/kB", Some(&json!({"name": "kA"}))).await.expect(StatusCode::BAD_REQUEST);
        // A token may be renamed to an alias of itself.
        call(&app, &admin, "PUT", "/v2/token/my%20token", Some(&json!({"name": "my%20token"}))).await.expect(StatusCode::OK);
        create("my token").await.expect(StatusCode::BAD_REQUEST);
    }

    async fn org_tokens_are_listed_in_the_order_that_is_asked_for(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        call(&app, &admin, "DELETE", "/v2/token/Default", None).await.expect(StatusCode::NO_CONTENT);
        for (name, seconds) in [("b", 3_000), ("c", 1_000), ("a", 2_000)] {
            let given = json!({"name": name, "secondsUntilExpiry": seconds});
            call(&app, &admin, "POST", "/v2/token", Some(&given)).await.expect(StatusCode::OK);
            app.clock.set(app.clock.now().plus_seconds(1));
        }
        call(&app, &admin, "PUT", "/v2/token/c", Some(&json!({"name": "c", "description": "changed"}))).await.expect(StatusCode::OK);
        for (order, expected) in [
            ("", "abc"), ("orderBy=name", "abc"), ("orderBy=-name", "cba"), ("orderBy=created", "bca"),
            ("orderBy=-sf_created", "acb"), ("orderBy=lastUpdated", "bac"), ("orderBy=expiry", "cab"),
            ("order_by=-expiry", "bac"), ("orderBy=-unknown", "abc"),
        ] {
            let listed = app.get(&format!("/v2/token?{order}")).token(&admin).send().await.json();
            let names: String = listed["results"].as_array().unwrap().iter().filter_map(|token| token["name"].as_str()).collect();
            assert_eq!(names, expected, "{order}");
        }
    }

    async fn only_listed_readers_see_a_token_and_only_administrators_change_it(database: Database) {
        let app = App::start(database).await;
        let (ada, grace, karen) = (app.member("Ada", Role::Admin).await, app.member("Grace", Role::Power).await, app.member("Karen", Role::ReadOnly).await);
        let (admin, power, reader) = (app.session_token(&ada).await, app.session_token(&grace).await, app.session_token(&karen).await);
        let entry = |id| json!({"principalId": id, "principalType": "USER", "actions": ["READ", "WRITE"]});
        let given = json!({"name": "ci", "permissions": {"acl": [entry(grace.id), entry(karen.id)], "parent": null}});
        let made = call(&app, &admin, "POST", "/v2/token", Some(&given)).await.json();
        assert_eq!(made["permissions"], given["permissions"]);
        let own_secret = secret(&made).to_owned();

        let count = async |token: &str| call(&app, token, "GET", "/v2/token", None).await.json()["count"].clone();
        assert_eq!([count(&admin).await, count(&power).await, count(&reader).await, count(&own_secret).await], [2, 1, 1, 1]);
        assert_eq!(call(&app, &power, "GET", "/v2/token/ci", None).await.json()["secret"], made["secret"]);
        let read = call(&app, &reader, "GET", "/v2/token/ci", None).await.json();
        assert!(read.get("secret").is_none(), "{read}");
        call(&app, &power, "GET", "/v2/token/Default", None).await.expect(StatusCode::NOT_FOUND);
        call(&app, &own_secret, "GET", "/v2/token/Default", None).await.expect(StatusCode::NOT_FOUND);
        for token in [&power, &own_secret] {
            call(&app, token, "PUT", "/v2/token/ci", Some(&json!({"disabled": true}))).await.expect(StatusCode::FORBIDDEN);
            call(&app, token, "DELETE", "/v2/token/ci", None).await.expect(StatusCode::FORBIDDEN);
        }
        let kept = call(&app, &admin, "PUT", "/v2/token/ci", Some(&json!({}))).await.json();
        assert_eq!(kept["permissions"], made["permissions"]);
        let cleared = call(&app, &admin, "PUT", "/v2/token/ci", Some(&json!({"permissions": null}))).await.json();
        assert_eq!(cleared["permissions"], Value::Null);
        call(&app, &power, "GET", "/v2/token/ci", None).await.expect(StatusCode::NOT_FOUND);
        let unknown_reader = json!({"permissions": {"acl": [entry(domain::platform::id::UserId(domain::platform::id::Id::from_bits(7)))]}});
        call(&app, &admin, "PUT", "/v2/token/ci", Some(&unknown_reader)).await.expect(StatusCode::BAD_REQUEST);
    }

    async fn a_disabled_or_deleted_token_is_rejected_immediately(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let made = call(&app, &admin, "POST", "/v2/token", Some(&json!({"name": "ci"}))).await.json();
        assert!(works(&app, secret(&made)).await);
        let disabled = call(&app, &admin, "PUT", "/v2/token/ci", Some(&json!({"disabled": true}))).await;
        assert_eq!(disabled.json()["disabled"], true);
        assert!(!works(&app, secret(&made)).await);
        call(&app, &admin, "PUT", "/v2/token/ci", Some(&json!({}))).await.expect(StatusCode::OK);
        assert!(works(&app, secret(&made)).await);
        call(&app, &admin, "DELETE", "/v2/token/ci", None).await.expect(StatusCode::NO_CONTENT);
        assert!(!works(&app, secret(&made)).await);
    }

    async fn a_rotated_token_keeps_its_old_secret_for_the_grace_period(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let admin = app.session_token(&ada).await;
        let first = call(&app, &admin, "POST", "/v2/token", Some(&json!({"name": "ci", "secondsUntilExpiry": 1000}))).await.json();
        app.clock.set(app.clock.now().plus_seconds(10));
        let second = call(&app, &admin, "POST", "/v2/token/ci/rotate?graceful=60&secondsUntilExpiry=500", None).await.json();
        assert_ne!(secret(&first), secret(&second));
        assert_eq!(second["latestRotation"].as_i64().unwrap() - first["latestRotation"].as_i64().unwrap(), 10_000);
        assert_eq!(second["expiry"].as_i64().unwrap() - second["latestRotation"].as_i64().unwrap(), 500_000);
        assert!(works(&app, secret(&first)).await && works(&app, secret(&second)).await);
        assert_eq!(secret(&call(&app, &admin, "GET", "/v2/token/ci", None).await.json()), secret(&second));
        app.clock.set(app.clock.now().plus_seconds(60));
        assert!(!works(&app, secret(&first)).await, "the grace period has ended");
        let third = call(&app, &admin, "POST", "/v2/token/ci/rotate", None).await.json();
        assert!(!works(&app, secret(&second)).await && works(&app, secret(&third)).await);
        call(&app, &admin, "POST", "/v2/token/ci/rotate?graceful=never", None).await.expect(StatusCode::BAD_REQUEST);
        app.clock.set(app.clock.now().plus_days(30));
        let admin = app.session_token(&ada).await;
        call(&app, &admin, "POST", "/v2/token/ci/rotate", None).await.expect(StatusCode::BAD_REQUEST);
        assert_eq!(call(&app, &admin, "GET", "/v2/token/ci", None).await.status, StatusCode::OK, "an expired token is still readable");
    }
}
