//! A retention run that fails in the middle has an audit event for the rows that it removed.

use service::{KeepDays, RemovalRun};
use testbed::on_both;

use crate::support::Stage;

on_both! {
    async fn a_run_that_fails_halfway_is_in_the_audit_log(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.with_checkpoints().await;
        stage.pass_millis(31 * 86_400_000);
        stage.database.tamper("UPDATE seal SET blocks = '{' WHERE number = 2").await;
        let keep = KeepDays { events: Some(30), ..KeepDays::default() };
        stage.service.audit().remove_expired(keep, &RemovalRun::at(stage.service.now())).await.unwrap_err();
        let left = stage.database.texts("SELECT CAST(COUNT(*) AS TEXT) FROM audit_event WHERE number = 1").await;
        assert_eq!(left, ["0"], "the rows of the first checkpoint are removed");
        let events = "SELECT object_name FROM audit_event WHERE action = 'delete' AND object_type = 'record'";
        let events = stage.database.texts(events).await;
        assert!(matches!(&events[..], [event] if event.starts_with("events before ")), "{events:?}");
    }
}
