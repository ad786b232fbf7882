//! Errors are shown to browsers as pages with the matching status.

use axum::http::StatusCode;
use domain::identity::role::Role;
use testbed::on_both;

use crate::{
    ask::{Answer, Ask},
    support::{App, PASSWORD, request_meta},
};

/// Adds the headers of a browser that navigates to a page.
fn browser(ask: Ask<'_>) -> Ask<'_> {
    ask.header("host", b"lan:3000")
        .header("accept", b"text/html,application/xhtml+xml,*/*;q=0.8")
}

/// Adds the headers of a form that one of our own pages submits.
fn form(ask: Ask<'_>) -> Ask<'_> {
    browser(ask)
        .header("origin", b"http://lan:3000")
        .header("content-type", b"application/x-www-form-urlencoded")
}

/// The cookie of a signed-in browser.
async fn cookie(app: &App) -> Vec<u8> {
    let member = app.member("Grace", Role::Power).await;
    let signed_in = app
        .service
        .identity()
        .sign_in(&member.email, PASSWORD, &request_meta())
        .await;
    let secret = signed_in.unwrap().cookie.reveal().to_owned();
    format!("countersign_session={secret}").into_bytes()
}

#[track_caller]
fn expect_page(answer: &Answer, status: StatusCode, title: &str) {
    answer.expect(status);
    let text = answer.text();
    assert!(
        text.starts_with("<!DOCTYPE html>") && text.contains("</html>"),
        "{text}"
    );
    assert!(
        text.contains(&format!("<title>{title} · Countersign</title>")),
        "{text}"
    );
    assert!(text.contains(answer.header("x-request-id")), "{text}");
    assert!(answer.header("content-type").starts_with("text/html"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(
        !answer
            .header("content-security-policy")
            .contains("unsafe-inline")
    );
    let is_unavailable = status == StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(
        answer.header("retry-after"),
        if is_unavailable { "1" } else { "" }
    );
}

on_both! {
    async fn a_page_during_a_database_outage_is_a_503_page(database: Database) {
        let app = App::start(database).await;
        let cookie = cookie(&app).await;
        app.service.close().await.unwrap();
        let ask = || app.get("/dashboards?q=x").header("cookie", &cookie);
        let answer = browser(ask()).send_allowing_5xx().await;
        expect_page(&answer, StatusCode::SERVICE_UNAVAILABLE, "Temporarily unavailable");
        assert!(answer.text().contains("href=\"/dashboards?q=x\""), "the page links to a retry");
        let plain = ask().header("accept", b"*/*").header("host", b"lan:3000").send_allowing_5xx().await;
        plain.expect(StatusCode::SERVICE_UNAVAILABLE);
        assert!(plain.text().starts_with("Countersign: "), "clients that are not browsers get plain text");
        assert_eq!(plain.header("retry-after"), "1");
    }

    async fn an_error_page_uses_the_readers_theme(database: Database) {
        let app = App::start(database).await;
        let cross_site = |cookie: &'static [u8]| {
            browser(app.post("/ui/sign-out")).header("origin", b"https://evil.example").header("cookie", cookie)
        };
        for (cookie, theme) in [(&b"countersign_theme=dark"[..], "dark"), (b"countersign_theme=light", "light"), (b"countersign_theme=\"><b>", "system")] {
            let answer = cross_site(cookie).send().await;
            expect_page(&answer, StatusCode::FORBIDDEN, "Request rejected");
            assert!(answer.text().contains(&format!("data-theme=\"{theme}\"")), "{}", answer.text());
        }
    }

    async fn a_signed_in_page_during_an_outage_is_a_503_page(database: Database) {
        let app = App::start(database).await;
        let cookie = cookie(&app).await;
        let ask = || browser(app.get("/teams").header("cookie", &cookie));
        ask().send().await.expect(StatusCode::OK);
        app.service.close().await.unwrap();
        let answer = ask().send_allowing_5xx().await;
        expect_page(&answer, StatusCode::SERVICE_UNAVAILABLE, "Temporarily unavailable");
    }

    async fn a_form_during_an_outage_is_answered_in_the_format_its_client_accepts(database: Database) {
        let app = App::start(database).await;
        let cookie = cookie(&app).await;
        app.service.close().await.unwrap();
        let ask = || app.post("/ui/team/create").header("cookie", &cookie).body("name=Checkout");
        let answer = form(ask()).send_allowing_5xx().await;
        expect_page(&answer, StatusCode::SERVICE_UNAVAILABLE, "Temporarily unavailable");
        assert!(!answer.text().contains("Try again<"), "a form is not resubmitted by a retry link");
        let script = ask().header("host", b"lan:3000").header("origin", b"http://lan:3000")
            .header("content-type", b"application/x-www-form-urlencoded")
            .header("accept", b"application/json").send_allowing_5xx().await;
        script.expect(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(script.json(), "Unavailable");
        assert_eq!(script.header("retry-after"), "1");
    }

    async fn an_internal_error_is_a_page(database: Database) {
        let app = App::start(database).await;
        let cookie = cookie(&app).await;
        app.tamper("ALTER TABLE session RENAME TO gone").await;
        let answer = browser(app.get("/teams").header("cookie", &cookie)).send_allowing_5xx().await;
        expect_page(&answer, StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong");
        assert!(!answer.text().contains("gone"), "details of an internal error go to the log only");
    }

    async fn requests_rejected_by_the_entry_service_get_a_page(database: Database) {
        let app = App::start(database).await;
        let cross_site = browser(app.post("/ui/sign-out")).header("origin", b"https://evil.example");
        expect_page(&cross_site.send().await, StatusCode::FORBIDDEN, "Request rejected");
        let too_large = vec![b'x'; domain::platform::limits::BODY_BYTES + 1];
        let answer = form(app.post("/ui/sign-in")).body(too_large).send().await;
        expect_page(&answer, StatusCode::PAYLOAD_TOO_LARGE, "Too large");
        let too_large = vec![b'x'; 3 * domain::platform::limits::BODY_BYTES + 1];
        let answer = form(app.post("/dashboards/new")).body(too_large).send().await;
        expect_page(&answer, StatusCode::PAYLOAD_TOO_LARGE, "Too large");
        for (path, body) in [("/dashboards/new", &b"name=%ff%00"[..]), ("/ui/sign-in", b"email=a%00b&password=x")] {
            let answer = form(app.post(path)).body(body.to_vec()).send().await;
            expect_page(&answer, StatusCode::BAD_REQUEST, "Unreadable request");
        }
        let answer = browser(app.get("/signin?next=%00")).send().await;
        expect_page(&answer, StatusCode::BAD_REQUEST, "Unreadable request");
        let answer = form(app.post("/teams")).body("name=x").send().await;
        expect_page(&answer, StatusCode::METHOD_NOT_ALLOWED, "Unreadable request");
        let answer = form(app.post("/ui/nope")).body("name=x").send().await;
        expect_page(&answer, StatusCode::NOT_FOUND, "Not found");
    }

    async fn missing_and_denied_pages_are_error_pages(database: Database) {
        let app = App::start(database).await;
        let cookie = cookie(&app).await;
        let ask = |path| browser(app.get(path));
        expect_page(&ask("/nope").send().await, StatusCode::NOT_FOUND, "Not found");
        let answer = ask("/teams/AAAAAAAAAAE").header("cookie", &cookie).send().await;
        expect_page(&answer, StatusCode::NOT_FOUND, "Not found");
        let answer = ask("/tokens").header("cookie", &cookie).send().await;
        expect_page(&answer, StatusCode::FORBIDDEN, "You don't have access");
        assert!(answer.text().contains("You are Grace"), "a denied page names the signed-in member");
    }

    async fn a_form_without_its_fields_is_a_client_error(database: Database) {
        let app = App::start(database).await;
        for body in ["", "email", "{}"] {
            let answer = form(app.post("/ui/sign-in")).body(body).send().await;
            assert!(answer.status.is_client_error() || answer.status.is_redirection(), "{body}: {answer:?}");
        }
    }
}
