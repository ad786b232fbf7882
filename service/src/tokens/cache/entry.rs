//! An authenticated token in the cache: its identity, what it may be used for, and its last use.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use domain::{
    identity::actor::{Identity, RequestMeta},
    platform::timestamp::Timestamp,
    tokens::{
        token::{LastUse, TokenDigest, TokenFamily, TokenState},
        token_end::TokenEnd,
    },
};
use store::LastUsed;

use crate::platform::lock::lock;

/// How long an entry is used without being read from the database again, in microseconds. Changes evict entries within
/// a second; this limits the damage when a change is missed.
const UNCONFIRMED_MICROS: i64 = 60_000_000;

/// After how long one request reads the entry again, in microseconds, while the others use it: a token in use by many
/// requests is read once.
const CONFIRM_MICROS: i64 = 50_000_000;

/// Minimum distance of two uses that are noted, in microseconds. Pages show last uses by the minute.
const USE_INTERVAL_MICROS: i64 = 1_000_000;

/// What a token may be used for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Purposes {
    /// Calling the API.
    pub(crate) calls: bool,
    /// Ingesting data.
    pub(crate) sends: bool,
    /// Exporting the logs, and nothing else.
    pub(crate) exports: bool,
}

/// An authenticated token: its identity and its expiry.
#[derive(Debug)]
pub(crate) struct AuthenticatedToken {
    family: TokenFamily,
    pub(crate) identity: Arc<Identity>,
    pub(crate) expires_at: Timestamp,
    pub(crate) purposes: Purposes,
    /// The end of a token that was dead when it was read.
    pub(crate) end: Option<TokenEnd>,
    /// When it was read from the database.
    read_at: Timestamp,
    /// Whether a request reads it again.
    is_being_confirmed: AtomicBool,
    used_at: AtomicI64,
    unsaved_use: Mutex<UnsavedUse>,
}

#[derive(Debug, Default)]
struct UnsavedUse {
    last_use: Option<LastUse>,
    /// Whether the token is not in the cache, so that no one takes its use later.
    is_evicted: bool,
}

impl AuthenticatedToken {
    pub(crate) fn new(
        family: TokenFamily,
        identity: Identity,
        expires_at: Timestamp,
        purposes: Purposes,
        read_at: Timestamp,
    ) -> Self {
        Self {
            family,
            identity: Arc::new(identity),
            expires_at,
            purposes,
            end: None,
            read_at,
            is_being_confirmed: AtomicBool::new(false),
            used_at: AtomicI64::new(i64::MIN),
            unsaved_use: Mutex::default(),
        }
    }

    /// The end of a token that is rejected at `now`: it has ended, or may not be used for this call.
    pub(crate) fn end_at(&self, now: Timestamp) -> TokenEnd {
        self.end.unwrap_or(TokenEnd {
            at: self.expires_at,
            state: if now >= self.expires_at {
                TokenState::Expired
            } else {
                TokenState::Active
            },
            by: None,
        })
    }

    /// The token, which has ended if there is an end.
    pub(crate) fn with_end(self, end: Option<TokenEnd>) -> Self {
        Self { end, ..self }
    }

    /// Whether the caller must read it from the database again before it is used.
    pub(crate) fn is_unconfirmed(&self, now: Timestamp) -> bool {
        let age = now.as_micros().saturating_sub(self.read_at.as_micros());
        age > UNCONFIRMED_MICROS
            || age > CONFIRM_MICROS && !self.is_being_confirmed.swap(true, Ordering::Relaxed)
    }

    /// Notes a use, to be stored later. Returns whether the token is not in the cache: then the caller saves the use.
    pub(crate) fn used(&self, now: Timestamp, request: &RequestMeta) -> bool {
        let before = self.used_at.load(Ordering::Relaxed);
        if now.as_micros().saturating_sub(before) < USE_INTERVAL_MICROS {
            return false;
        }
        self.used_at.store(now.as_micros(), Ordering::Relaxed);
        let last_use = LastUse {
            at: now,
            address: request.address.to_string(),
            client: request.client.to_string(),
        };
        let mut unsaved = lock(&self.unsaved_use);
        unsaved.last_use = Some(last_use);
        unsaved.is_evicted
    }

    pub(crate) fn take_use(&self, digest: &[u8; 32]) -> Option<LastUsed> {
        let last_use = lock(&self.unsaved_use).last_use.take();
        last_use.map(|last_use| self.used_by(digest, last_use))
    }

    /// Takes the use of a token that leaves the cache, or that never was in it.
    pub(crate) fn evict(&self, digest: &[u8; 32]) -> Option<LastUsed> {
        let mut unsaved = lock(&self.unsaved_use);
        unsaved.is_evicted = true;
        let last_use = unsaved.last_use.take();
        last_use.map(|last_use| self.used_by(digest, last_use))
    }

    fn used_by(&self, digest: &[u8; 32], last_use: LastUse) -> LastUsed {
        LastUsed {
            digest: TokenDigest(*digest),
            family: self.family,
            last_use,
        }
    }
}
