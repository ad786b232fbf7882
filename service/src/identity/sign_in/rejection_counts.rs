//! The counts of rejected sign-ins and forms, and which were recorded lately.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::platform::timestamp::Timestamp;

use crate::platform::lock::lock;

/// Limit on the remembered keys. Beyond it, rejections are counted and not recorded.
const REMEMBERED: usize = 10_000;

/// Why a sign-in or a form was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectionKind {
    /// The password was wrong, or the member is disabled.
    WrongPassword,
    /// There is no such account.
    UnknownAccount,
    /// Too many sign-ins of the account or from the network had failed.
    Limited,
    /// A page of another site sent the form.
    ForeignForm,
}

impl RejectionKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [
        Self::WrongPassword,
        Self::UnknownAccount,
        Self::Limited,
        Self::ForeignForm,
    ];

    /// The label in metrics and events.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::UnknownAccount => "unknown_account",
            Self::Limited => "limited",
            Self::ForeignForm => "foreign_form",
        }
    }
}

/// The counts of rejections on this node, and which were recorded lately.
#[derive(Debug, Default)]
pub(crate) struct Rejections {
    counts: [AtomicU64; RejectionKind::ALL.len()],
    recorded: Mutex<HashMap<String, Timestamp>>,
}

impl Rejections {
    pub(super) fn count(&self, kind: RejectionKind) {
        self.counts[kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// The number of rejections of each kind since the start.
    pub(super) fn counts(&self) -> Vec<(RejectionKind, u64)> {
        let count = |kind: RejectionKind| self.counts[kind as usize].load(Ordering::Relaxed);
        RejectionKind::ALL.map(|kind| (kind, count(kind))).to_vec()
    }

    /// Whether this is the first time in a number of seconds that this key occurs.
    pub(super) fn is_first(&self, key: String, now: Timestamp, seconds: i64) -> bool {
        let mut recorded = lock(&self.recorded);
        if recorded.len() >= REMEMBERED {
            recorded.retain(|_, until| now < *until);
        }
        let is_remembered = recorded.get(&key).is_some_and(|until| now < *until);
        if is_remembered || recorded.len() >= REMEMBERED {
            return false;
        }
        recorded.insert(key, now.plus_seconds(seconds));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_first_again_after_its_time_and_the_memory_is_bounded() {
        let rejections = Rejections::default();
        let start = Timestamp::from_millis(0);
        assert!(rejections.is_first("a".to_owned(), start, 10));
        assert!(!rejections.is_first("a".to_owned(), start.plus_seconds(9), 10));
        assert!(rejections.is_first("a".to_owned(), start.plus_seconds(10), 10));
        for number in 1..REMEMBERED {
            assert!(rejections.is_first(number.to_string(), start.plus_seconds(10), 10));
        }
        assert!(!rejections.is_first("full".to_owned(), start.plus_seconds(19), 10));
        assert!(rejections.is_first("full".to_owned(), start.plus_seconds(20), 10));
    }
}
