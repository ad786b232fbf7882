//! A token that expires leaves an audit event: once, shortly after, in order, and only if nothing ended it before.

use std::collections::HashSet;

use domain::{
    audit::{
        event::{Action, ObjectType},
        query::{AuditFilter, PageDirection},
    },
    identity::role::Role,
    platform::id::Id,
};
use serde_json::json;
use service::{RecordedEvent, Service};
use testbed::{on_both, tokio};

use crate::support::{START, Stage};

/// How long a user token lives.
const USER_TOKEN_SECONDS: i64 = 30 * 24 * 60 * 60;

impl Stage {
    async fn org_token_for(&self, name: &str, seconds: i64) {
        let system = self.service.system_caller().await.unwrap();
        let given = json!({"name": name, "secondsUntilExpiry": seconds});
        let tokens = self.service.tokens().org();
        tokens
            .issue(&system, given.as_object().unwrap())
            .await
            .unwrap();
    }

    /// The recorded expiries, oldest first, apart from that of the token that every organization begins with.
    async fn expiries(&self) -> Vec<RecordedEvent> {
        let system = self.service.system_caller().await.unwrap();
        let filter = AuditFilter {
            action: Some(Action::Expire),
            ..AuditFilter::default()
        };
        let audit = self.service.audit();
        let found = audit
            .list_events(&system, &filter, PageDirection::NEWEST, 1_000)
            .await
            .unwrap();
        let mut events = found.rows;
        events.retain(|recorded| recorded.event.object.name != "Default");
        events.sort_by_key(|recorded| recorded.number);
        events
    }

    async fn expired_names(&self) -> Vec<String> {
        let expiries = self.expiries().await;
        expiries
            .into_iter()
            .map(|recorded| recorded.event.object.name)
            .collect()
    }
}

async fn record(service: &Service) -> usize {
    service.tokens().record_expiries().await.unwrap()
}

on_both! {
    async fn a_token_that_expires_leaves_one_event_of_the_system(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        let issued = stage.service.tokens().generate(&browser, "laptop").await.unwrap();
        stage.org_token_for("ci", 60).await;
        assert_eq!(record(&stage.service).await, 0);
        stage.clock.set(START.plus_seconds(59));
        assert_eq!(record(&stage.service).await, 0, "it is live");
        stage.clock.set(START.plus_seconds(90));
        assert_eq!(record(&stage.service).await, 1);
        assert_eq!(record(&stage.service).await, 0, "once");
        let expires_at = START.plus_seconds(USER_TOKEN_SECONDS);
        stage.clock.set(expires_at.plus_seconds(30));
        record(&stage.service).await;
        let [ci, laptop] = &stage.expiries().await[..] else { panic!("two events") };
        let about = |recorded: &RecordedEvent| (recorded.event.object.kind, recorded.event.by.actor_name.clone());
        assert_eq!(about(ci), (ObjectType::OrgToken, "Countersign".to_owned()));
        assert_eq!(about(laptop), (ObjectType::Token, "Countersign".to_owned()));
        let event = &laptop.event;
        assert_eq!(event.at, stage.clock.now(), "the time of an event is when it is recorded");
        let facts: Vec<_> = event.changes.iter().map(|fact| (fact.field.as_str(), fact.after.clone().unwrap())).collect();
        assert_eq!(facts, [
            ("expiresAt", json!(expires_at.to_rfc3339())),
            ("userId", json!(ada.id)),
            ("userEmail", json!(ada.email)),
        ]);
        assert!(event.object.name.starts_with("laptop …"), "{}", event.object.name);
        let admin = stage.caller("Grace", Role::Admin).await;
        let info = stage.info(&admin, ObjectType::Token, issued.token.id.0).await.unwrap();
        assert!(format!("{info:?}").contains("Expire"), "{info:?}");
    }

    async fn a_token_that_ended_before_leaves_none(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let browser = stage.browser(&ada.email).await;
        let tokens = stage.service.tokens();
        let revoked = tokens.generate(&browser, "revoked").await.unwrap();
        tokens.generate(&browser, "kept").await.unwrap();
        tokens.revoke(&browser, revoked.token.id).await.unwrap();
        let other = stage.browser(&ada.email).await;
        tokens.generate(&other, "signed out").await.unwrap();
        stage.service.identity().sign_out(&other).await.unwrap();
        stage.org_token_for("deleted", 60).await;
        let system = stage.service.system_caller().await.unwrap();
        tokens.org().delete(&system, "deleted").await.unwrap();
        stage.clock.set(START.plus_seconds(USER_TOKEN_SECONDS + 60));
        record(&stage.service).await;
        let [kept] = &stage.expired_names().await[..] else { panic!("one event") };
        assert!(kept.starts_with("kept …"), "{kept}");
    }

    async fn what_expired_before_the_first_start_leaves_none(database: Database) {
        let stage = Stage::set_up(database).await;
        for (name, seconds) in [("old", 60), ("new", 600)] {
            stage.org_token_for(name, seconds).await;
        }
        stage.database.tamper("DELETE FROM expiry_mark").await;
        stage.clock.set(START.plus_seconds(300));
        let upgraded = stage.another_node().await;
        assert_eq!(record(&upgraded).await, 0);
        stage.clock.set(START.plus_seconds(660));
        assert_eq!(record(&upgraded).await, 1);
        assert_eq!(stage.expired_names().await, ["new"]);
        upgraded.close().await.unwrap();
    }

    async fn nodes_that_look_at_once_record_each_expiry_once_and_in_order(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.member("Ada", Role::Power).await;
        let system = stage.service.system_caller().await.unwrap();
        // More than a batch, many at the same time, and user tokens in between.
        let rows: Vec<String> = (0..620_u32).map(|number| {
            let id = Id::from_bits(u64::from(number) + 1);
            let at = START.plus_seconds(100 + i64::from(number) / 10).as_micros();
            let digest = stage.database.bytes_literal(&format!("{number:064x}"));
            format!("('{id}', '{}', '{}', 'UI', 't', 'csu_', '0000', 0, {at}, '', '', 't', {digest})", system.organization_id(), ada.id)
        }).collect();
        stage.database.tamper(&format!("INSERT INTO token (id, organization_id, user_id, kind, name, prefix, last4, created_at, \
            expires_at, created_address, created_client, name_folded, digest) VALUES {}", rows.join(", "))).await;
        for number in 0..20 {
            stage.org_token_for(&format!("org {number}"), 100 + number * 3).await;
        }
        let other = stage.another_node().await;
        stage.clock.set(START.plus_seconds(1_000));
        let (one, two) = tokio::join!(record(&stage.service), record(&other));
        assert_eq!(one + two + record(&other).await, 640);
        let expiries = stage.expiries().await;
        let times: Vec<_> = expiries.iter().map(|recorded| recorded.event.changes[0].after.clone().unwrap().to_string()).collect();
        assert!(times.is_sorted(), "in the order of expiry");
        let about: HashSet<_> = expiries.iter().map(|recorded| recorded.event.object.id).collect();
        assert_eq!((expiries.len(), about.len()), (640, 640));
        other.close().await.unwrap();
    }
}
