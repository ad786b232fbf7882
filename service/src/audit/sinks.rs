//! Sinks: the record goes on to whoever watches it elsewhere, an HTTP endpoint or a file, as lines of JSON.
//!
//! A sink is fed along the seals: they put acts and calls of all nodes into one order that never changes, and rows that
//! are sealed are there for good. How far it has come is kept in the database, so that a restart, another node or a sink
//! that was away for days goes on where it was left: nothing is lost, and a crash sends the last piece twice at most.
//! Nobody waits for a sink; retention waits for it, as long as some node still tries to feed it.

mod sink;

use std::time::Duration;

use domain::platform::timestamp::Timestamp;
use store::{Conn, Seal, SinkCursor};

pub use self::sink::{Sink, SinkSettings};
use crate::{
    audit::{
        handle::Audit,
        ndjson::{act_line, call_line, put_line},
    },
    platform::{
        error::{Chain, ServiceError},
        tasks::Closing,
    },
};

/// Acts that are sent together.
const ACTS_AT_ONCE: i64 = 500;

/// How often it is looked whether something was sealed.
const TICK: Duration = Duration::from_secs(1);

/// The longest wait before a sink that is away is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// For how long a node takes a sink, in seconds. Sending a piece takes less; when a node stops, another goes on.
const HOLD_SECONDS: i64 = 60;

/// For how many seconds after it was last fed a sink is waited for. One that was taken out of the settings is not.
const WAITED_FOR_SECONDS: i64 = 86_400;

/// A sink and how far it is behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkState {
    /// What it is called: its address or its path.
    pub name: String,
    /// How long ago the oldest seal was made that it does not have all of, in microseconds; 0 when it has everything.
    pub lag_micros: i64,
}

/// How far feeding a sink went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fed {
    /// It has all that is sealed.
    Everything,
    /// It takes nothing now, and this is why.
    Away(String),
    /// Another node feeds it.
    Elsewhere,
}

/// The next piece: its lines, and where the cursor is once the sink has it.
struct Piece {
    lines: Vec<u8>,
    then: SinkCursor,
}

impl Audit {
    /// The sinks that are being fed, by any node.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn sink_states(&self) -> Result<Vec<SinkState>, ServiceError> {
        let now = self.platform.now();
        let mut read = self.platform.store().read().await?;
        let mut states = Vec::new();
        for (name, seal) in read.list_sinks(waited_for_since(now)).await? {
            let next = read.list_seals(seal, 1).await?.pop();
            let lag_micros = next.map_or(0, |next| now.as_micros() - next.at.as_micros());
            states.push(SinkState { name, lag_micros });
        }
        Ok(states)
    }

    /// Sends to a sink until the service closes. What is being sent then is cut off, and sent again by the next holder.
    pub(super) async fn feed_sink_until(self, settings: SinkSettings, mut closing: Closing) {
        let Ok(mut sink) = Sink::new(settings) else {
            return;
        };
        tokio::select! {
            () = closing.wait() => {}
            () = self.keep_feeding(&mut sink) => {}
        }
        self.let_go(&sink).await;
    }

    async fn keep_feeding(&self, sink: &mut Sink) {
        let mut wait = TICK;
        loop {
            wait = match self.feed_sink(sink).await {
                Ok(Fed::Everything | Fed::Elsewhere) => TICK,
                Ok(Fed::Away(why)) => {
                    if wait == TICK {
                        tracing::warn!(
                            sink = sink.name,
                            why,
                            "A sink takes nothing; what it misses is kept for it."
                        );
                    }
                    (wait * 2).min(LONGEST_WAIT)
                }
                Err(error) => {
                    tracing::warn!(sink = sink.name, error = %Chain(&error), "A sink could not be fed.");
                    LONGEST_WAIT
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Feeds a sink everything that is sealed and that it does not have yet, piece by piece.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn feed_sink(&self, sink: &mut Sink) -> Result<Fed, ServiceError> {
        loop {
            if !self.hold(sink).await? {
                return Ok(Fed::Elsewhere);
            }
            let mut read = self.platform.store().read().await?;
            let cursor = read.find_sink_cursor(&sink.name).await?;
            let piece = next_piece(&mut read, cursor).await?;
            drop(read);
            let Some(piece) = piece else {
                return Ok(Fed::Everything);
            };
            if !piece.lines.is_empty()
                && let Err(why) = sink.take(piece.lines).await
            {
                return Ok(Fed::Away(why));
            }
            let mut housekeeping = self.platform.store().housekeep().await?;
            let is_ours = housekeeping
                .move_sink_cursor(&sink.name, piece.then, sink.held_until)
                .await?;
            housekeeping.finish().await?;
            if !is_ours {
                return Ok(Fed::Elsewhere);
            }
        }
    }

    /// Takes the sink for this node, or keeps it. Whether it has it.
    async fn hold(&self, sink: &mut Sink) -> Result<bool, ServiceError> {
        let now = self.platform.now();
        let until = now.plus_seconds(HOLD_SECONDS);
        // Half of the time is longer than sending a piece takes.
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

    /// Lets another node have the sink at once. It is still waited for.
    async fn let_go(&self, sink: &Sink) {
        let now = self.platform.now();
        let released = async {
            let mut housekeeping = self.platform.store().housekeep().await?;
            housekeeping
                .hold_sink(&sink.name, now, now, sink.held_until)
                .await?;
            housekeeping.finish().await
        };
        if let Err(error) = released.await {
            tracing::debug!(error = %Chain(&error), "A sink is let go when its time is over.");
        }
    }
}

/// After which moment a sink must have been held to be waited for.
pub(crate) fn waited_for_since(now: Timestamp) -> Timestamp {
    now.plus_seconds(-WAITED_FOR_SECONDS)
}

/// What a sink is sent next; `None` when it has all that is sealed.
async fn next_piece(conn: &mut Conn, cursor: SinkCursor) -> Result<Option<Piece>, ServiceError> {
    let seals = conn.list_seals(cursor.seal - 1, 2).await?;
    let after = seals
        .iter()
        .find(|seal| seal.number == cursor.seal)
        .map_or(0, |seal| seal.last_event);
    let Some(seal) = seals.iter().find(|seal| seal.number > cursor.seal) else {
        return Ok(None);
    };
    let acts = seal.last_event - after;
    let blocks = i64::try_from(seal.blocks.len()).unwrap_or(i64::MAX);
    let done = cursor.rows_done;
    let (lines, done) = if done < acts {
        let mut lines = Vec::new();
        // Retention may have taken some, and numbers of those never come back.
        let mut last = seal.last_event;
        conn.visit_numbered_events(after + done, seal.last_event, ACTS_AT_ONCE, |row| {
            last = row.number;
            put_line(&mut lines, &act_line(&row)?)
        })
        .await?;
        (lines, last - after)
    } else {
        (lines_of_block(conn, seal, done - acts).await?, done + 1)
    };
    let then = if done >= acts + blocks {
        SinkCursor {
            seal: seal.number,
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

async fn lines_of_block(conn: &mut Conn, seal: &Seal, place: i64) -> Result<Vec<u8>, ServiceError> {
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    let Some(id) = seal.blocks.get(place) else {
        return Ok(Vec::new());
    };
    let calls = conn.list_calls_of_block(*id).await?;
    let mut lines = Vec::new();
    for call in &calls {
        put_line(&mut lines, &call_line(call))?;
    }
    Ok(lines)
}
