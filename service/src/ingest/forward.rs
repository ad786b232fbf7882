//! Forwards the queue: parcels in order of receipt, starting at a cursor on disk.
//!
//! The cursor moves once the upstream has accepted a batch. While the upstream is unavailable, sending is retried with
//! increasing waits, and new data waits on disk. On shutdown the batch in transfer may complete; a crash after the
//! upstream accepted it and before the cursor moved sends it again.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::time::sleep;

use crate::{
    ingest::{
        cursor::Cursor,
        forward_batch::{BATCH_BYTES, Batch, read_batch},
        forward_state::{ForwardState, UpstreamState},
        segment::Position,
        shared::Shared,
        upstream::{SendOutcome, Upstream, UpstreamRequest},
    },
    platform::{
        lock::lock,
        tasks::{Closing, END_TIMEOUT, blocking},
    },
};

/// The wait before the first retry; each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// The longest wait: once the upstream is back, data should flow again within a minute.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long the batch in transfer may take on shutdown: the task is aborted after [`END_TIMEOUT`], and must store its
/// position before.
const LAST_PARCEL: Duration = Duration::from_secs(1);
const _: () = assert!(LAST_PARCEL.as_millis() < END_TIMEOUT.as_millis());

/// The description of a batch that was sent.
struct Sent {
    path: &'static str,
    bytes: usize,
    parcels: usize,
    end: Position,
}

/// Forwards the queue to the upstream.
pub(crate) struct Forwarder {
    shared: Arc<Shared>,
    cursor: Arc<Mutex<Cursor>>,
    upstream: Upstream,
    state: ForwardState,
    /// Up to this position, parcels are sent one by one, because the upstream rejected them as a batch.
    one_by_one_to: Position,
}

impl Forwarder {
    pub(crate) fn new(
        shared: Arc<Shared>,
        cursor: Cursor,
        upstream: Upstream,
        state: ForwardState,
    ) -> Self {
        Self {
            shared,
            cursor: Arc::new(Mutex::new(cursor)),
            upstream,
            state,
            one_by_one_to: Position::default(),
        }
    }

    /// Runs until the server stops.
    pub(crate) async fn run(mut self, mut closing: Closing) {
        let mut written = self.shared.written.subscribe();
        let mut wait = FIRST_WAIT;
        while !closing.is_closing() {
            written.mark_unchanged();
            let batch = match self.next_batch().await {
                Ok(Some(batch)) => batch,
                Ok(None) => {
                    tokio::select! {
                        () = closing.wait() => return,
                        _ = written.changed() => continue,
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "The ingest queue cannot be read.");
                    pause(&mut wait, &mut closing).await;
                    continue;
                }
            };
            let sent = Sent {
                path: batch.outgoing.path,
                bytes: batch.outgoing.payload.len(),
                parcels: batch.parcels,
                end: batch.end,
            };
            let Some(outcome) = self.send(batch.outgoing, &mut closing).await else {
                return;
            };
            if self.settle(&sent, outcome).await {
                wait = FIRST_WAIT;
            } else {
                pause(&mut wait, &mut closing).await;
            }
        }
    }

    /// Sends a batch; `None` when the server stops and the upstream does not answer soon.
    async fn send(
        &mut self,
        outgoing: UpstreamRequest,
        closing: &mut Closing,
    ) -> Option<SendOutcome> {
        let last_moment = async {
            closing.wait().await;
            sleep(LAST_PARCEL).await;
        };
        tokio::select! {
            outcome = self.upstream.send(outgoing) => Some(outcome),
            () = last_moment => None,
        }
    }

    /// Handles the outcome of a batch. Returns whether to continue without a wait.
    async fn settle(&mut self, sent: &Sent, outcome: SendOutcome) -> bool {
        match outcome {
            SendOutcome::Unavailable(why) => {
                if self.state.set(UpstreamState::Away) {
                    tracing::warn!(%why, "The ingest upstream does not accept data; ingested data waits on disk.");
                }
                return false;
            }
            SendOutcome::Accepted => self.done(sent.end).await,
            SendOutcome::Rejected(_) if sent.parcels > 1 => self.one_by_one_to = sent.end,
            SendOutcome::Rejected(status) => {
                let Sent { path, bytes, .. } = *sent;
                tracing::error!(%status, path, bytes, "The ingest upstream rejects a parcel permanently; it is skipped.");
                self.done(sent.end).await;
            }
        }
        if self.state.set(UpstreamState::Reached) {
            tracing::info!("The ingest upstream answers again.");
        }
        true
    }

    /// Moves the cursor to `end`.
    async fn done(&self, end: Position) {
        let cursor = Arc::clone(&self.cursor);
        let moved = blocking(move || lock(&cursor).move_to(end)).await;
        if let Err(error) = moved.map_err(io::Error::other).flatten() {
            tracing::warn!(%error, "The cursor of the ingest queue cannot be stored; a crash would send some data again.");
        }
        self.shared.set_forwarded(end);
    }

    async fn next_batch(&self) -> io::Result<Option<Batch>> {
        let (shared, from) = (Arc::clone(&self.shared), self.shared.forwarded());
        let from = from.unwrap_or_default();
        let together = if from < self.one_by_one_to {
            0
        } else {
            BATCH_BYTES
        };
        let form = self.upstream.form();
        let read = blocking(move || read_batch(&shared, from, together, form));
        read.await.map_err(io::Error::other)?
    }
}

/// Waits before a retry or until the server stops.
async fn pause(wait: &mut Duration, closing: &mut Closing) {
    closing.wait_or(*wait).await;
    *wait = (*wait * 2).min(LONGEST_WAIT);
}
