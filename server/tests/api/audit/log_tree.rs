//! The log tree on the API: what witnesses read without a token, and what only administrators read.

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::support::App;

impl App {
    async fn text_of(&self, path: &str) -> String {
        let answer = self.get(path).send().await;
        answer.expect(StatusCode::OK);
        assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
        answer.text()
    }
}

on_both! {
    async fn anyone_reads_the_checkpoint_the_key_and_tiles(database: Database) {
        let app = App::start(database).await;
        app.member("Ada", Role::Admin).await;
        app.service.audit().make_checkpoints().await.unwrap();
        let key = app.text_of("/audit/key").await;
        let note = app.text_of("/audit/checkpoint").await;
        let origin = key.split('+').next().unwrap();
        let lines: Vec<&str> = note.lines().collect();
        assert_eq!((lines[0], lines[3]), (origin, ""));
        assert!(lines[4].starts_with(&format!("— {origin} ")), "{note}");
        let size: usize = lines[1].parse().unwrap();
        let tile = app.get(&format!("/audit/tile/0/000.p/{size}")).send().await;
        tile.expect(StatusCode::OK);
        assert_eq!((tile.body.len(), &tile.headers["content-type"]), (size * 32, &"application/octet-stream".parse().unwrap()));
        assert_eq!(tile.headers["cache-control"], "no-store");
        let answer = app.get(&format!("/audit/consistency?from=1&to={size}")).send().await;
        answer.expect(StatusCode::OK);
        assert_eq!((&answer.json()["from"], &answer.json()["to"]), (&json!(1), &json!(size)));
        assert!(!answer.json()["hashes"].as_array().unwrap().is_empty());
        let handovers = app.get("/audit/key/handovers").send().await;
        assert_eq!(handovers.json(), json!({"notes": []}));
    }

    async fn a_full_tile_may_be_kept_forever(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        for number in 0..260 {
            let body = json!({"name": format!("Team {number}")});
            app.post("/v2/team").token(&token).json(&body).send().await.expect(StatusCode::OK);
        }
        app.service.audit().make_checkpoints().await.unwrap();
        let tile = app.get("/audit/tile/0/000").send().await;
        assert_eq!((tile.status, tile.body.len()), (StatusCode::OK, 256 * 32));
        assert_eq!(tile.headers["cache-control"], "public, max-age=31536000, immutable");
        let above = app.get("/audit/tile/1/000.p/1").send().await;
        assert_eq!((above.status, above.body.len()), (StatusCode::OK, 32));
    }

    async fn an_administrator_reads_the_proof_of_an_event(database: Database) {
        let app = App::start(database).await;
        let (ada, rob) = (app.member("Ada", Role::Admin).await, app.member("Rob", Role::Power).await);
        app.service.audit().make_checkpoints().await.unwrap();
        let [administrator, reader] = [app.session_token(&ada).await, app.session_token(&rob).await];
        let answer = app.get("/audit/proof/2").token(&administrator).send().await;
        answer.expect(StatusCode::OK);
        let proof = answer.json();
        assert_eq!((&proof["event"], &proof["leafIndex"]), (&json!(2), &json!(2)));
        let leaf: Value = serde_json::from_str(proof["leafText"].as_str().unwrap()).unwrap();
        assert_eq!((&leaf[0], &leaf[1]["number"]), (&json!("audit_event"), &json!(2)));
        assert_eq!(proof["checkpoint"], app.text_of("/audit/checkpoint").await);
        app.get("/audit/proof/2").token(&reader).send().await.expect(StatusCode::FORBIDDEN);
        app.get("/audit/proof/2").send().await.expect(StatusCode::UNAUTHORIZED);
    }

    async fn malformed_requests_have_a_status_of_their_own(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        app.service.audit().make_checkpoints().await.unwrap();
        for (path, status) in [
            ("/audit/tile/0/999", StatusCode::NOT_FOUND),
            ("/audit/tile/99/000", StatusCode::NOT_FOUND),
            ("/audit/tile/0/x999/x999/x999/x999/x999/999", StatusCode::NOT_FOUND),
            ("/audit/tile/entries/000", StatusCode::NOT_FOUND),
            ("/audit/consistency", StatusCode::BAD_REQUEST),
            ("/audit/consistency?from=2&to=1", StatusCode::BAD_REQUEST),
            ("/audit/consistency?from=-1&to=1", StatusCode::BAD_REQUEST),
            ("/audit/consistency?from=1&to=18446744073709551615", StatusCode::NOT_FOUND),
            ("/audit/proof/x", StatusCode::BAD_REQUEST),
            ("/audit/proof/999999", StatusCode::NOT_FOUND),
            ("/audit/proof/-1", StatusCode::NOT_FOUND),
        ] {
            let answer = app.get(path).token(&token).send().await;
            assert_eq!(answer.status, status, "{path}");
        }
    }

    async fn a_replaced_key_is_signed_by_the_one_before(database: Database) {
        let app = App::start(database).await;
        app.member("Ada", Role::Admin).await;
        app.service.audit().make_checkpoints().await.unwrap();
        let old = app.text_of("/audit/key").await;
        let new = app.service.audit().rotate_log_key(&app.system().await).await.unwrap();
        assert_eq!(app.text_of("/audit/key").await, format!("{new}\n"));
        let handovers = app.get("/audit/key/handovers").send().await.json();
        let note = handovers["notes"][0].as_str().unwrap();
        let expected = format!("countersign audit key hand-over\n{old}{new}\n\n");
        assert!(note.starts_with(&expected), "{note}");
    }
}
