//! The handle of the ingest room.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::{
    audit::handle::Audit,
    ingest::{
        catalog::gathered::Gathered, counts::Counts, forward_state::ForwardState, queue::Queue,
        saves::Saves,
    },
    platform::handle::Platform,
};

/// Ingested data. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ingest {
    pub(super) platform: Platform,
    pub(super) audit: Audit,
    pub(super) intake: Arc<Intake>,
}

/// The queue of this process and its counts.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    /// `None` in a process that does not accept data.
    pub(crate) queue: Option<Queue>,
    pub(crate) counts: Arc<Counts>,
    pub(crate) gathered: Arc<Gathered>,
    pub(crate) saves: Mutex<Saves>,
    pub(crate) state: ForwardState,
}

impl Ingest {
    pub(crate) fn new(platform: Platform, audit: Audit, intake: Intake) -> Self {
        Self {
            platform,
            audit,
            intake: Arc::new(intake),
        }
    }
}
