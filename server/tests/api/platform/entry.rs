//! Security headers on every response, protection against cross-site requests, and health endpoints.

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use server::middleware::{settings::EntrySettings, trusted_proxies::TrustedProxies};
use testbed::on_both;

use crate::support::App;

fn nonce(policy: &str) -> &str {
    policy
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .expect("the policy has a nonce")
}

on_both! {
    async fn each_page_has_a_strict_policy_with_its_own_nonce(database: Database) {
        let app = App::start(database).await;
        let first = app.get("/signin").header("host", b"localhost").send().await;
        let second = app.get("/signin").header("host", b"lan:3000").send().await;
        first.expect(StatusCode::OK);
        assert!(first.text().contains("</html>"));
        let policy = first.header("content-security-policy");
        for part in ["'strict-dynamic'", "'wasm-unsafe-eval'", "base-uri 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(first.text().contains(nonce(policy)));
        assert_ne!(nonce(policy), nonce(second.header("content-security-policy")));
        assert_eq!(first.header("cache-control"), "no-store");
        assert_eq!(first.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(second.header("cross-origin-opener-policy"), "", "browsers ignore it on insecure origins and log a warning");
        assert_eq!(first.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(first.header("referrer-policy"), "same-origin");
        assert_eq!(first.header("strict-transport-security"), "");
    }

    async fn an_unknown_page_is_a_404_page(database: Database) {
        let app = App::start(database).await;
        for path in ["/nope", "/signin/nope", "/%ff", "/%00"] {
            let answer = app.get(path).header("accept", b"text/html").send().await;
            answer.expect(StatusCode::NOT_FOUND);
            assert!(answer.text().contains("</html>"), "{path}");
        }
        app.get("/pkg/nope.js").send().await.expect(StatusCode::NOT_FOUND);
    }

    async fn state_changing_requests_are_accepted_from_own_pages_only(database: Database) {
        let app = App::start(database).await;
        for path in ["/ui/sign_in", "/dashboards/new", "/integrations/new"] {
            app.post(path).send().await.expect(StatusCode::FORBIDDEN);
            app.post(path).header("sec-fetch-site", b"cross-site").send().await.expect(StatusCode::FORBIDDEN);
            app.post(path).header("origin", b"https://evil.example").header("host", b"localhost").send().await
                .expect(StatusCode::FORBIDDEN);
        }
        let ours = app.post("/ui/nope").header("sec-fetch-site", b"same-origin").send().await;
        ours.expect(StatusCode::NOT_FOUND);
        let ours = app.post("/ui/nope").header("origin", b"http://lan:3000").header("host", b"lan:3000").send().await;
        ours.expect(StatusCode::NOT_FOUND);
    }

    async fn an_unknown_path_is_a_404_with_the_error_body_for_programs(database: Database) {
        let app = App::start(database).await;
        let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        for path in ["/v1/traces", "/v1/collectd", "/v2", "/v2/nope", "/v3/team", "/nope", "/dashboards/x/y/z", "/pkg/nope.js"] {
            for method in &methods {
                for accept in ["", "*/*", "application/json"] {
                    let answer = app.ask(method.clone(), path).header("accept", accept.as_bytes()).send().await;
                    answer.expect(StatusCode::NOT_FOUND);
                    if *method != Method::HEAD {
                        assert_eq!(answer.json()["code"], 404, "{method} {path} {accept}");
                    }
                }
            }
        }
        // A browser gets a page, whatever site it comes from: nothing is changed.
        let foreign = app.post("/nope").header("accept", b"text/html").header("sec-fetch-site", b"cross-site").send().await;
        foreign.expect(StatusCode::NOT_FOUND);
        assert!(foreign.text().contains("</html>"));
    }

    async fn a_page_answers_other_methods_with_405(database: Database) {
        let app = App::start(database).await;
        for (path, allowed) in [
            ("/", "GET,HEAD"),
            ("/teams", "GET,HEAD"),
            ("/dashboards/new", "GET,HEAD,POST"),
            ("/audit/export", "GET,HEAD"),
            ("/ui/sign-in", "POST"),
            ("/ui/nope", "POST"),
            ("/healthz", "GET,HEAD"),
        ] {
            for method in [Method::PUT, Method::PATCH, Method::DELETE] {
                for site in ["same-origin", "cross-site"] {
                    let ask = app.ask(method.clone(), path).header("sec-fetch-site", site.as_bytes());
                    let answer = ask.send().await;
                    answer.expect(StatusCode::METHOD_NOT_ALLOWED);
                    assert_eq!(answer.header("allow"), allowed, "{method} {path}");
                    assert_eq!(answer.json()["code"], 405, "{method} {path}");
                }
            }
            let posted = app.post(path).header("sec-fetch-site", b"same-origin").send().await;
            if !allowed.contains("POST") {
                posted.expect(StatusCode::METHOD_NOT_ALLOWED);
                assert_eq!((posted.header("allow"), posted.json()["code"].as_u64()), (allowed, Some(405)), "{path}");
            }
            let browser = app.ask(Method::PUT, path).header("accept", b"text/html").send().await;
            browser.expect(StatusCode::METHOD_NOT_ALLOWED);
            assert!(browser.text().contains("</html>"), "{path}");
            let options = app.ask(Method::OPTIONS, path).send().await;
            options.expect(StatusCode::NO_CONTENT);
            assert_eq!(options.header("allow"), allowed, "{path}");
        }
    }

    async fn an_anonymous_body_is_short(database: Database) {
        let app = App::start(database).await;
        let too_large = domain::platform::limits::ANONYMOUS_BODY_BYTES + 1;
        let password = "x".repeat(too_large);
        let form = |path: &str| {
            let ask = app.post(path).header("sec-fetch-site", b"same-origin");
            ask.header("content-type", b"application/x-www-form-urlencoded").body(format!("password={password}"))
        };
        for ask in [form("/ui/sign-in"), form("/dashboards/new"), app.post("/v2/session").body(password.clone())] {
            ask.send().await.expect(StatusCode::PAYLOAD_TOO_LARGE);
        }
    }

    async fn an_unreadable_form_is_a_client_error(database: Database) {
        let app = App::start(database).await;
        let too_large = vec![b'x'; domain::platform::limits::BODY_BYTES + 1];
        let post = |body: Vec<u8>| {
            let ask = app.post("/ui/sign-in").header("sec-fetch-site", b"same-origin");
            ask.header("content-type", b"application/x-www-form-urlencoded").body(body)
        };
        for body in [&b""[..], b"email", b"email=%ff&password=%ff", b"email=a%00b&password=x", b"{}"] {
            let answer = post(body.to_vec()).send().await;
            assert!(answer.status.is_client_error(), "{body:?}: {answer:?}");
        }
        app.get("/signin?next=%00").send().await.expect(StatusCode::BAD_REQUEST);
        post(too_large).send().await.expect(StatusCode::PAYLOAD_TOO_LARGE);
    }

    async fn responses_over_tls_send_strict_transport_security(database: Database) {
        let settings = EntrySettings { public_url: Some("https://countersign.example".to_owned()), ..EntrySettings::default() };
        let app = App::with(database, settings).await;
        for path in ["/signin", "/v2/session", "/healthz"] {
            let answer = app.get(path).send().await;
            assert!(answer.header("strict-transport-security").starts_with("max-age="), "{path}");
        }
    }

    async fn subdomains_are_included_unless_a_setting_excludes_them(database: Database) {
        let url = Some("https://countersign.example".to_owned());
        let settings = EntrySettings { public_url: url, hsts_subdomains: true, ..EntrySettings::default() };
        let app = App::with(database, settings).await;
        let answer = app.get("/signin").send().await;
        assert_eq!(answer.header("strict-transport-security"), "max-age=63072000; includeSubDomains");
    }

    async fn with_a_public_url_other_hosts_are_rejected(database: Database) {
        let settings = EntrySettings {
            public_url: Some("https://countersign.example".to_owned()),
            allowed_hosts: vec!["inside:3000".to_owned()],
            trusted_proxies: TrustedProxies::parse(["203.0.113.7"]).unwrap(),
            ..EntrySettings::default()
        };
        let app = App::with(database, settings).await;
        for path in ["/signin", "/v2/organization", "/ui/sign-in", "/pkg/app.css", "/openapi.json", "/nope"] {
            for host in ["evil.example", "127.0.0.1:3000", "countersign.example.evil.example", "countersign.example:8443"] {
                let answer = app.get(path).header("host", host.as_bytes()).send().await;
                answer.expect(StatusCode::MISDIRECTED_REQUEST);
                assert!(!answer.text().contains(host), "{path}");
            }
            for host in ["countersign.example", "Countersign.Example:443", "inside:3000"] {
                let answer = app.get(path).header("host", host.as_bytes()).send().await;
                assert_ne!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{path} {host}");
            }
            // A page can set this header.
            let forwarded = app.get(path).header("host", b"evil.example").header("x-forwarded-host", b"countersign.example");
            forwarded.send().await.expect(StatusCode::MISDIRECTED_REQUEST);
        }
        for path in ["/healthz", "/readyz"] {
            app.get(path).header("host", b"10.0.0.7:3000").send().await.expect(StatusCode::OK);
        }
    }

    async fn links_follow_the_public_url_and_not_the_host(database: Database) {
        let settings = EntrySettings {
            public_url: Some("https://countersign.example".to_owned()),
            allowed_hosts: vec!["inside:3000".to_owned()],
            ..EntrySettings::default()
        };
        let app = App::with(database, settings).await;
        let admin = app.session_token(&app.member("Grace", Role::Admin).await).await;
        let answer = app.get("/v2/organization").token(&admin).header("host", b"inside:3000").send().await;
        let text = answer.text();
        assert!(text.contains("https://countersign.example") && !text.contains("inside"), "{text}");
    }

    async fn liveness_and_readiness_are_reported(database: Database) {
        let app = App::start(database).await;
        for path in ["/healthz", "/readyz"] {
            let answer = app.get(path).send().await;
            answer.expect(StatusCode::OK);
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
}
