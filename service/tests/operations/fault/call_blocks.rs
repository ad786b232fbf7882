//! The transaction that stores calls is interrupted at every step: each call is stored once.

use service::CallRecord;
use testbed::{cancelled_after, on_both};

use crate::support::{Stage, call};

/// More polls than storing a block takes.
const POLLS: usize = 40;

impl Stage {
    /// Records a call that may have changed something.
    fn record_change(&self, number: u64) {
        self.service.audit().record_call(CallRecord {
            method: "POST",
            ..call("Ada", self.clock.now(), number)
        });
    }
}

on_both! {
    async fn calls_are_stored_once_when_storing_them_is_cancelled(database: Database) {
        let stage = Stage::set_up(database).await;
        let (mut recorded, mut ended) = (0, Vec::new());
        for polls in (1..POLLS).chain(1..POLLS) {
            recorded += 1;
            stage.record_change(recorded);
            ended.push(cancelled_after(polls, stage.service.audit().store_calls_of_changes()).await.is_some());
        }
        assert!(!ended[0] && ended[POLLS - 2], "the first is cut, and the last ends: {ended:?}");
        stage.service.audit().make_checkpoints().await.unwrap();
        let stored = stage.number("SELECT CAST(SUM(call_count) AS TEXT) FROM call_block WHERE writes").await;
        assert_eq!(stored.cast_unsigned(), recorded);
    }

    async fn calls_are_stored_once_when_another_node_merges_their_block_before_storing_is_repeated(database: Database) {
        let stage = Stage::set_up(database).await;
        let other = stage.another_node().await;
        let mut recorded = 0;
        for polls in 1..POLLS {
            recorded += 2;
            stage.record_change(recorded - 1);
            cancelled_after(polls, stage.service.audit().store_calls_of_changes()).await;
            other.audit().record_call(CallRecord { method: "POST", ..call("Grace", stage.clock.now(), recorded) });
            other.audit().store_calls_of_changes().await;
            other.audit().make_checkpoints().await.unwrap();
        }
        stage.service.audit().make_checkpoints().await.unwrap();
        let stored = stage.number("SELECT CAST(SUM(call_count) AS TEXT) FROM call_block WHERE writes").await;
        assert_eq!(stored.cast_unsigned(), recorded);
        assert_eq!(stage.service.audit().verify(None).await.unwrap().findings, []);
    }
}
