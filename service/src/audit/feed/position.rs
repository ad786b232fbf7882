//! How far this node has read the change feed.

use std::{
    sync::{Mutex, atomic::AtomicI64},
    time::{Duration, Instant},
};

use crate::platform::lock::lock;

/// The position of this node in the audit log, and the time of the last successful read.
#[derive(Debug)]
pub(crate) struct FeedPosition {
    pub(crate) read_to: AtomicI64,
    last_contact: Mutex<Instant>,
    pub(crate) reading: tokio::sync::Mutex<()>,
}

impl FeedPosition {
    pub(crate) fn starting_after(number: i64) -> Self {
        Self {
            read_to: AtomicI64::new(number),
            last_contact: Mutex::new(Instant::now()),
            reading: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn in_contact(&self) {
        *lock(&self.last_contact) = Instant::now();
    }

    pub(crate) fn silence(&self) -> Duration {
        lock(&self.last_contact).elapsed()
    }
}
