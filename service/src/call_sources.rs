//! Which sources of calls are stored: who calls, with what, from where. A token is used from few places by few programs,
//! so that nearly every call finds its source here and its row stays narrow.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use domain::{
    actor::{Actor, Identity},
    id::Id,
};
use store::CallSource;

use crate::calls::CallRecord;

/// Sources remembered at most. Past that all are forgotten, and stored anew as they come: a client that changes its
/// name with every call costs rows, not memory.
const REMEMBERED: usize = 100_000;

/// The stored sources by a hash of what they are, so that looking one up copies nothing.
#[derive(Debug, Default)]
pub(crate) struct CallSources {
    known: HashMap<u64, Vec<Known>>,
    hasher: RandomState,
    count: usize,
}

#[derive(Debug)]
struct Known {
    id: Id,
    credential_id: Option<Id>,
    actor_name: String,
    address: String,
    client: String,
}

impl CallSources {
    /// The stored source of a call.
    pub(crate) fn find(&self, record: &CallRecord) -> Option<Id> {
        let known = self.known.get(&self.hash(record))?;
        let name = actor_name(record.identity.as_deref());
        let same = |known: &&Known| {
            known.credential_id == credential_id(record)
                && known.address == record.request.address
                && known.client == record.request.client
                && known.actor_name == name
        };
        known.iter().find(same).map(|known| known.id)
    }

    /// Remembers the source of a call under this id; what is to be stored of it.
    pub(crate) fn learn(&mut self, record: &CallRecord, id: Id) -> CallSource {
        if self.count >= REMEMBERED {
            *self = Self::default();
        }
        self.count += 1;
        let identity = record.identity.as_deref();
        let source = CallSource {
            organization_id: identity.map(|identity| identity.organization_id),
            actor_id: identity.map(|identity| identity.actor.id()),
            actor_name: actor_name(identity).to_owned(),
            credential: identity.and_then(|identity| identity.credential.clone()),
            address: record.request.address.clone(),
            client: record.request.client.clone(),
        };
        let known = Known {
            id,
            credential_id: credential_id(record),
            actor_name: source.actor_name.clone(),
            address: source.address.clone(),
            client: source.client.clone(),
        };
        self.known.entry(self.hash(record)).or_default().push(known);
        source
    }

    fn hash(&self, record: &CallRecord) -> u64 {
        let (address, client) = (&record.request.address, &record.request.client);
        let name = actor_name(record.identity.as_deref());
        self.hasher
            .hash_one((credential_id(record), name, address, client))
    }
}

fn credential_id(record: &CallRecord) -> Option<Id> {
    let credential = record
        .identity
        .as_ref()
        .and_then(|identity| identity.credential.as_ref());
    credential.map(|credential| credential.id)
}

/// A user's mail address, an org token's name; empty when there is no telling.
fn actor_name(identity: Option<&Identity>) -> &str {
    match identity.map(|identity| &identity.actor) {
        Some(Actor::User(user)) => &user.email,
        Some(Actor::OrgToken(token)) => &token.name,
        Some(Actor::System) | None => "",
    }
}
