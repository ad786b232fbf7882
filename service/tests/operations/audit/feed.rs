//! The change feed, between nodes of different versions (docs/audit-log.md#change-feed).

use domain::{identity::role::Role, platform::id::TokenId};
use serde_json::json;
use service::ServiceError;
use testbed::on_both;

use crate::{
    objects::support::document,
    support::{Stage, request},
};

on_both! {
    async fn a_node_skips_events_about_objects_of_an_unknown_type(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Admin).await;
        let secret = stage.token(&ada.email).await;
        stage.service.audit().catch_up().await.unwrap();
        let authenticate = async || stage.service.tokens().authenticate(secret.as_bytes(), request()).await;
        let caller = authenticate().await.unwrap();
        let newer = stage.another_node().await;
        let team = document(json!({"name": "SRE", "members": []}));
        newer.identity().teams().create(&caller, &team).await.unwrap();
        stage.database.tamper("UPDATE audit_event SET object_type = 'hologram' WHERE object_type = 'team'").await;
        stage.service.audit().catch_up().await.unwrap();
        assert!(authenticate().await.is_ok());
        let token = caller.identity.credential.as_ref().unwrap().id;
        newer.tokens().revoke(&caller, TokenId(token)).await.unwrap();
        stage.service.audit().catch_up().await.unwrap();
        assert!(matches!(authenticate().await, Err(ServiceError::Unauthenticated)));
    }
}
