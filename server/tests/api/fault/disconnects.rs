//! A client that disconnects in the middle of a change.

use std::collections::HashMap;

use domain::{identity::role::Role, platform::timestamp::Timestamp};
use serde_json::json;
use service::AuditRange;
use testbed::{cancelled_after, on_both};

use crate::support::{App, request_meta};

/// More polls than a change takes.
const POLLS: usize = 30;

/// How often the changes are made at most, until a client disconnects while its change is committed: the number of
/// polls until then varies.
const ROUNDS: usize = 20;

/// The status of each change in the call log, by request id.
async fn changes(app: &App, token: &str) -> HashMap<String, u16> {
    let auditor = app
        .service
        .tokens()
        .authenticate_caller(token.as_bytes(), request_meta())
        .await;
    let auditor = auditor.unwrap();
    let range = AuditRange {
        from: Timestamp::from_micros(0),
        to: app.clock.now().plus_millis(1),
        actor_id: None,
        token_id: None,
        object_id: None,
        newest_first: false,
    };
    let mut changes = HashMap::new();
    let walked = app
        .service
        .audit()
        .walk_calls(&auditor, &range, true, |call, _| {
            let before = changes.insert(call.request_id.to_string(), call.status);
            assert_eq!(before, None, "a call is logged once");
            true
        });
    walked.await.unwrap();
    changes
}

on_both! {
    async fn a_change_whose_client_disconnects_has_its_call(database: Database) {
        let app = App::start(database).await;
        let token = app.session_token(&app.member("Ada", Role::Admin).await).await;
        for round in 0..ROUNDS {
            for polls in 1..POLLS {
                let team = json!({"name": format!("Team {round}.{polls}")});
                cancelled_after(polls, app.post("/v2/team").token(&token).json(&team).send()).await;
            }
            // A change is committed after those before it, also when their clients are gone.
            let last = json!({"name": format!("Last {round}")});
            app.post("/v2/team").token(&token).json(&last).send().await;
            let calls = changes(&app, &token).await;
            let created = app.texts("SELECT request_id FROM audit_event WHERE action = 'create' AND object_type = 'team'").await;
            let missing: Vec<_> = created.iter().filter(|id| !calls.contains_key(*id)).collect();
            assert!(missing.is_empty(), "{} of {} changes have no call", missing.len(), created.len());
            if created.iter().any(|id| calls[id] == 499) {
                return;
            }
        }
        panic!("no client disconnected while its change was committed");
    }
}
