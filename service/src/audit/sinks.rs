//! Sinks: the audit log and the call log are forwarded as NDJSON to an HTTP endpoint or a file.
//!
//! A sink is fed checkpoint by checkpoint: checkpoints put the rows of all nodes into one fixed order, and the rows
//! they cover never change. The position of each sink is stored in the database, so that feeding continues after a
//! restart, on another node, or after days without the sink. It moves past a piece when the sink has confirmed that
//! piece and all before it, so no row is lost; a failure or a crash sends some pieces twice. Sinks never delay requests.
//! Retention waits for a sink as long as some node still tries to feed it.

mod in_flight;
mod pieces;
mod sink;

use std::time::Duration;

use domain::platform::timestamp::Timestamp;
use tokio::time::Instant;

pub use self::sink::{Sink, SinkSettings};
use self::{in_flight::InFlight, pieces::Pieces};
use crate::{
    audit::handle::Audit,
    platform::{
        error::{ErrorChain, ServiceError},
        tasks::Closing,
    },
};

/// How often to check for new checkpoints.
const TICK: Duration = Duration::from_secs(1);

/// How often the position of a sink is stored. After a crash, the entries of this time are sent again.
const SAVE_INTERVAL: Duration = Duration::from_secs(1);

/// The longest wait before the next attempt to reach a sink.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Duration of a node's lease on a sink, in seconds. Sending a piece takes less; when a node stops, another one takes
/// over after the lease.
const HOLD_SECONDS: i64 = 60;

/// How long retention waits for a sink after its last lease, in seconds, so that a sink removed from the settings does
/// not stop retention.
const WAITED_FOR_SECONDS: i64 = 86_400;

/// A sink and its lag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkState {
    /// The URL or the path of the sink.
    pub name: String,
    /// The age of the oldest checkpoint that is not sent completely, in microseconds; 0 when everything is sent.
    pub lag_micros: i64,
}

/// The result of feeding a sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedOutcome {
    /// The sink has received all rows that checkpoints cover.
    Everything,
    /// The sink does not accept data, with the reason.
    Away(String),
    /// Another node holds the lease.
    Elsewhere,
}

