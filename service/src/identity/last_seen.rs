//! When the browsers of sessions were last seen: noted in memory, stored now and then, so that looking at a page writes
//! nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

use domain::platform::{id::SessionId, timestamp::Timestamp};

use crate::platform::lock::lock;

/// The sessions seen since they were last stored.
#[derive(Debug, Default)]
pub(crate) struct LastSeen(Mutex<HashMap<SessionId, Timestamp>>);

impl LastSeen {
    fn seen(&self) -> MutexGuard<'_, HashMap<SessionId, Timestamp>> {
        lock(&self.0)
    }

    /// Notes that a session's browser is seen, to be stored later.
    pub(crate) fn note(&self, id: SessionId, now: Timestamp) {
        self.seen().insert(id, now);
    }

    /// The sessions seen since this was last asked, each with the last time.
    pub(crate) fn take(&self) -> Vec<(SessionId, Timestamp)> {
        self.seen().drain().collect()
    }

    /// Keeps what could not be stored, to be taken again; what was noted meanwhile is newer.
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
