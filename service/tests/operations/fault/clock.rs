//! A clock that is wrong.

use service::{Clock, FaultKind, KeepDays, Service};
use testbed::on_both;

use crate::support::{Stage, settings};

const DAY_MILLIS: i64 = 86_400_000;

const THIRTY_DAYS: KeepDays = KeepDays {
    events: Some(30),
    calls: Some(30),
    ended: None,
};

on_both! {
    async fn a_start_with_a_clock_far_ahead_deletes_nothing_until_an_operator_confirms(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.with_checkpoints().await;
        stage.service.audit().check_clock().await.unwrap();
        stage.service.close().await.unwrap();
        stage.pass_millis(400 * DAY_MILLIS);
        let node = stage.another_node().await;
        node.audit().check_clock().await.unwrap();
        let faults = node.list_database_faults().await.unwrap();
        assert_eq!(faults[0].kind, FaultKind::ClockJump);
        assert_eq!(node.remove_old_rows(THIRTY_DAYS).await.unwrap(), 0);
        node.audit().confirm_database_faults().await.unwrap();
        assert!(node.remove_old_rows(THIRTY_DAYS).await.unwrap() > 0);
    }

    async fn the_time_does_not_go_back_until_an_operator_confirms(database: Database) {
        let stage = Stage::set_up(database).await;
        let newest = 4_000_000_000_000_000_i64;
        stage.service.close().await.unwrap();
        stage.database.tamper(&format!("UPDATE counter SET value = {newest} WHERE name = 'newest_time'")).await;
        let node = Service::open(settings(&stage.database, &Clock::system())).await.unwrap();
        assert!(node.now().as_micros() >= newest);
        // The operator has corrected the clock, and confirms it.
        node.audit().confirm_database_faults().await.unwrap();
        let confirmed = stage.database.texts("SELECT CAST(MAX(at) AS TEXT) FROM audit_event").await.remove(0);
        assert!(confirmed.parse::<i64>().unwrap() < newest, "the event has the corrected time");
        node.close().await.unwrap();
        let node = Service::open(settings(&stage.database, &Clock::system())).await.unwrap();
        assert!(node.now().as_micros() < newest);
    }
}
