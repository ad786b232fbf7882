//! How far this node has read the change feed.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use store::{DatabaseFault, EventMark, FeedEntry};

use crate::platform::lock::lock;

/// The position of this node in the audit log, and the time of the last successful read.
#[derive(Debug)]
pub(crate) struct FeedPosition {
    read_to: Mutex<ReadTo>,
    last_contact: Mutex<Instant>,
    pub(crate) reading: tokio::sync::Mutex<()>,
    forks: AtomicU64,
    /// The newest fork, until it is stored in the database.
    fork: Mutex<Option<DatabaseFault>>,
}

/// The newest event that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadTo {
    pub(crate) number: i64,
    /// `None` when the event was not read by this process.
    mark: Option<EventMark>,
}

/// The result of a read of the feed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// These events are new.
    New(Vec<FeedEntry>),
    /// The database is another copy: it lacks events that were read.
    Forked,
    /// The event at the position is missing, as after its removal by retention, or in another copy.
    Missing,
}

impl FeedPosition {
    pub(crate) fn starting_after(number: i64) -> Self {
        Self {
            read_to: Mutex::new(ReadTo { number, mark: None }),
            last_contact: Mutex::new(Instant::now()),
            reading: tokio::sync::Mutex::default(),
            forks: AtomicU64::new(0),
            fork: Mutex::default(),
        }
    }

    /// Keeps a fork to be stored.
    pub(crate) fn note_fork(&self, fault: DatabaseFault) {
        *lock(&self.fork) = Some(fault);
    }

    /// The fork that is not stored yet.
    pub(crate) fn fork(&self) -> Option<DatabaseFault> {
        lock(&self.fork).clone()
    }

    /// Forgets a fork that is stored.
    pub(crate) fn forget_fork(&self, stored: &DatabaseFault) {
        lock(&self.fork).take_if(|fork| fork == stored);
    }

    /// The number of the newest event that was read.
    pub(crate) fn number(&self) -> i64 {
        lock(&self.read_to).number
    }

    /// Compares events, read from the one at the position on, with the position.
    pub(crate) fn compare(&self, mut read: Vec<FeedEntry>) -> Progress {
        let mut position = lock(&self.read_to);
        let Some(first) = read.first().filter(|first| first.number == position.number) else {
            return match read.is_empty() {
                true if position.number > 0 => Progress::Missing,
                // Retention removed the event at the position; these are newer.
                _ => Progress::New(read),
            };
        };
        match &position.mark {
            Some(mark) if *mark != first.mark => Progress::Forked,
            _ => {
                position.mark = Some(read.remove(0).mark);
                Progress::New(read)
            }
        }
    }

    /// Moves behind an event that was read.
    pub(crate) fn advance(&self, entry: &FeedEntry) {
        *lock(&self.read_to) = ReadTo {
            number: entry.number,
            mark: Some(entry.mark.clone()),
        };
    }

    /// Starts over after a fork, at the newest event.
    pub(crate) fn restart_after(&self, number: i64) {
        *lock(&self.read_to) = ReadTo { number, mark: None };
        self.forks.fetch_add(1, Ordering::Relaxed);
    }

    /// How often the database turned out to be another copy.
    pub(crate) fn forks(&self) -> u64 {
        self.forks.load(Ordering::Relaxed)
    }

    pub(crate) fn in_contact(&self) {
        *lock(&self.last_contact) = Instant::now();
    }

    pub(crate) fn silence(&self) -> Duration {
        lock(&self.last_contact).elapsed()
    }
}
