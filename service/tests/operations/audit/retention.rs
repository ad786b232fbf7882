//! Retention removes events and calls only after their retention period. Verification distinguishes it from tampering.

use domain::{
    audit::event::{Action, ObjectType},
    identity::role::Role,
};
use service::{AuditRange, Finding, KeepDays, RemovalRun};
use testbed::on_both;

use crate::support::Stage;

const DAY_MILLIS: i64 = 86_400_000;

const THIRTY_DAYS: KeepDays = KeepDays {
    events: Some(30),
    calls: Some(30),
    ended: None,
};

impl Stage {
    /// The names of the logged removals from the audit log and the call log.
    async fn removals(&self) -> Vec<String> {
        let auditor = self.caller("Vera", Role::Admin).await;
        let range = AuditRange {
            from: self.clock.now().plus_millis(-400 * DAY_MILLIS),
            to: self.clock.now().plus_millis(1),
            actor_id: None,
            token_id: None,
            object_id: None,
            newest_first: false,
        };
        let mut removals = Vec::new();
        let walked = self
            .service
            .audit()
            .walk_events(&auditor, &range, |recorded| {
                let is_removal = recorded.event.action == Action::Delete;
                if recorded.event.object.kind == ObjectType::AuditLog && is_removal {
                    removals.push(recorded.event.object.name);
                }
                true
            });
        walked.await.unwrap();
        removals
    }
}

on_both! {
    async fn expired_rows_are_removed_and_the_audit_log_still_passes_verification(database: Database) {
        let stage = Stage::set_up(database).await;
        let before = stage.with_checkpoints().await;
        stage.pass_millis(29 * DAY_MILLIS);
        assert_eq!(stage.service.audit().remove_expired(THIRTY_DAYS, &RemovalRun::at(stage.service.now())).await.unwrap(), 0, "the retention period has not ended");
        stage.member("Joan", Role::Power).await;
        stage.service.audit().make_checkpoints().await.unwrap();
        let kept = stage.findings().await.events - before.events;
        stage.pass_millis(2 * DAY_MILLIS);
        let removed = stage.service.audit().remove_expired(THIRTY_DAYS, &RemovalRun::at(stage.service.now())).await.unwrap();
        assert_eq!(removed, u64::try_from(before.events + before.blocks).unwrap());
        assert_eq!(stage.service.audit().remove_expired(THIRTY_DAYS, &RemovalRun::at(stage.service.now())).await.unwrap(), 0, "nothing is left to remove");
        let verdict = stage.findings().await;
        assert_eq!((verdict.findings, verdict.events, verdict.blocks), (vec![], kept, 0));
        assert_eq!((verdict.removed_events, verdict.removed_blocks), (before.events, before.blocks));
        let [events, calls] = &stage.removals().await[..] else { panic!("each kind is logged once") };
        assert!(events.starts_with("events before ") && calls.starts_with("calls before "), "{events} {calls}");
    }

    async fn each_kind_has_its_own_period_and_is_kept_without_one(database: Database) {
        let stage = Stage::set_up(database).await;
        let before = stage.with_checkpoints().await;
        stage.pass_millis(400 * DAY_MILLIS);
        assert_eq!(stage.service.audit().remove_expired(KeepDays::default(), &RemovalRun::at(stage.service.now())).await.unwrap(), 0);
        let calls_only = KeepDays { calls: Some(30), ..KeepDays::default() };
        assert_eq!(stage.service.audit().remove_expired(calls_only, &RemovalRun::at(stage.service.now())).await.unwrap(), u64::try_from(before.blocks).unwrap());
        let verdict = stage.findings().await;
        assert_eq!((verdict.findings, verdict.events, verdict.blocks), (vec![], before.events, 0));
    }

    async fn an_interrupted_removal_is_finished_on_the_next_run(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.with_checkpoints().await;
        stage.found_after(&["CREATE TABLE copy AS SELECT * FROM audit_event WHERE number = 2"]).await;
        stage.pass_millis(31 * DAY_MILLIS);
        stage.service.audit().remove_expired(THIRTY_DAYS, &RemovalRun::at(stage.service.now())).await.unwrap();
        // Simulates a server that stopped between logging the removal and deleting the rows.
        let found = stage.found_after(&["INSERT INTO audit_event SELECT * FROM copy", "DROP TABLE copy"]).await;
        assert_eq!(found, [], "rows of an unfinished removal are no finding");
        assert_eq!(stage.service.audit().remove_expired(THIRTY_DAYS, &RemovalRun::at(stage.service.now())).await.unwrap(), 1);
    }

    async fn a_forged_retention_entry_is_detected(database: Database) {
        let stage = Stage::set_up(database).await;
        assert_eq!(stage.with_checkpoints().await.findings, []);
        let found = stage.found_after(&[
            "DELETE FROM audit_event WHERE number = 3",
            "INSERT INTO retention (kind, seal, at, signature) SELECT 'event', number, at, signature FROM seal WHERE number = 2",
        ]).await;
        assert_eq!(found, [Finding::RetentionForged, Finding::EventMissing(3)]);
    }
}
