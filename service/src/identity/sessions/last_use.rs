//! The last uses of sessions, stored in batches, and the idle timeout that depends on them.

use std::{sync::Arc, time::Duration};

use domain::{
    identity::session::{IdleTimeouts, ListedSession, Session, SessionState},
    platform::{id::SessionId, limits::SIGN_IN_WINDOW_SECONDS, timestamp::Timestamp},
};
use store::{Conn, Member};
use tokio::sync::Mutex;

use crate::{
    identity::sessions::noted_uses::NotedUses,
    platform::{error::ServiceError, handle::Platform, tasks::Tasks},
};

/// Interval between two stores.
const STORE_INTERVAL: Duration = Duration::from_secs(10);

/// Limit on the uses stored in one transaction, so that other writes wait only briefly.
const BATCH: usize = 1_000;

/// Last uses of sessions. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct SessionUses {
    platform: Platform,
    noted: Arc<NotedUses>,
    storing: Arc<Mutex<()>>,
    idle: IdleTimeouts,
}

impl SessionUses {
    pub(crate) fn new(platform: Platform, idle: IdleTimeouts) -> Self {
        Self {
            platform,
            noted: Arc::default(),
            storing: Arc::default(),
            idle,
        }
    }

    /// Notes a use of a session, to be stored later.
    pub(crate) fn note(&self, id: SessionId, now: Timestamp) {
        self.noted.note(id, now);
    }

    /// The state of a member's session. Uses that are not stored yet count.
    pub(crate) fn state(&self, session: &Session, member: &Member) -> SessionState {
        let last_use = session.last_used_at.max(self.noted.last(session.id));
        session.state_at(self.platform.now(), last_use, self.idle.of(member.roles))
    }

    /// Lists the sessions of a member that are open, or have timed out and have live tokens, newest first. Uses are
    /// to be stored before the read begins.
    pub(crate) async fn list(
        &self,
        read: &mut Conn,
        member: &Member,
        limit: i64,
    ) -> Result<Vec<ListedSession>, ServiceError> {
        let now = self.platform.now();
        let idle_since = now.plus_seconds(-self.idle.of(member.roles));
        let found = read
            .list_sessions(member.id, now, idle_since, limit)
            .await?;
        Ok(found
            .into_iter()
            .map(|session| ListedSession {
                state: self.state(&session, member),
                session,
            })
            .collect())
    }

    /// Stores all uses noted so far, also before uses are read. Uses that cannot be stored are kept for the next time.
    pub(crate) async fn store(&self) -> Result<(), ServiceError> {
        // Waits for uses that another task is storing, because the caller reads them next.
        let _one_at_a_time = self.storing.lock().await;
        let mut waiting = self.noted.take();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            if let Err(error) = self.store_batch(&waiting).await {
                self.noted.keep(&waiting);
                self.noted.keep(&rest);
                return Err(error);
            }
            waiting = rest;
        }
        Ok(())
    }

    async fn store_batch(&self, uses: &[(SessionId, Timestamp)]) -> Result<(), ServiceError> {
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.touch_sessions(uses).await?;
        Ok(housekeeping.finish().await?)
    }

    /// Starts the background task that stores uses.
    pub(crate) fn start(&self, tasks: &Tasks) {
        let uses = self.clone();
        tasks.every("store last uses of sessions", STORE_INTERVAL, move || {
            let uses = uses.clone();
            async move { uses.store().await.and(uses.forget_failures().await) }
        });
    }

    /// Deletes failed sign-ins that no longer count.
    async fn forget_failures(&self) -> Result<(), ServiceError> {
        let until = self.platform.now().plus_seconds(-SIGN_IN_WINDOW_SECONDS);
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.forget_failures(until).await?;
        Ok(housekeeping.finish().await?)
    }
}
