//! A form is sent twice, by a double click or because its response was lost: it creates one object.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, StatusCode};
use domain::identity::role::Role;
use testbed::on_both;

use crate::support::{App, PASSWORD, request_meta};

on_both! {
    async fn a_form_that_is_sent_twice_creates_one_object(database: Database) {
        let app = App::start(database).await;
        app.member("Ada", Role::Admin).await;
        let signed_in = app.service.identity().sign_in("ada@example.com", PASSWORD, &request_meta()).await.unwrap();
        let cookie = format!("countersign_session={}", signed_in.cookie.reveal());
        let page = app.get("/account").header("cookie", cookie.as_bytes()).header("accept", b"text/html").send().await.text();
        let (_, key) = page.split_once("name=\"idempotencyKey\" value=\"").unwrap_or_else(|| panic!("{page}"));
        let (key, _) = key.split_once('"').unwrap();
        let count = async || app.texts("SELECT id FROM token").await.len();
        let mut revealed = BTreeSet::new();
        for _ in 0..2 {
            let sent = app.form(&signed_in, "/ui/token/generate", &format!("idempotencyKey={key}&name=ci")).await.send().await;
            assert_eq!(sent.header("location"), "/account/token");
            assert_eq!(count().await, 1);
            let reveal = cookies(&sent.headers);
            let both = format!("{cookie}; {reveal}");
            let shown = app.get("/account/token").header("cookie", both.as_bytes()).header("accept", b"text/html");
            if revealed.is_empty() {
                // The browser follows the second redirect only; a secret is shown once.
                revealed.insert(reveal);
                continue;
            }
            assert!(shown.send().await.text().contains("csu_"), "the second response shows the token");
        }
        app.form(&signed_in, "/ui/token/generate", &format!("idempotencyKey={key}&name=other")).await.send().await;
        assert_eq!(count().await, 2, "a form that was changed is another request");
        app.form(&signed_in, "/ui/token/generate", "name=ci").await.send().await;
        assert_eq!(count().await, 3, "a form without a key");
        app.form(&signed_in, "/ui/token/generate", "idempotencyKey=a+b&name=ci").await.send().await.expect(StatusCode::BAD_REQUEST);
    }
}

/// The cookies that a response sets, as a request has them.
fn cookies(headers: &HeaderMap) -> String {
    let set = headers.get_all("set-cookie").iter();
    let pairs = set.filter_map(|line| line.to_str().ok()?.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}
