//! Last uses of sessions in memory, stored later, so that a page view writes nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

use domain::platform::{id::SessionId, timestamp::Timestamp};

use crate::platform::lock::lock;

/// The sessions used since the last store.
#[derive(Debug, Default)]
pub(crate) struct NotedUses(Mutex<HashMap<SessionId, Timestamp>>);

impl NotedUses {
    fn uses(&self) -> MutexGuard<'_, HashMap<SessionId, Timestamp>> {
        lock(&self.0)
    }

    /// Notes a use of a session, to be stored later.
    pub(crate) fn note(&self, id: SessionId, now: Timestamp) {
        self.uses().insert(id, now);
    }

    /// The last use of a session that was noted and not taken since.
    pub(crate) fn last(&self, id: SessionId) -> Option<Timestamp> {
        self.uses().get(&id).copied()
    }

    /// Takes the sessions used since the last call, each with the time of its last use.
    pub(crate) fn take(&self) -> Vec<(SessionId, Timestamp)> {
        self.uses().drain().collect()
    }

    /// Keeps uses that could not be stored for the next time. Uses noted since then are newer.
    pub(crate) fn keep(&self, uses: &[(SessionId, Timestamp)]) {
        let mut kept = self.uses();
        for (id, at) in uses {
            kept.entry(*id).or_insert(*at);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::platform::id::Id;

    use super::*;

    #[test]
    fn what_could_not_be_stored_is_taken_again_unless_it_is_older() {
        let [one, other] = [1, 2].map(|bits| SessionId(Id::from_bits(bits)));
        let [early, late] = [1, 2].map(Timestamp::from_millis);
        let uses = NotedUses::default();
        uses.note(one, late);
        uses.keep(&[(one, early), (other, early)]);
        let mut taken = uses.take();
        taken.sort();
        assert_eq!(taken, [(one, late), (other, early)]);
        assert_eq!(uses.take(), []);
    }
}
