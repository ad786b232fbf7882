//! The counts of rejected sign-ins and forms, and which were recorded recently.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::platform::timestamp::Timestamp;

use crate::platform::lock::lock;

/// Limit on the remembered keys of one purpose. Beyond it, rejections are counted and not recorded.
const REMEMBERED: usize = 1_000;

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

/// What is done once in a while for each key. Each has its own memory, so that many of one suppress no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// An event of a sign-in to an unknown account.
    UnknownAccount,
    /// An event of a limited sign-in.
    Limited,
    /// An event of a form of another site.
    ForeignForm,
    /// A notice to a member.
    Notice,
}

/// The counts of rejections on this node, and what was done recently.
#[derive(Debug, Default)]
pub(crate) struct Rejections {
    counts: [AtomicU64; RejectionKind::ALL.len()],
    done: [Mutex<Done>; 4],
}

/// The keys for which something was done recently, each until it may be done again.
#[derive(Debug, Default)]
struct Done {
    until: HashMap<String, Timestamp>,
    /// The earliest of these times.
    next: Option<Timestamp>,
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

    /// Whether this is the first time in a number of seconds that this key occurs for a purpose.
    pub(super) fn is_first(
        &self,
        purpose: Purpose,
        key: &str,
        now: Timestamp,
        seconds: i64,
    ) -> bool {
        let mut done = lock(&self.done[purpose as usize]);
        if done.next.is_some_and(|next| now >= next) {
            done.until.retain(|_, until| now < *until);
            done.next = done.until.values().min().copied();
        }
        if done.until.contains_key(key) || done.until.len() >= REMEMBERED {
            return false;
        }
        let until = now.plus_seconds(seconds);
        done.until.insert(key.to_owned(), until);
        done.next = Some(done.next.map_or(until, |next| next.min(until)));
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
        assert!(rejections.is_first(Purpose::Limited, "a", start, 10));
        assert!(!rejections.is_first(Purpose::Limited, "a", start.plus_seconds(9), 10));
        assert!(rejections.is_first(Purpose::Limited, "a", start.plus_seconds(10), 10));
        for number in 1..REMEMBERED {
            assert!(rejections.is_first(
                Purpose::Limited,
                &number.to_string(),
                start.plus_seconds(10),
                10
            ));
        }
        assert!(!rejections.is_first(Purpose::Limited, "full", start.plus_seconds(19), 10));
        assert!(rejections.is_first(Purpose::Notice, "full", start.plus_seconds(19), 10));
        assert!(rejections.is_first(Purpose::Limited, "full", start.plus_seconds(20), 10));
    }
}
