//! Sinks: the audit log and the call log are forwarded as NDJSON to an HTTP endpoint or a file.
//!
//! A sink is fed checkpoint by checkpoint: checkpoints put the rows of all nodes into one fixed order, and the rows
//! they cover never change. The position of each sink is stored in the database, so that feeding continues after a
//! restart, on another node, or after days without the sink. No row is lost; a crash sends at most the last chunk
//! twice. Sinks never delay requests. Retention waits for a sink as long as some node still tries to feed it.

mod sink;

use std::time::Duration;

use domain::platform::timestamp::Timestamp;
use store::{Checkpoint, Conn, SinkCursor};

pub use self::sink::{Sink, SinkSettings};
use crate::{
    audit::{
        export::ndjson::{call_line, event_line, put_line},
        handle::Audit,
    },
    platform::{
        error::{ErrorChain, ServiceError},
        tasks::Closing,
    },
};

/// Maximum number of events in a chunk.
const EVENTS_PER_REQUEST: i64 = 500;

/// How often to check for new checkpoints.
const TICK: Duration = Duration::from_secs(1);

/// The longest wait before the next attempt to reach a sink.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Duration of a node's lease on a sink, in seconds. Sending a chunk takes less; when a node stops, another one takes
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

/// The next chunk: its lines and the cursor after it.
struct Piece {
    lines: Vec<u8>,
    then: SinkCursor,
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

    /// Feeds a sink until the service closes. Closing cancels the chunk in transfer; the next holder sends it again.
    pub(super) async fn feed_sink_until(self, settings: SinkSettings, mut closing: Closing) {
        let Ok(mut sink) = Sink::new(settings) else {
            return;
        };
        tokio::select! {
            () = closing.wait() => {}
            () = self.keep_feeding(&mut sink) => {}
        }
        self.release(&sink).await;
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

    /// Sends the sink all rows that checkpoints cover and that it has not received, chunk by chunk.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn feed_sink(&self, sink: &mut Sink) -> Result<FeedOutcome, ServiceError> {
        loop {
            if !self.hold(sink).await? {
                return Ok(FeedOutcome::Elsewhere);
            }
            let mut read = self.platform.store().read().await?;
            let cursor = read.find_sink_cursor(&sink.name).await?;
            let piece = next_chunk(&mut read, cursor).await?;
            drop(read);
            let Some(piece) = piece else {
                return Ok(FeedOutcome::Everything);
            };
            if !piece.lines.is_empty()
                && let Err(why) = sink.take(piece.lines).await
            {
                return Ok(FeedOutcome::Away(why));
            }
            let mut housekeeping = self.platform.store().housekeep().await?;
            let is_ours = housekeeping
                .move_sink_cursor(&sink.name, piece.then, sink.held_until)
                .await?;
            housekeeping.finish().await?;
            if !is_ours {
                return Ok(FeedOutcome::Elsewhere);
            }
        }
    }

    /// Acquires or extends the lease on the sink. Whether this node holds it.
    async fn hold(&self, sink: &mut Sink) -> Result<bool, ServiceError> {
        let now = self.platform.now();
        let until = now.plus_seconds(HOLD_SECONDS);
        // Half of the lease is longer than sending a chunk takes.
        if sink.held_until > now.plus_seconds(HOLD_SECONDS / 2) {
            return Ok(true);
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

    /// Releases the lease, so that another node can take over at once. Retention still waits for the sink.
    async fn release(&self, sink: &Sink) {
        let now = self.platform.now();
        let released = async {
            let mut housekeeping = self.platform.store().housekeep().await?;
            housekeeping
                .hold_sink(&sink.name, now, now, sink.held_until)
                .await?;
            housekeeping.finish().await
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

/// The next chunk for a sink; `None` when everything is sent.
async fn next_chunk(conn: &mut Conn, cursor: SinkCursor) -> Result<Option<Piece>, ServiceError> {
    let checkpoints = conn.list_checkpoints(cursor.checkpoint - 1, 2).await?;
    let after = checkpoints
        .iter()
        .find(|checkpoint| checkpoint.number == cursor.checkpoint)
        .map_or(0, |checkpoint| checkpoint.last_event);
    let Some(checkpoint) = checkpoints
        .iter()
        .find(|checkpoint| checkpoint.number > cursor.checkpoint)
    else {
        return Ok(None);
    };
    let events = checkpoint.last_event - after;
    let blocks = i64::try_from(checkpoint.blocks.len()).unwrap_or(i64::MAX);
    let done = cursor.rows_done;
    let (lines, done) = if done < events {
        let mut lines = Vec::new();
        // Retention may have deleted some of the events; their numbers are never used again.
        let mut last = checkpoint.last_event;
        conn.visit_numbered_events(
            after + done,
            checkpoint.last_event,
            EVENTS_PER_REQUEST,
            |row| {
                last = row.number;
                put_line(&mut lines, &event_line(&row)?)
            },
        )
        .await?;
        (lines, last - after)
    } else {
        (
            lines_of_block(conn, checkpoint, done - events).await?,
            done + 1,
        )
    };
    let then = if done >= events + blocks {
        SinkCursor {
            checkpoint: checkpoint.number,
            rows_done: 0,
        }
    } else {
        SinkCursor {
            rows_done: done,
            ..cursor
        }
    };
    Ok(Some(Piece { lines, then }))
}

async fn lines_of_block(
    conn: &mut Conn,
    checkpoint: &Checkpoint,
    place: i64,
) -> Result<Vec<u8>, ServiceError> {
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    let Some(id) = checkpoint.blocks.get(place) else {
        return Ok(Vec::new());
    };
    let calls = conn.list_calls_of_block(*id).await?;
    let mut lines = Vec::new();
    for call in &calls {
        put_line(&mut lines, &call_line(call))?;
    }
    Ok(lines)
}
