//! Last uses of sessions in memory, stored later, so that a page view writes nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

use domain::platform::{id::SessionId, timestamp::Timestamp};

use crate::platform::lock::lock;

/// The sessions used since the last store.
#[derive(Debug, Default)]
pub(crate) struct LastSeen(Mutex<HashMap<SessionId, Timestamp>>);

impl LastSeen {
    fn seen(&self) -> MutexGuard<'_, HashMap<SessionId, Timestamp>> {
        lock(&self.0)
    }

    /// Notes a use of a session, to be stored later.
    pub(crate) fn note(&self, id: SessionId, now: Timestamp) {
        self.seen().insert(id, now);
    }

    /// Takes the sessions used since the last call, each with the time of its last use.
    pub(crate) fn take(&self) -> Vec<(SessionId, Timestamp)> {
        self.seen().drain().collect()
    }

    /// Keeps uses that could not be stored for the next time. Uses noted since then are newer.
    pub(crate) fn keep(&self, seen: &[(SessionId, Timestamp)]) {
        let mut kept = self.seen();
        for (id, at) in seen {
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
        let seen = LastSeen::default();
        seen.note(one, late);
        seen.keep(&[(one, early), (other, early)]);
        let mut taken = seen.take();
        taken.sort();
        assert_eq!(taken, [(one, late), (other, early)]);
        assert_eq!(seen.take(), []);
    }
}
