//! The cache of authenticated tokens, by digest: a request with a cached token needs no query.
//!
//! Entries hold data that events can change: roles, teams, whether the token is live. A commit of such an event, on
//! this node or another, evicts the affected entries ([`ChangeObserver::changed`]). The result of a load that began
//! before an eviction is not cached, which the generation detects.

pub(crate) mod entry;

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::{
        Arc, Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{
    audit::event::{Action, ObjectType},
    identity::actor::Identity,
    platform::{id::Id, timestamp::Timestamp},
    tokens::token::TokenDigest,
};
use store::LastUsed;

use crate::{
    audit::handle::ChangeObserver,
    platform::lock::{lock, read, write},
    tokens::cache::entry::AuthenticatedToken,
};

/// Number of shards, each with its own lock, to reduce contention.
const SHARDS: usize = 64;

/// Limit on the entries of a shard. A full shard is cleared, and fills again with the tokens in use.
const ENTRIES_PER_SHARD: usize = 4_096;

/// Digests are evenly distributed, so their first bytes serve as the hash.
#[derive(Default)]
struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A shard of the cache. Hits are counted beside the lock, whose cache line a lookup touches anyway.
#[derive(Debug, Default)]
struct Shard {
    entries: RwLock<Entries>,
    hits: AtomicU64,
}

type Entries = HashMap<[u8; 32], Arc<AuthenticatedToken>, BuildHasherDefault<DigestHasher>>;

impl Shard {
    fn read(&self) -> RwLockReadGuard<'_, Entries> {
        read(&self.entries)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Entries> {
        write(&self.entries)
    }
}

/// Authenticated tokens by digest.
#[derive(Debug)]
pub(crate) struct Cache {
    shards: Vec<Shard>,
    generation: AtomicU64,
    misses: AtomicU64,
    /// Uses of evicted entries that are not stored yet, and uses that could not be stored.
    orphaned_uses: Mutex<Vec<LastUsed>>,
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Shard::default()).collect(),
            generation: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            orphaned_uses: Mutex::new(Vec::new()),
        }
    }

    fn shard(&self, digest: &TokenDigest) -> &Shard {
        &self.shards[usize::from(digest.0[31]) % SHARDS]
    }

    /// The token with this digest, unless it must be read from the database again.
    pub(crate) fn find(
        &self,
        digest: &TokenDigest,
        now: Timestamp,
    ) -> Option<Arc<AuthenticatedToken>> {
        let shard = self.shard(digest);
        let found = shard.read().get(&digest.0).cloned();
        let found = found.filter(|found| !found.is_unconfirmed(now));
        let count = if found.is_some() {
            &shard.hits
        } else {
            &self.misses
        };
        count.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// Number of lookups that found a token since the process started.
    pub(crate) fn hits(&self) -> u64 {
        let hits = self
            .shards
            .iter()
            .map(|shard| shard.hits.load(Ordering::Relaxed));
        hits.sum()
    }

    /// Number of lookups that found none.
    pub(crate) fn misses(&self) -> u64 {
        self.misses.load(Ordering::Relaxed)
    }

    /// The argument of [`Cache::keep`] for a load that starts now.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Caches the result of a load, unless an eviction happened since it started.
    pub(crate) fn keep(
        &self,
        digest: &TokenDigest,
        token: Arc<AuthenticatedToken>,
        generation: u64,
    ) {
        let mut shard = self.shard(digest).write();
        if self.generation() != generation {
            self.save_use(digest, &token);
            return;
        }
        if shard.len() >= ENTRIES_PER_SHARD {
            self.save_uses(shard.iter());
            shard.clear();
        }
        if let Some(replaced) = shard.insert(digest.0, token) {
            self.save_use(digest, &replaced);
        }
    }

    fn evict(&self, touched: &dyn Fn(&Identity) -> bool) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        for shard in &self.shards {
            let mut shard = shard.write();
            let evicted: Vec<_> = shard
                .extract_if(|_, token| touched(&token.identity))
                .collect();
            self.save_uses(evicted.iter().map(|(digest, token)| (digest, token)));
        }
    }

    /// Saves the use of a token that is not in the cache.
    pub(crate) fn save_use(&self, digest: &TokenDigest, token: &AuthenticatedToken) {
        lock(&self.orphaned_uses).extend(token.evict(&digest.0));
    }

    fn save_uses<'a>(
        &self,
        evicted: impl Iterator<Item = (&'a [u8; 32], &'a Arc<AuthenticatedToken>)>,
    ) {
        let uses = evicted.filter_map(|(digest, token)| token.evict(digest));
        lock(&self.orphaned_uses).extend(uses);
    }

    /// Keeps uses that could not be stored for the next time.
    pub(crate) fn keep_uses(&self, uses: Vec<LastUsed>) {
        let mut kept = lock(&self.orphaned_uses);
        kept.extend(uses);
    }

    /// Takes the uses noted since the last call. Those of evicted tokens come last: an eviction moves them there while it
    /// holds the lock of their shard, so none is missed.
    pub(crate) fn take_uses(&self) -> Vec<LastUsed> {
        let mut uses = Vec::new();
        for shard in &self.shards {
            let shard = shard.read();
            uses.extend(
                shard
                    .iter()
                    .filter_map(|(digest, token)| token.take_use(digest)),
            );
        }
        uses.append(&mut lock(&self.orphaned_uses));
        uses
    }
}

