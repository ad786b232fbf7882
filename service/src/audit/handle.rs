//! The handle of the audit room.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
};

use domain::{
    audit::event::{Action, ObjectType},
    platform::id::Id,
};

use crate::{
    audit::{
        calls::{buffer::CallBuffer, route_meters::RouteMeters},
        checkpoints::chain::CheckpointKey,
        creation::keys::ResultSalt,
        feed::position::FeedPosition,
        states::meter::StateMeter,
    },
    platform::{encryption::Vault, handle::Platform},
};

/// An observer that is notified of what an event affects, on the node that commits it and on all others.
pub(crate) trait ChangeObserver: fmt::Debug + Send + Sync {
    /// Drops what an operation on this object may have changed.
    fn changed(&self, action: Action, object_type: ObjectType, object_id: Id);

    /// Drops everything, because changes may have been missed.
    fn missed_changes(&self);
}

/// The audit log and the call log. Cheap to clone; clones are the same log.
#[derive(Debug, Clone)]
pub struct Audit {
    pub(super) platform: Platform,
    pub(crate) vault: Arc<Vault>,
    pub(super) result_salt: Arc<ResultSalt>,
    pub(super) calls: Arc<CallBuffer>,
    pub(super) routes: Arc<RouteMeters>,
    pub(super) feed: Arc<FeedPosition>,
    pub(super) forged_rows: Arc<AtomicU64>,
    pub(super) states: Arc<StateMeter>,
    pub(super) observer: Arc<dyn ChangeObserver>,
}

impl Audit {
    /// The audit log of this database, read up to the event with this number.
    pub(crate) fn new(
        platform: Platform,
        vault: Arc<Vault>,
        newest: i64,
        observer: Arc<dyn ChangeObserver>,
    ) -> Self {
        Self {
            platform,
            result_salt: Arc::new(ResultSalt::of(&vault.ring())),
            vault,
            calls: Arc::new(CallBuffer::new()),
            routes: Arc::default(),
            feed: Arc::new(FeedPosition::starting_after(newest)),
            forged_rows: Arc::default(),
            states: Arc::default(),
            observer,
        }
    }

    /// The key that signs checkpoints now.
    pub(super) fn checkpoint_key(&self) -> CheckpointKey {
        CheckpointKey::of(self.vault.ring().active())
    }
}
