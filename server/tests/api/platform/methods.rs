//! Methods as in RFC 9110: HEAD, OPTIONS and others; and pages of other origins (docs/contract.md#other-origins).

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use server::middleware::settings::EntrySettings;
use testbed::on_both;

use crate::{objects::documents::Client, support::App};

const METHODS: [Method; 6] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// Each path of the API with a value for each variable, and its methods.
fn paths() -> BTreeMap<String, Vec<&'static str>> {
    let mut paths: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for spec in server::api::routes().table() {
        let segments = spec.path.split('/').map(|segment| match segment {
            "{type}" => "team",
            "{name}" => "nothing",
            variable if variable.starts_with('{') => "AAAAAAAAAAE",
            literal => literal,
        });
        let path = segments.collect::<Vec<_>>().join("/");
        let methods = paths.entry(path).or_default();
        methods.push(spec.method);
        if spec.method == "GET" {
            methods.push("HEAD");
        }
    }
    paths
}

async fn with_origin(database: testbed::Database) -> App {
    let settings = EntrySettings {
        cors_origins: vec!["https://tools.example".to_owned()],
        ..EntrySettings::default()
    };
    App::with(database, settings).await
}

on_both! {
    async fn every_path_of_the_api_names_its_methods(database: Database) {
        let app = App::start(database).await;
        for (path, methods) in paths() {
            // A literal path that a path with a variable matches has the methods of both.
            if path.contains("/simple") || path.contains("/validate") {
                continue;
            }
            for method in METHODS.iter().filter(|method| !methods.contains(&method.as_str())) {
                let answer = app.ask(method.clone(), &path).send().await;
                answer.expect(StatusCode::METHOD_NOT_ALLOWED);
                let mut allowed: Vec<_> = answer.header("allow").split(',').collect();
                let mut expected = methods.clone();
                allowed.sort_unstable();
                expected.sort_unstable();
                assert_eq!(allowed, expected, "{method} {path}");
            }
            let options = app.ask(Method::OPTIONS, &path).send().await;
            options.expect(StatusCode::NO_CONTENT);
            assert!(options.header("allow").contains(methods[0]) && options.body.is_empty(), "{path}");
        }
        app.ask(Method::OPTIONS, "/v2/nope").send().await.expect(StatusCode::NOT_FOUND);
    }

    async fn head_has_the_headers_of_get_and_no_body(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let mut seen = 0;
        for (path, methods) in paths() {
            if !methods.contains(&"GET") {
                continue;
            }
            let get = client.call("GET", &path, None).await;
            let head = client.call("HEAD", &path, None).await;
            assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
            let mut headers = [get.headers, head.headers];
            for headers in &mut headers {
                headers.remove("x-request-id");
                // The counts of calls grow with each call.
                if ["/v2/usage", "/v2/ingest/recent"].contains(&path.as_str()) {
                    headers.remove("content-length");
                }
            }
            let [get, head] = headers;
            assert_eq!(head, get, "{path}");
            seen += 1;
        }
        assert!(seen > 30, "{seen}");
    }

    async fn a_page_of_a_configured_origin_may_call_the_api(database: Database) {
        let app = with_origin(database).await;
        let token = app.session_token(&app.member("Ada", Role::Power).await).await;
        let preflight = app.ask(Method::OPTIONS, "/v2/chart").header("origin", b"https://tools.example");
        let preflight = preflight.header("access-control-request-method", b"POST");
        let answer = preflight.header("access-control-request-headers", b"x-sf-token").send().await;
        answer.expect(StatusCode::NO_CONTENT);
        assert_eq!(answer.header("access-control-allow-origin"), "https://tools.example");
        assert!(answer.header("access-control-allow-methods").contains("POST"));
        for header in ["X-SF-TOKEN", "Authorization"] {
            assert!(answer.header("access-control-allow-headers").contains(header), "{header}");
        }
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        for (token, status) in [(token.as_str(), StatusCode::OK), ("garbage", StatusCode::UNAUTHORIZED)] {
            let answer = app.get("/v2/chart").token(token).header("origin", b"https://tools.example").send().await;
            answer.expect(status);
            assert_eq!(answer.header("access-control-allow-origin"), "https://tools.example");
            let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
            assert!(vary.iter().any(|value| *value == "origin"), "{vary:?}");
        }
        for (path, origin) in [("/v2/chart", "https://evil.example"), ("/v2/chart", "null"), ("/signin", "https://tools.example")] {
            let answer = app.get(path).token(&token).header("origin", origin.as_bytes()).send().await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path} {origin}");
        }
    }

    async fn by_default_no_page_of_another_origin_may_call_the_api(database: Database) {
        let app = App::start(database).await;
        let preflight = app.ask(Method::OPTIONS, "/v2/chart").header("origin", b"https://tools.example");
        let answer = preflight.header("access-control-request-method", b"POST").send().await;
        assert_eq!((answer.header("access-control-allow-origin"), answer.header("vary")), ("", ""));
    }
}
