//! The record of calls: every request to the API, gathered in memory and stored in batches.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::{
    actor::{Identity, RequestFacts},
    id::Id,
    timestamp::Timestamp,
};
use store::NewCall;
use tokio::sync::watch;

use crate::{call_sources::CallSources, error::ServiceError, feed::Chain, open::Service};

/// How long a call may wait in memory: what a crash can lose of calls that changed nothing (`design.md` section 5).
const FLUSH_INTERVAL: Duration = Duration::from_millis(100);

/// Parts of the buffer, each under its own lock, so that threads seldom meet.
const PARTS: usize = 16;

/// Calls stored in one transaction. Small pieces do not hold a core for long.
const BATCH: usize = 1_024;

/// One request to the API, as it was answered.
#[derive(Debug, Clone)]
pub struct CallRecord {
    /// Who called; `None` when the credential was refused.
    pub identity: Option<Arc<Identity>>,
    /// The request.
    pub request: RequestFacts,
    /// Its HTTP method.
    pub method: &'static str,
    /// The route's template.
    pub route: &'static str,
    /// When it came in.
    pub at: Timestamp,
    /// The status answered.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Bytes of the answer's body.
    pub bytes: i64,
}

/// Calls that are not stored yet.
#[derive(Debug)]
pub(crate) struct CallBuffer {
    parts: Vec<Mutex<Vec<CallRecord>>>,
    next: AtomicUsize,
    /// Locked while calls are being stored, so that one flush runs at a time.
    unfinished: tokio::sync::Mutex<Unfinished>,
}

/// What one flush leaves to the next.
#[derive(Debug, Default)]
struct Unfinished {
    /// What could not be stored the last time.
    left_over: Vec<CallRecord>,
    /// The sources that are stored already.
    sources: CallSources,
}

impl CallBuffer {
    pub(crate) fn new() -> Self {
        Self {
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            next: AtomicUsize::new(0),
            unfinished: tokio::sync::Mutex::default(),
        }
    }

    fn push(&self, call: CallRecord) {
        let part = &self.parts[self.next.fetch_add(1, Ordering::Relaxed) % PARTS];
        part.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(call);
    }

    fn take(&self) -> Vec<CallRecord> {
        let taken = self
            .parts
            .iter()
            .map(|part| std::mem::take(&mut *part.lock().unwrap_or_else(PoisonError::into_inner)));
        taken.flatten().collect()
    }
}

impl Service {
    /// Records a call. It is stored within a tenth of a second, and on [`Service::close`].
    pub fn record_call(&self, call: CallRecord) {
        self.calls().push(call);
    }

    /// Stores every call gathered so far. What cannot be stored is kept for the next time.
    pub(crate) async fn flush_calls(&self) -> Result<(), ServiceError> {
        let unfinished = &mut *self.calls().unfinished.lock().await;
        let mut waiting = std::mem::take(&mut unfinished.left_over);
        waiting.extend(self.calls().take());
        let mut done = 0;
        while done < waiting.len() {
            let end = waiting.len().min(done + BATCH);
            if let Err(error) = self
                .store_calls(&waiting[done..end], &mut unfinished.sources)
                .await
            {
                // Sources that were new are not stored: learn all of them again.
                unfinished.sources = CallSources::default();
                unfinished.left_over = waiting.split_off(done);
                return Err(error);
            }
            done = end;
        }
        Ok(())
    }

    async fn store_calls(
        &self,
        records: &[CallRecord],
        sources: &mut CallSources,
    ) -> Result<(), ServiceError> {
        let mut housekeeping = self.store().housekeep().await?;
        let mut calls = Vec::with_capacity(records.len());
        for record in records {
            let source_id = match sources.find(record) {
                Some(id) => id,
                None => {
                    let id = self.new_id();
                    housekeeping
                        .insert_call_source(id, &sources.learn(record, id))
                        .await?;
                    id
                }
            };
            calls.push(stored(record, source_id));
        }
        housekeeping.insert_calls(&calls).await?;
        Ok(housekeeping.finish().await?)
    }

    pub(crate) async fn flush_calls_in_turn(self, mut closing: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => return,
                () = tokio::time::sleep(FLUSH_INTERVAL) => {}
            }
            if let Err(error) = self.flush_calls().await {
                tracing::warn!(error = %Chain(&error), "Calls could not be stored; they are kept for the next time.");
            }
        }
    }
}

fn stored(record: &CallRecord, source_id: Id) -> NewCall {
    let path = record.request.path.as_str();
    NewCall {
        at: record.at,
        source_id,
        request_id: record.request.id,
        method: record.method,
        route: record.route,
        path: (path != record.route).then(|| path.to_owned()),
        status: record.status,
        duration_us: record.duration_us,
        bytes: record.bytes,
    }
}
