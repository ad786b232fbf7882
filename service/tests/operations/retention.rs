//! What has been kept long enough goes, nothing goes before, and a check of the record can tell it from a theft.

use domain::{
    audit::event::{Action, ObjectType},
    identity::role::Role,
};
use service::{Finding, KeepDays, TrailRange};
use testbed::on_both;

use crate::support::Stage;

const DAY_MILLIS: i64 = 86_400_000;

const THIRTY_DAYS: KeepDays = KeepDays {
    events: Some(30),
    calls: Some(30),
};

impl Stage {
    /// The acts that are told of the record itself.
    async fn removals(&self) -> Vec<String> {
        let auditor = self.caller("Vera", Role::Admin).await;
        let range = TrailRange {
            from: self.clock.now().plus_millis(-400 * DAY_MILLIS),
            to: self.clock.now().plus_millis(1),
            actor_id: None,
            token_id: None,
            object_id: None,
            newest_first: false,
        };
        let mut removals = Vec::new();
        let walked = self.service.audit().walk_events(&auditor, &range, |told| {
            if told.event.object.kind == ObjectType::Record {
                assert_eq!(told.event.action, Action::Delete);
                removals.push(told.event.object.name);
            }
            true
        });
        walked.await.unwrap();
        removals
    }
}

on_both! {
    async fn what_was_kept_long_enough_goes_and_the_record_still_passes(database: Database) {
        let stage = Stage::set_up(database).await;
        let before = stage.sealed().await;
        stage.pass_millis(29 * DAY_MILLIS);
        assert_eq!(stage.service.audit().remove_expired(THIRTY_DAYS).await.unwrap(), 0, "its time is not over");
        stage.member("Joan", Role::Power).await;
        stage.service.audit().make_checkpoints().await.unwrap();
        let kept = stage.findings().await.events - before.events;
        stage.pass_millis(2 * DAY_MILLIS);
        let removed = stage.service.audit().remove_expired(THIRTY_DAYS).await.unwrap();
        assert_eq!(removed, u64::try_from(before.events + before.blocks).unwrap());
        assert_eq!(stage.service.audit().remove_expired(THIRTY_DAYS).await.unwrap(), 0, "it is gone already");
        let verdict = stage.findings().await;
        assert_eq!((verdict.findings, verdict.events, verdict.blocks), (vec![], kept, 0));
        assert_eq!((verdict.removed_events, verdict.removed_blocks), (before.events, before.blocks));
        let [events, calls] = &stage.removals().await[..] else { panic!("each kind is told of once") };
        assert!(events.starts_with("events before ") && calls.starts_with("calls before "), "{events} {calls}");
    }

    async fn each_kind_has_a_time_of_its_own_and_without_one_it_is_kept(database: Database) {
        let stage = Stage::set_up(database).await;
        let before = stage.sealed().await;
        stage.pass_millis(400 * DAY_MILLIS);
        assert_eq!(stage.service.audit().remove_expired(KeepDays::default()).await.unwrap(), 0);
        let calls_only = KeepDays { events: None, calls: Some(30) };
        assert_eq!(stage.service.audit().remove_expired(calls_only).await.unwrap(), u64::try_from(before.blocks).unwrap());
        let verdict = stage.findings().await;
        assert_eq!((verdict.findings, verdict.events, verdict.blocks), (vec![], before.events, 0));
    }

    async fn a_removal_that_was_cut_short_is_finished_the_next_time(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.sealed().await;
        stage.found_after(&["CREATE TABLE copy AS SELECT * FROM audit_event WHERE number = 2"]).await;
        stage.pass_millis(31 * DAY_MILLIS);
        stage.service.audit().remove_expired(THIRTY_DAYS).await.unwrap();
        // As if the server had stopped between saying it and doing it.
        let found = stage.found_after(&["INSERT INTO audit_event SELECT * FROM copy", "DROP TABLE copy"]).await;
        assert_eq!(found, [], "what is said to be gone may still be there");
        assert_eq!(stage.service.audit().remove_expired(THIRTY_DAYS).await.unwrap(), 1);
    }

    async fn nobody_else_can_say_that_retention_took_something(database: Database) {
        let stage = Stage::set_up(database).await;
        assert_eq!(stage.sealed().await.findings, []);
        let found = stage.found_after(&[
            "DELETE FROM audit_event WHERE number = 3",
            "INSERT INTO retention (kind, seal, at, signature) SELECT 'event', number, at, signature FROM seal WHERE number = 2",
        ]).await;
        assert_eq!(found, [Finding::RetentionForged, Finding::EventMissing(3)]);
    }
}
