//! A database that is replaced by another copy under running nodes: by a restore, or a fail-over to a server that lacks
//! the newest commits.

use domain::{identity::role::Role, platform::id::TokenId};
use serde_json::json;
use service::{FaultKind, Service, ServiceError};
use testbed::{on_both, tokio};

use crate::{
    objects::support::document,
    support::{Stage, request},
};

/// Removes the newest two events, as if another copy of the database had been started.
async fn lose_events(stage: &Stage) {
    let newest = "(SELECT value FROM counter WHERE name = 'audit_event')";
    stage
        .database
        .tamper(&format!(
            "DELETE FROM audit_event WHERE number > {newest} - 2"
        ))
        .await;
    stage
        .database
        .tamper("UPDATE counter SET value = value - 2 WHERE name = 'audit_event'")
        .await;
}

async fn is_accepted(node: &Service, secret: &str) -> bool {
    match node
        .tokens()
        .authenticate(secret.as_bytes(), request())
        .await
    {
        Ok(_) => true,
        Err(ServiceError::Unauthenticated) => false,
        Err(error) => panic!("{error}"),
    }
}

/// Revokes a cached token through another node, with this many more events, and returns whether it is accepted.
async fn survives_revocation(stage: &Stage, further_events: usize) -> bool {
    let ada = stage.member("Ada", Role::Admin).await;
    let secret = stage.token(&ada.email).await;
    stage.member("Grace", Role::Power).await;
    stage.member("Joan", Role::Power).await;
    stage.service.audit().catch_up().await.unwrap();
    assert!(is_accepted(&stage.service, &secret).await);
    lose_events(stage).await;
    let other = stage.another_node().await;
    let caller = other
        .tokens()
        .authenticate(secret.as_bytes(), request())
        .await
        .unwrap();
    let token = caller.identity.credential.as_ref().unwrap().id;
    other
        .tokens()
        .revoke(&caller, TokenId(token))
        .await
        .unwrap();
    for number in 0..further_events {
        let system = other.system_caller().await.unwrap();
        let team = document(json!({"name": format!("Team {number}"), "members": []}));
        other
            .identity()
            .teams()
            .create(&system, &team)
            .await
            .unwrap();
    }
    stage.service.audit().catch_up().await.unwrap();
    is_accepted(&stage.service, &secret).await
}

on_both! {
    async fn a_revocation_in_a_copy_with_fewer_events_is_noticed(database: Database) {
        let stage = Stage::set_up(database).await;
        assert!(!survives_revocation(&stage, 0).await);
    }

    async fn a_revocation_in_a_copy_with_other_events_is_noticed(database: Database) {
        let stage = Stage::set_up(database).await;
        assert!(!survives_revocation(&stage, 4).await);
    }

    async fn lost_events_are_reported_until_an_operator_confirms_them(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.member("Grace", Role::Power).await;
        stage.member("Joan", Role::Power).await;
        stage.service.audit().catch_up().await.unwrap();
        lose_events(&stage).await;
        stage.service.audit().catch_up().await.unwrap();
        let faults = loop {
            let faults = stage.service.list_database_faults().await.unwrap();
            if !faults.is_empty() {
                break faults;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(faults[0].kind, FaultKind::LostEvents);
        assert_eq!(stage.service.usage().measures().await.feed_forks, 1);
        stage.service.audit().confirm_database_faults().await.unwrap();
        assert_eq!(stage.service.list_database_faults().await.unwrap(), []);
        stage.service.audit().catch_up().await.unwrap();
        assert_eq!(stage.service.list_database_faults().await.unwrap(), []);
    }

    async fn a_cached_token_is_read_again_after_a_minute(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Admin).await;
        let secret = stage.token(&ada.email).await;
        assert!(is_accepted(&stage.service, &secret).await);
        // No event says so.
        stage.database.tamper("UPDATE token SET expires_at = 1").await;
        assert!(is_accepted(&stage.service, &secret).await, "it is cached");
        stage.pass_millis(60_001);
        assert!(!is_accepted(&stage.service, &secret).await);
    }
}
