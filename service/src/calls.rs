//! The record of calls: every request to the API, gathered in memory and stored in batches.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::{
    actor::{Actor, Identity, RequestFacts},
    timestamp::Timestamp,
};
use store::Call;
use tokio::sync::watch;

use crate::{error::ServiceError, feed::Chain, open::Service};

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
    flushing: tokio::sync::Mutex<()>,
}

impl CallBuffer {
    pub(crate) fn new() -> Self {
        Self {
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            next: AtomicUsize::new(0),
            flushing: tokio::sync::Mutex::default(),
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

    fn put_back(&self, calls: Vec<CallRecord>) {
        self.parts[0]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(calls);
    }
}

impl Service {
    /// Records a call. It is stored within a tenth of a second, and on [`Service::close`].
    pub fn record_call(&self, call: CallRecord) {
        self.calls().push(call);
    }

    /// Stores every call gathered so far. What cannot be stored is kept for the next time.
    pub(crate) async fn flush_calls(&self) -> Result<(), ServiceError> {
        let _one_at_a_time = self.calls().flushing.lock().await;
        let mut waiting = self.calls().take();
        while !waiting.is_empty() {
            let batch: Vec<CallRecord> = waiting.drain(..waiting.len().min(BATCH)).collect();
            if let Err(error) = self.store_calls(&batch).await {
                self.calls().put_back(batch);
                self.calls().put_back(waiting);
                return Err(error);
            }
        }
        Ok(())
    }

    async fn store_calls(&self, batch: &[CallRecord]) -> Result<(), ServiceError> {
        let calls: Vec<Call> = batch.iter().map(stored).collect();
        let mut housekeeping = self.store().housekeep().await?;
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

fn stored(call: &CallRecord) -> Call {
    let identity = call.identity.as_deref();
    Call {
        at: call.at,
        organization_id: identity.map(|identity| identity.organization_id),
        actor_id: identity.map(|identity| identity.actor.id()),
        actor_email: match identity.map(|identity| &identity.actor) {
            Some(Actor::User(user)) => user.email.clone(),
            Some(Actor::OrgToken(token)) => token.name.clone(),
            Some(Actor::System) | None => String::new(),
        },
        credential: identity.and_then(|identity| identity.credential.clone()),
        request_id: call.request.id,
        method: call.request.method.clone().into(),
        route: call.route.into(),
        path: call.request.path.clone(),
        status: call.status,
        duration_us: call.duration_us,
        bytes: call.bytes,
        address: call.request.address.clone(),
        client: call.request.client.clone(),
    }
}