impl Audit {
    /// The sinks that any node feeds.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn sink_states(&self) -> Result<Vec<SinkState>, ServiceError> {
        let now = self.platform.now();
        let mut read = self.platform.store().read().await?;
        let mut states = Vec::new();
        for (name, checkpoint) in read.list_sinks(waited_for_since(now)).await? {
            let next = read.list_checkpoints(checkpoint, 1).await?.pop();
            let lag_micros = next.map_or(0, |next| now.as_micros() - next.at.as_micros());
            states.push(SinkState { name, lag_micros });
        }
        Ok(states)
    }

    /// Feeds a sink until the service closes. Closing cancels the pieces in transfer; the next holder sends them again.
    pub(super) async fn feed_sink_until(self, settings: SinkSettings, mut closing: Closing) {
        let Ok(mut sink) = Sink::new(settings) else {
            return;
        };
        tokio::select! {
            () = closing.wait() => {}
            () = self.keep_feeding(&mut sink) => {}
        }
        self.release(&mut sink).await;
    }

    async fn keep_feeding(&self, sink: &mut Sink) {
        let mut wait = TICK;
        loop {
            wait = match self.feed_sink(sink).await {
                Ok(FeedOutcome::Everything | FeedOutcome::Elsewhere) => TICK,
                Ok(FeedOutcome::Away(why)) => {
                    if wait == TICK {
                        tracing::warn!(
                            sink = sink.name,
                            why,
                            "A sink does not accept data; its position is kept and sending is retried."
                        );
                    }
                    (wait * 2).min(LONGEST_WAIT)
                }
                Err(error) => {
                    tracing::warn!(sink = sink.name, error = %ErrorChain(&error), "A sink cannot be fed.");
                    LONGEST_WAIT
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Sends the sink all rows that checkpoints cover and that it has not received, piece by piece. Several pieces are
    /// sent at the same time, because most of the time of a request is waiting for its answer.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn feed_sink(&self, sink: &mut Sink) -> Result<FeedOutcome, ServiceError> {
        if !self.hold(sink).await? || !self.save(sink).await? {
            return Ok(FeedOutcome::Elsewhere);
        }
        let mut read = self.platform.store().read().await?;
        let mut pieces = Pieces::after(read.find_sink_cursor(&sink.name).await?);
        drop(read);
        // A sink that did not accept a piece gets one at a time, so that the pieces after it are not sent again each
        // time.
        let at_once = if sink.is_away {
            1
        } else {
            sink.target.at_once()
        };
        let mut sent = InFlight::to(&sink.target, at_once);
        let mut saved_at = Instant::now();
        loop {
            // After the lease, another node may have fed the sink: the position is read again.
            if sink.held_until <= self.platform.now() || !self.hold(sink).await? {
                return Ok(FeedOutcome::Elsewhere);
            }
            self.send_pieces(&mut pieces, &mut sent).await?;
            let outcome = match sent.next().await {
                Some(Ok(confirmed)) => {
                    sink.confirmed = Some(confirmed);
                    sink.is_away = false;
                    sent.at_once = sink.target.at_once();
                    if saved_at.elapsed() < SAVE_INTERVAL {
                        continue;
                    }
                    saved_at = Instant::now();
                    None
                }
                Some(Err(why)) => {
                    sink.is_away = true;
                    Some(FeedOutcome::Away(why))
                }
                None => Some(FeedOutcome::Everything),
            };
            if !self.save(sink).await? {
                return Ok(FeedOutcome::Elsewhere);
            }
            if let Some(outcome) = outcome {
                return Ok(outcome);
            }
        }
    }

    /// Starts to send the next pieces, as many as may be in transfer.
    async fn send_pieces(
        &self,
        pieces: &mut Pieces,
        sent: &mut InFlight,
    ) -> Result<(), ServiceError> {
        if !sent.has_room() {
            return Ok(());
        }
        let mut read = self.platform.store().read().await?;
        while sent.has_room() {
            let Some(piece) = pieces.next(&mut read).await? else {
                break;
            };
            sent.start(piece);
        }
        Ok(())
    }

    /// Stores the position that the sink has confirmed. Returns whether this node still holds the lease.
    async fn save(&self, sink: &mut Sink) -> Result<bool, ServiceError> {
        let Some(confirmed) = sink.confirmed else {
            return Ok(true);
        };
        let mut housekeeping = self.platform.store().housekeep().await?;
        let is_ours = housekeeping
            .move_sink_cursor(&sink.name, confirmed, sink.held_until)
            .await?;
        housekeeping.finish().await?;
        sink.confirmed = None;
        Ok(is_ours)
    }

    /// Acquires or extends the lease on the sink. Whether this node holds it.
    async fn hold(&self, sink: &mut Sink) -> Result<bool, ServiceError> {
        let now = self.platform.now();
        let until = now.plus_seconds(HOLD_SECONDS);
        // Half of the lease is longer than sending a piece takes.
        if sink.held_until > now.plus_seconds(HOLD_SECONDS / 2) {
            return Ok(true);
        }
        if sink.held_until <= now {
            // Another node may have fed the sink meanwhile.
            sink.confirmed = None;
        }
        let mut housekeeping = self.platform.store().housekeep().await?;
        let held = housekeeping
            .hold_sink(&sink.name, until, now, sink.held_until)
            .await?;
        housekeeping.finish().await?;
        if held {
            sink.held_until = until;
        }
        Ok(held)
    }

    /// Stores the position and releases the lease, so that another node can take over at once. Retention still waits
    /// for the sink.
    async fn release(&self, sink: &mut Sink) {
        let released = async {
            self.save(sink).await?;
            let now = self.platform.now();
            let mut housekeeping = self.platform.store().housekeep().await?;
            housekeeping
                .hold_sink(&sink.name, now, now, sink.held_until)
                .await?;
            Ok::<_, ServiceError>(housekeeping.finish().await?)
        };
        if let Err(error) = released.await {
            tracing::debug!(error = %ErrorChain(&error), "The lease on a sink cannot be released; it expires later.");
        }
    }
}

/// The earliest end of a lease for which retention waits.
pub(crate) fn waited_for_since(now: Timestamp) -> Timestamp {
    now.plus_seconds(-WAITED_FOR_SECONDS)
}
