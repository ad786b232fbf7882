//! The base of every operation: the database, the clock and new ids. Each room's handle holds a copy.

use std::sync::Arc;

use domain::{
    audit::event::Attribution,
    identity::actor::{Actor, Caller, Identity, RequestMeta},
    objects::object::Stamp,
    platform::{
        id::{Id, RequestId},
        timestamp::Timestamp,
    },
};
use store::{Organization, Store};

use crate::platform::{clock::Clock, error::ServiceError, random::IdSource};

/// The database, the clock and the source of ids. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Platform {
    store: Store,
    clock: Clock,
    ids: Arc<IdSource>,
    /// The client of operations without a request: the program, and who runs its command.
    client: Arc<str>,
}

impl Platform {
    pub(crate) fn new(store: Store, clock: Clock, operator: Option<&str>) -> Self {
        Self {
            client: RequestMeta::client_of(operator),
            store,
            clock,
            ids: Arc::new(IdSource::new()),
        }
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The current time on the clock of the database.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id.
    pub(crate) fn new_id(&self) -> Id {
        self.ids.next(self.now())
    }

    /// The current time and the caller. Times are whole milliseconds, so that the API returns exactly what is stored.
    pub(crate) fn stamp(&self, caller: &Caller) -> Stamp {
        Stamp {
            at: self.now().to_whole_millis(),
            by: Attribution::of(caller),
        }
    }

    /// The organization of this installation.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before the organization is set up.
    pub(crate) async fn organization(&self) -> Result<Organization, ServiceError> {
        let found = self.store.read().await?.find_organization().await?;
        found.ok_or_else(|| ServiceError::not_found("organization"))
    }

    /// The system as a caller: the command line, or the server itself.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before the organization is set up.
    pub(crate) async fn system_caller(&self) -> Result<Caller, ServiceError> {
        let identity = Identity {
            organization_id: self.organization().await?.id,
            actor: Actor::System,
            credential: None,
            token: None,
            authenticated_at: None,
        };
        Ok(Caller {
            identity: Arc::new(identity),
            request: self.system_meta(),
            keyed: None,
            origin: None,
        })
    }

    /// The request metadata of an operation without a request: from the command line, or by the server itself.
    pub(crate) fn system_meta(&self) -> RequestMeta {
        RequestMeta::of_system(RequestId(self.new_id()), Arc::clone(&self.client))
    }
}
