//! Events as checkpoints cover them. The MAC of an event cannot be verified after a rotation of the master key; its
//! checkpoint can.

use std::sync::Arc;

use store::{Checkpoint, HashedRow, Read};

use crate::{
    audit::checkpoints::{
        chain::{self, Hash},
        handover::Signers,
    },
    platform::error::ServiceError,
};

/// Number of checkpoints in one read.
const BATCH: i64 = 100;

/// The checkpoints, read as far as events were asked for.
pub(super) struct CoveredEvents {
    signers: Arc<Signers>,
    /// The events of the checkpoint that was reached: the first number, and the hash of each.
    first: i64,
    leaves: Vec<Hash>,
    /// The number of that checkpoint, and the newest event that it covers.
    number: i64,
    last_event: i64,
    /// The checkpoints that were read and not reached, the newest first.
    next: Vec<Checkpoint>,
}

impl CoveredEvents {
    pub(super) const fn new(signers: Arc<Signers>) -> Self {
        Self {
            signers,
            first: 1,
            leaves: Vec::new(),
            number: 0,
            last_event: 0,
            next: Vec::new(),
        }
    }

    /// Whether a checkpoint covers the event as it is. Events must be asked for in the order of their numbers.
    pub(super) async fn has(
        &mut self,
        read: &mut Read,
        event: &HashedRow,
    ) -> Result<bool, ServiceError> {
        while self.last_event < event.key {
            if self.next.is_empty() {
                self.next = read.list_checkpoints(self.number, BATCH).await?;
                self.next.reverse();
            }
            let Some(checkpoint) = self.next.pop() else {
                return Ok(false);
            };
            self.reach(&checkpoint);
        }
        let place = usize::try_from(event.key - self.first).ok();
        let leaf = place.and_then(|place| self.leaves.get(place));
        Ok(leaf == Some(&chain::leaf(Some(event))))
    }

    /// A checkpoint that is not genuine covers nothing.
    fn reach(&mut self, checkpoint: &Checkpoint) {
        let leaves = chain::leaves_of(checkpoint).filter(|leaves| {
            self.signers.have_signed(checkpoint) && chain::root(leaves) == *checkpoint.root
        });
        self.first = self.last_event + 1;
        let events = usize::try_from(checkpoint.last_event - self.last_event).unwrap_or(0);
        let leaves = leaves.unwrap_or_default();
        self.leaves = leaves[..events.min(leaves.len())].to_vec();
        self.number = checkpoint.number;
        self.last_event = checkpoint.last_event;
    }
}
