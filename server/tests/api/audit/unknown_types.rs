//! Rows that a newer version of the server stored, about a type of object that this version does not know
//! (docs/audit-log.md#change-feed).

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::json;
use testbed::on_both;

use crate::support::{App, PASSWORD, request_meta};

on_both! {
    async fn the_audit_log_shows_events_about_an_unknown_type_of_object(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let team = app.post("/v2/team").token(&token).json(&json!({"name": "Hologram 7"})).send().await;
        team.expect(StatusCode::OK);
        app.tamper("UPDATE audit_event SET object_type = 'hologram' WHERE object_type = 'team'").await;
        app.tamper("UPDATE object SET kind = 'hologram' WHERE kind = 'team'").await;

        let events = app.get("/v2/audit/events?sf_eventType=UNKNOWN").token(&token).send().await;
        events.expect(StatusCode::OK);
        assert_eq!(events.json()["results"][0]["properties"]["sf_resourceName"], "Hologram 7");
        let id = team.json()["id"].as_str().unwrap().to_owned();
        for path in [format!("/v2/team/{id}"), format!("/v2/dashboard/{id}"), format!("/v2/audit/info/team/{id}")] {
            app.get(&path).token(&token).send().await.expect(StatusCode::NOT_FOUND);
        }
        let signed_in = app.service.identity().sign_in(&ada.email, PASSWORD, &request_meta()).await.unwrap();
        let cookie = format!("countersign_session={}", signed_in.cookie.reveal());
        app.clock.set(app.clock.now().plus_seconds(1));
        for (path, text) in [("/audit", "object of an unknown type"), ("/audit/export", "\"hologram\"")] {
            let answer = app.get(path).header("cookie", cookie.as_bytes()).send().await;
            answer.expect(StatusCode::OK);
            assert!(answer.text().contains(text) && answer.text().contains("Hologram 7"), "{path}");
        }
    }
}
