//! The background tasks of the audit room.

use std::{path::PathBuf, time::Duration};

use crate::{
    audit::{handle::Audit, sinks::SinkSettings},
    platform::tasks::Tasks,
};

/// How long a call waits in memory before it is stored. A crash may lose at most a tenth of a second of read-only
/// calls; the interval is a third of that, because a call may also have to wait for the flush before its own.
const FLUSH_INTERVAL: Duration = Duration::from_millis(30);

/// How often to look for a fork of the feed that is not stored.
const FORK_INTERVAL: Duration = Duration::from_millis(250);

impl Audit {
    /// Starts reading the change feed, storing calls, making checkpoints, and sending to sinks.
    pub(crate) fn start(
        &self,
        tasks: &Tasks,
        checkpoint_file: Option<PathBuf>,
        sinks: Vec<SinkSettings>,
    ) {
        let audit = || self.clone();
        tasks.spawn("read the change feed", |closing| {
            audit().follow_feed(closing)
        });
        let forked = audit();
        tasks.every("store a fault of the database", FORK_INTERVAL, move || {
            let audit = forked.clone();
            async move { audit.store_fork().await }
        });
        let flushing = audit();
        tasks.every("store calls", FLUSH_INTERVAL, move || {
            let audit = flushing.clone();
            async move { audit.flush_calls().await }
        });
        tasks.spawn("make checkpoints", |closing| {
            audit().keep_making_checkpoints(checkpoint_file, closing)
        });
        for sink in sinks {
            tasks.spawn("send to a sink", |closing| {
                audit().feed_sink_until(sink, closing)
            });
        }
    }
}
