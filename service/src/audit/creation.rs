//! Operations that create an object once, even when the request is repeated: with an idempotency key, the result is
//! stored in the transaction that creates it, and a repeat returns it
//! (docs/decisions/0033-results-are-kept-under-idempotency-keys.md).

pub(crate) mod keys;

use std::time::Duration;

use domain::{
    audit::events::Events,
    identity::actor::Caller,
    platform::{
        id::{Id, OrganizationId},
        idempotency::KeyedRequest,
        limits,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use store::{Conn, IdempotentResult, Write};
use tokio::time::sleep;

use crate::{
    audit::{creation::keys::ResultKeys, handle::Audit},
    platform::{error::ServiceError, removal_run::RemovalRun},
};

/// The pause before a result that is being committed is looked up again.
const COMMIT_PAUSE: Duration = Duration::from_millis(20);

/// How often it is looked up: a repeat waits for a second at most.
const COMMIT_LOOKUPS: usize = 50;

/// The maximum number of results that are deleted in one transaction.
const RESULTS_AT_ONCE: i64 = 250;

/// The beginning of an operation that creates something.
pub(crate) enum Creation<T> {
    /// No earlier request has the key: the operation continues in this write.
    Begun(Write),
    /// It was done by an earlier request with the same key, with this result.
    Repeated(T),
}

/// The result cannot be decrypted, or was stored by a version with other types.
#[derive(Debug, thiserror::Error)]
#[error("the stored result of a request with an idempotency key cannot be read")]
struct Unreadable;

/// The error of a stored result that cannot be read.
pub(crate) fn unreadable() -> ServiceError {
    ServiceError::Internal(Unreadable.into())
}

impl Audit {
    /// Begins an operation that creates something, unless it was done for the same request before. Only committed
    /// results are returned.
    ///
    /// # Errors
    /// [`ServiceError::KeyReused`] when the key was used for another request, [`ServiceError::InProgress`] when the
    /// first request is not committed in time.
    pub(crate) async fn begin_creation<T: DeserializeOwned>(
        &self,
        caller: &Caller,
    ) -> Result<Creation<T>, ServiceError> {
        let (organization_id, actor_id) = (caller.organization_id(), caller.actor().id());
        self.begin_keyed(caller.keyed.as_deref(), organization_id, actor_id)
            .await
    }

    /// Like [`Self::begin_creation`], for a user who is not authenticated by a token or session.
    pub(crate) async fn begin_keyed<T: DeserializeOwned>(
        &self,
        keyed: Option<&KeyedRequest>,
        organization_id: OrganizationId,
        actor_id: Id,
    ) -> Result<Creation<T>, ServiceError> {
        let mut write = self.platform.store().write().await?;
        let Some(keyed) = keyed else {
            return Ok(Creation::Begun(write));
        };
        let keys = self.result_salt.keys_of(keyed, organization_id, actor_id);
        if self.find_result(&mut write, &keys).await?.is_none() {
            return Ok(Creation::Begun(write));
        }
        // The write may share its transaction with the first request, which is not committed then.
        drop(write);
        let stored = self.wait_for_result(&keys).await?;
        if stored.request != keys.request {
            return Err(ServiceError::KeyReused);
        }
        let created = keys.decrypt(&stored).ok_or_else(unreadable)?;
        keyed.mark_repeat();
        Ok(Creation::Repeated(created))
    }

    /// Commits an operation that creates something, with its events, its result, and where it was imported from: all or
    /// none.
    pub(crate) async fn commit_creation(
        &self,
        mut write: Write,
        caller: &Caller,
        events: impl Into<Events>,
        created: &(impl Serialize + Sync),
    ) -> Result<(), ServiceError> {
        if let Some(keys) = self.keys_of(caller) {
            let result = IdempotentResult {
                digest: keys.digest,
                request: keys.request.to_vec(),
                result: keys.encrypt(created)?,
                created_at: self.platform.now(),
            };
            write.put_idempotent_result(&result).await?;
        }
        let events = events.into();
        if let Some(origin) = &caller.origin {
            let mut about = events.iter().map(|event| &event.object);
            if let Some(created) = about.find(|object| object.kind.label() == origin.kind) {
                write
                    .put_imported_object(caller.organization_id(), origin, created.id)
                    .await?;
            }
        }
        self.commit(write, events).await
    }

    /// The keyed digest of an imported document.
    pub(crate) fn import_digest(&self, document: &[u8]) -> [u8; 32] {
        self.result_salt.digest_of(document)
    }

    /// Replaces the stored result of an operation, to add the outcome of work after the commit.
    pub(crate) async fn complete_creation(
        &self,
        caller: &Caller,
        created: &(impl Serialize + Sync),
    ) -> Result<(), ServiceError> {
        let Some(keys) = self.keys_of(caller) else {
            return Ok(());
        };
        let result = keys.encrypt(created)?;
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping
            .replace_idempotent_result(&keys.digest, &result)
            .await?;
        Ok(housekeeping.finish().await?)
    }

    /// Deletes results that are older than [`limits::IDEMPOTENT_RESULT_SECONDS`]. Returns the number of deleted rows.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn remove_idempotent_results(&self, run: &RemovalRun) -> Result<u64, ServiceError> {
        let until = run.now().plus_seconds(-limits::IDEMPOTENT_RESULT_SECONDS);
        let mut removed = 0;
        while !run.is_over() {
            let mut housekeeping = self.platform.store().housekeep().await?;
            let some = housekeeping
                .remove_idempotent_results(until, RESULTS_AT_ONCE)
                .await?;
            housekeeping.finish().await?;
            removed += some;
            if some < RESULTS_AT_ONCE.unsigned_abs() {
                break;
            }
        }
        Ok(removed)
    }

    fn keys_of(&self, caller: &Caller) -> Option<ResultKeys> {
        let (organization_id, actor_id) = (caller.organization_id(), caller.actor().id());
        let keyed = caller.keyed.as_deref()?;
        Some(self.result_salt.keys_of(keyed, organization_id, actor_id))
    }

    /// The result, unless it is too old.
    async fn find_result(
        &self,
        conn: &mut Conn,
        keys: &ResultKeys,
    ) -> Result<Option<IdempotentResult>, ServiceError> {
        let found = conn.find_idempotent_result(&keys.digest).await?;
        let now = self.platform.now();
        Ok(found.filter(|found| {
            now < found
                .created_at
                .plus_seconds(limits::IDEMPOTENT_RESULT_SECONDS)
        }))
    }

    /// The result, once it is committed.
    async fn wait_for_result(&self, keys: &ResultKeys) -> Result<IdempotentResult, ServiceError> {
        for _ in 0..COMMIT_LOOKUPS {
            let mut read = self.platform.store().read().await?;
            if let Some(found) = self.find_result(&mut read, keys).await? {
                return Ok(found);
            }
            drop(read);
            sleep(COMMIT_PAUSE).await;
        }
        Err(ServiceError::InProgress)
    }
}