impl ChangeObserver for Cache {
    /// Evicts every identity that an operation on this object may have changed.
    fn changed(&self, action: Action, object_type: ObjectType, object_id: Id) {
        let touched: &dyn Fn(&Identity) -> bool = match (object_type, action) {
            // A new object has no cached identity, and reading a secret changes none.
            (
                ObjectType::Token | ObjectType::OrgToken | ObjectType::Member,
                Action::Create | Action::Issue | Action::Invite | Action::Reveal,
            ) => return,
            (ObjectType::Token | ObjectType::OrgToken, _) => &|identity: &Identity| {
                identity
                    .credential
                    .as_ref()
                    .is_some_and(|credential| credential.id == object_id)
            },
            (ObjectType::Member, _) => &|identity: &Identity| identity.actor.id() == object_id,
            (ObjectType::Team | ObjectType::Organization, _) => &|_: &Identity| true,
            // Tokens that end with a session have their own events.
            (ObjectType::Session, _) => return,
            (
                ObjectType::Dashboard
                | ObjectType::DashboardGroup
                | ObjectType::Chart
                | ObjectType::Detector
                | ObjectType::Integration
                | ObjectType::Shared(_)
                | ObjectType::Catalog(_)
                | ObjectType::AuditLog
                | ObjectType::MasterKey
                // Every version knows the types of credentials, members, teams and organizations.
                | ObjectType::Unknown,
                _,
            ) => return,
        };
        self.evict(touched);
    }

    fn missed_changes(&self) {
        self.evict(&|_| true);
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        identity::actor::{Actor, RequestMeta},
        platform::id::{OrganizationId, RequestId},
        tokens::token::{LastUse, TokenFamily},
    };

    use super::{entry::Purposes, *};

    #[test]
    fn one_request_confirms_a_token_and_none_uses_it_unconfirmed() {
        let cache = Cache::new();
        let digest = TokenDigest([1; 32]);
        let identity = Identity {
            organization_id: OrganizationId(Id::SYSTEM),
            actor: Actor::System,
            credential: None,
            token: None,
            authenticated_at: None,
        };
        let purposes = Purposes {
            calls: true,
            sends: false,
            exports: false,
        };
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let token = AuthenticatedToken::new(TokenFamily::User, identity, at(999), purposes, at(0));
        cache.keep(&digest, Arc::new(token), cache.generation());
        let finds = |seconds| cache.find(&digest, at(seconds)).is_some();
        assert_eq!([finds(50), finds(50)], [true, true]);
        assert_eq!([finds(51), finds(51), finds(60)], [false, true, true]);
        assert_eq!([finds(61), finds(61)], [false, false]);
    }

    #[test]
    fn the_use_of_a_token_that_leaves_the_cache_is_not_lost() {
        let cache = Cache::new();
        let digest = TokenDigest([1; 32]);
        let request = RequestMeta {
            id: RequestId(Id::SYSTEM),
            method: "GET".into(),
            path: String::new(),
            address: Arc::from("203.0.113.7"),
            client: Arc::from("curl/8.5.0"),
        };
        let token = || {
            let identity = Identity {
                organization_id: OrganizationId(Id::SYSTEM),
                actor: Actor::System,
                credential: None,
                token: None,
                authenticated_at: None,
            };
            let purposes = Purposes {
                calls: true,
                sends: false,
                exports: false,
            };
            let never = Timestamp::from_micros(i64::MAX);
            Arc::new(AuthenticatedToken::new(
                TokenFamily::User,
                identity,
                never,
                purposes,
                Timestamp::from_millis(0),
            ))
        };
        let evict = || cache.changed(Action::Update, ObjectType::Organization, Id::SYSTEM);
        let is_evicted =
            |token: &AuthenticatedToken| token.used(Timestamp::from_millis(1), &request);

        // Evicted while it is loaded, after it was found, and replaced by another load.
        let (while_loaded, after, replaced) = (token(), token(), token());
        let generation = cache.generation();
        evict();
        cache.keep(&digest, Arc::clone(&while_loaded), generation);
        cache.keep(&digest, Arc::clone(&after), cache.generation());
        evict();
        cache.keep(&digest, Arc::clone(&replaced), cache.generation());
        cache.keep(&digest, token(), cache.generation());
        for token in [while_loaded, after, replaced] {
            assert!(is_evicted(&token));
            cache.save_use(&digest, &token);
        }
        assert_eq!(cache.take_uses().len(), 3);
        // A token in the cache keeps its use until it is taken.
        let cached = token();
        cache.keep(&digest, Arc::clone(&cached), cache.generation());
        assert!(!is_evicted(&cached));
        evict();
        assert_eq!(cache.take_uses().len(), 1);
    }

    #[test]
    fn uses_that_could_not_be_stored_are_taken_again() {
        let cache = Cache::new();
        let last_use = LastUse {
            at: Timestamp::from_millis(1),
            address: "203.0.113.7".to_owned(),
            client: "curl/8.5.0".to_owned(),
        };
        cache.keep_uses(vec![LastUsed {
            digest: TokenDigest([1; 32]),
            family: TokenFamily::User,
            last_use,
        }]);
        assert_eq!(cache.take_uses().len(), 1);
        assert_eq!(cache.take_uses().len(), 0);
    }
}
