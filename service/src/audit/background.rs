//! The background tasks of the audit room.

use std::{path::PathBuf, time::Duration};

use crate::{
    audit::{handle::Audit, retention::KeepDays, sinks::SinkSettings},
    platform::tasks::{Closing, Tasks, report},
};

/// How long a call waits in memory before it is stored. A crash may lose at most a tenth of a second of read-only
/// calls; the interval is a third of that, because a call may also have to wait for the flush before its own.
const FLUSH_INTERVAL: Duration = Duration::from_millis(30);

/// How often to look for expired rows.
const RETENTION_INTERVAL: Duration = Duration::from_secs(600);

impl Audit {
    /// Starts reading the change feed, storing calls, making checkpoints, deleting expired rows, and sending to sinks.
    pub(crate) fn start(
        &self,
        tasks: &Tasks,
        checkpoint_file: Option<PathBuf>,
        keep: KeepDays,
        sinks: Vec<SinkSettings>,
    ) {
        let audit = || self.clone();
        tasks.spawn("read the change feed", |closing| {
            audit().follow_feed(closing)
        });
        let flushing = audit();
        tasks.every("store calls", FLUSH_INTERVAL, move || {
            let audit = flushing.clone();
            async move { audit.flush_calls().await }
        });
        tasks.spawn("make checkpoints", |closing| {
            audit().keep_making_checkpoints(checkpoint_file, closing)
        });
        tasks.spawn("delete expired rows", |closing| {
            audit().keep_removing_expired(keep, closing)
        });
        for sink in sinks {
            tasks.spawn("send to a sink", |closing| {
                audit().feed_sink_until(sink, closing)
            });
        }
    }

    async fn keep_removing_expired(self, keep: KeepDays, mut closing: Closing) {
        loop {
            let removed = self.remove_expired(keep).await.map(drop);
            report("delete expired rows", removed);
            if closing.wait_or(RETENTION_INTERVAL).await {
                return;
            }
        }
    }
}
