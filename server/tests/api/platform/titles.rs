//! Names that hold markup never become markup of a page.

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::json;
use testbed::on_both;

use crate::support::{App, PASSWORD, request_meta};

on_both! {
    async fn a_name_with_markup_stays_text_in_the_title_of_a_page(database: Database) {
        let app = App::start(database).await;
        let grace = app.member("Grace", Role::Admin).await;
        let token = app.session_token(&grace).await;
        let name = "</title><x-probe>\"--><x-probe>]]><x-probe> & more";
        let made = app.post("/v2/dashboard").token(&token).json(&json!({"name": name})).send().await;
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let signed_in = app.service.identity().sign_in(&grace.email, PASSWORD, &request_meta()).await;
        let cookie = format!("countersign_session={}", signed_in.unwrap().cookie.reveal());
        for path in [
            format!("/dashboards/{id}"),
            format!("/dashboards/{id}?show=info"),
            format!("/dashboards/{id}/edit"),
            format!("/dashboards/{id}/document"),
            format!("/dashboards/{id}/permissions"),
            "/dashboards".to_owned(),
            "/audit".to_owned(),
        ] {
            let ask = app.get(&path).header("host", b"lan:3000").header("cookie", cookie.as_bytes());
            let answer = ask.send().await;
            answer.expect(StatusCode::OK);
            assert!(!answer.text().to_lowercase().contains("<x-probe"), "{path} renders markup of a name");
            if path.contains(&id) {
                assert!(answer.text().contains("&lt;/title&gt;&lt;x-probe&gt;"), "{path} does not show the name");
            }
        }
    }
}
