//! Client addresses in the headers of trusted proxies, and the limits of failed sign-ins for these addresses.

use axum::http::StatusCode;
use domain::platform::limits;
use serde_json::json;
use server::middleware::{settings::EntrySettings, trusted_proxies::TrustedProxies};
use service::AuditRange;
use testbed::{Database, on_both};

use crate::{
    ask::Answer,
    support::{App, PASSWORD, START},
};

async fn behind_a_proxy(database: Database) -> App {
    let settings = EntrySettings {
        trusted_proxies: TrustedProxies::parse(["203.0.113.7"]).unwrap(),
        ..EntrySettings::default()
    };
    App::with(database, settings).await
}

impl App {
    /// Signs in as the proxy passes it on with this header.
    async fn sign_in_via(
        &self,
        header: &'static str,
        value: &str,
        email: &str,
        password: &str,
    ) -> Answer {
        let body = json!({ "email": email, "password": password });
        let ask = self.post("/v2/session").json(&body);
        ask.header(header, value.as_bytes()).send().await
    }
}

on_both! {
    async fn the_address_that_a_proxy_writes_is_recorded_whatever_its_form(database: Database) {
        let app = behind_a_proxy(database).await;
        let ada = app.member("Ada", domain::identity::role::Role::Admin).await;
        let (administrator, token) = (app.browser(&ada).await, app.session_token(&ada).await);
        let cases = [
            ("x-forwarded-for", "198.51.100.1:4711", "198.51.100.1"),
            ("x-forwarded-for", "[2001:db8::2]:4711", "2001:db8::2"),
            ("x-forwarded-for", "spoofed, 198.51.100.3:4711", "198.51.100.3"),
            ("forwarded", "for=\"[2001:db8::4]:4711\";proto=https", "2001:db8::4"),
            ("forwarded", "for=unknown, for=198.51.100.5", "198.51.100.5"),
            ("x-forwarded-for", "unknown", "unknown"),
            ("forwarded", "for=_hidden", "unknown"),
        ];
        for (header, value, _) in cases {
            let ask = app.get("/v2/session").token(&token).header(header, value.as_bytes());
            ask.send().await.expect(StatusCode::OK);
        }
        let range = AuditRange {
            from: START,
            to: START.plus_millis(1),
            actor_id: Some(ada.id.0),
            token_id: None,
            object_id: None,
            newest_first: false,
        };
        let mut addresses = Vec::new();
        let walk = app.service.audit().walk_calls(&administrator, &range, false, |call, _| {
            addresses.push(call.source.address.clone());
            true
        });
        walk.await.unwrap();
        assert_eq!(addresses, cases.map(|(_, _, expected)| expected));
    }

    async fn wrong_passwords_of_one_client_behind_a_proxy_lock_out_no_other(database: Database) {
        let app = behind_a_proxy(database).await;
        let ada = app.member("Ada", domain::identity::role::Role::Admin).await;
        let fail = async |header, value: &str| {
            let mut last = StatusCode::OK;
            for number in 0..=limits::SIGN_IN_FAILURES_PER_SUBNET {
                last = app.sign_in_via(header, value, &format!("a{number}@example.com"), "").await.status;
            }
            assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "{value}");
        };
        fail("x-forwarded-for", "198.51.100.9:4711").await;
        app.sign_in_via("x-forwarded-for", "198.51.100.8:4711", &ada.email, PASSWORD).await.expect(StatusCode::OK);
        // Clients without an address are limited together, and apart from those of the proxy itself.
        fail("x-forwarded-for", "nonsense").await;
        app.sign_in_via("forwarded", "for=_hidden", &ada.email, PASSWORD).await.expect(StatusCode::TOO_MANY_REQUESTS);
        app.sign_in_via("x-forwarded-for", "198.51.100.8", &ada.email, PASSWORD).await.expect(StatusCode::OK);
        app.sign_in(&ada.email, PASSWORD).await.expect(StatusCode::OK);
    }

    async fn a_list_of_schemes_begins_with_that_of_the_client(database: Database) {
        let app = behind_a_proxy(database).await;
        for (header, value, is_https) in [
            ("x-forwarded-proto", "https, http", true),
            ("x-forwarded-proto", "http, https", false),
            ("forwarded", "for=198.51.100.1;proto=https, for=203.0.113.9;proto=http", true),
        ] {
            let answer = app.get("/signin").header(header, value.as_bytes()).send().await;
            assert_eq!(!answer.header("strict-transport-security").is_empty(), is_https, "{value}");
        }
    }
}
