//! The sign-in page over plain http, where browsers discard the session of a server whose public URL is https.

use server::middleware::{settings::EntrySettings, trusted_proxies::TrustedProxies};
use testbed::on_both;

use crate::support::App;

const DISCARDED: &str = "over plain http discards the session";
const LINK: &str = "<a href=\"https://countersign.example/signin?next=";

on_both! {
    async fn the_sign_in_page_over_plain_http_links_to_the_public_url(database: Database) {
        let settings = EntrySettings {
            public_url: Some("https://countersign.example".to_owned()),
            allowed_hosts: vec!["localhost".to_owned(), "inside".to_owned()],
            trusted_proxies: TrustedProxies::parse(["203.0.113.7"]).unwrap(),
            ..EntrySettings::default()
        };
        let app = App::with(database, settings).await;
        let page = async |headers: &[(&'static str, &str)]| {
            let mut ask = app.get("/signin?next=/account");
            for (name, value) in headers {
                ask = ask.header(name, value.as_bytes());
            }
            ask.send().await.text()
        };
        for plain in [
            &[][..],
            &[("x-forwarded-proto", "http")],
            &[("host", "inside:3000")],
        ] {
            let text = page(plain).await;
            assert!(text.contains(LINK) && text.contains(DISCARDED), "{plain:?}: {text}");
        }
        for secure in [
            &[("x-forwarded-proto", "https, http")][..],
            &[("sec-fetch-site", "none")],
            &[("host", "localhost:3000")],
        ] {
            let text = page(secure).await;
            assert!(!text.contains(DISCARDED), "{secure:?}: {text}");
        }
    }

    async fn without_a_public_url_of_https_the_sign_in_page_links_nowhere_else(database: Database) {
        let app = App::start(database).await;
        let text = app.get("/signin").send().await.text();
        assert!(!text.contains(DISCARDED), "{text}");
    }
}
