//! The service: one handle per room. `open` builds and starts it.

use std::sync::Arc;

use domain::{
    identity::actor::Caller,
    platform::{id::RequestId, timestamp::Timestamp},
};

use store::DatabaseFault;

use crate::{
    audit::handle::Audit,
    identity::handle::Identities,
    ingest::handle::Ingest,
    integrations::handle::Integrations,
    objects::handle::Objects,
    platform::{
        error::ServiceError,
        handle::Platform,
        mail::Mailer,
        random,
        readiness::{Readiness, Ready},
        tasks::Tasks,
    },
    tokens::handle::Tokens,
    usage::handle::UsageCounts,
};

/// The operations, by room. Cheap to clone; clones are the same service.
#[derive(Debug, Clone)]
pub struct Service {
    pub(crate) rooms: Arc<Rooms>,
}

/// The handle of each room, and the background tasks.
#[derive(Debug)]
pub(crate) struct Rooms {
    pub(crate) platform: Platform,
    pub(crate) audit: Audit,
    pub(crate) objects: Objects,
    pub(crate) ingest: Ingest,
    pub(crate) tokens: Tokens,
    pub(crate) identity: Identities,
    pub(crate) integrations: Integrations,
    pub(crate) usage: UsageCounts,
    pub(crate) mailer: Option<Arc<Mailer>>,
    pub(crate) readiness: Readiness,
    pub(crate) tasks: Tasks,
}

impl Service {
    /// Stops the background tasks, stores buffered data and closes the database.
    ///
    /// # Errors
    /// [`ServiceError`] when buffered data cannot be stored, or when a file at rest was changed while it was read.
    pub async fn close(&self) -> Result<(), ServiceError> {
        let rooms = &*self.rooms;
        if rooms.platform.store().only_reads() {
            let unchanged = rooms.platform.store().check_unchanged();
            rooms.platform.store().close().await;
            return Ok(unchanged?);
        }
        rooms.ingest.close().await;
        let ended = rooms.tasks.close().await;
        let flushed = rooms.audit.flush_calls().await;
        let used = rooms.tokens.uses().store().await;
        let sessions = rooms.identity.session_uses().store().await;
        let counted = rooms.ingest.store_counts().await;
        let gathered = rooms.ingest.store_catalog().await;
        // Another process may use the queue from here on, and counts from the stored position.
        rooms.ingest.release();
        rooms.platform.store().close().await;
        ended
            .and(flushed)
            .and(used)
            .and(sessions)
            .and(counted)
            .and(gathered)
    }

    /// The audit log and the call log.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        &self.rooms.audit
    }

    /// Dashboards, dashboard groups, charts and detectors.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.rooms.objects
    }

    /// Ingested data.
    #[must_use]
    pub fn ingest(&self) -> &Ingest {
        &self.rooms.ingest
    }

    /// User tokens, org tokens, and authentication by them.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.rooms.tokens
    }

    /// Members, teams, roles, sign-in, sessions and set-up.
    #[must_use]
    pub fn identity(&self) -> &Identities {
        &self.rooms.identity
    }

    /// Integrations.
    #[must_use]
    pub fn integrations(&self) -> &Integrations {
        &self.rooms.integrations
    }

    /// Counts of calls, and measures of this process.
    #[must_use]
    pub fn usage(&self) -> &UsageCounts {
        &self.rooms.usage
    }

    /// The current time on the clock of the database.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.rooms.platform.now()
    }

    /// A new id for a request.
    #[must_use]
    pub fn new_request_id(&self) -> RequestId {
        RequestId(self.rooms.platform.new_id())
    }

    /// A new idempotency key, for a form.
    #[must_use]
    pub fn new_idempotency_key() -> String {
        hex::encode(random::bytes::<16>())
    }

    /// The system as a caller: the command line, or the server itself.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before the organization is set up.
    pub async fn system_caller(&self) -> Result<Caller, ServiceError> {
        self.rooms.platform.system_caller().await
    }

    /// Whether requests can be answered: the database can be read and written to, and calls can be recorded.
    pub async fn check_ready(&self) -> Ready {
        let audit = self.audit();
        if audit.check_lease().is_err() || audit.check_room_for_calls().is_err() {
            return Ready::No;
        }
        self.rooms.readiness.check(&self.rooms.platform).await
    }

    /// Whether the database server accepts writes. A standby does not.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn accepts_writes(&self) -> Result<bool, ServiceError> {
        let mut read = self.rooms.platform.store().read().await?;
        Ok(read.accepts_writes().await?)
    }

    /// The unconfirmed faults of the database and of its clock.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list_database_faults(&self) -> Result<Vec<DatabaseFault>, ServiceError> {
        let mut read = self.rooms.platform.store().read().await?;
        Ok(read.list_database_faults().await?)
    }

    /// Whether the mail server accepts mail from here; `false` when none is configured.
    ///
    /// # Errors
    /// The reason why it does not, for the operator.
    pub async fn check_mail(&self) -> Result<bool, String> {
        match &self.rooms.mailer {
            None => Ok(false),
            Some(mailer) => mailer.check().await.map(|()| true),
        }
    }

    /// The name and version of the database, for display.
    #[must_use]
    pub fn database(&self) -> &'static str {
        self.rooms.platform.store().database()
    }
}
