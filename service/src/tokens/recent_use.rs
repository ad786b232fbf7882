//! Where a token was seen: from which addresses, by which programs, how often, as its calls tell.

use std::{cmp::Reverse, collections::HashMap};

use domain::{
    audit::query::{AuditFilter, PageDirection},
    identity::actor::Caller,
    platform::{id::Id, timestamp::Timestamp},
};
use store::{Call, CallWalk};

use crate::{
    audit::pages::{COST_PER_PAGE, calls_meant, check_may_look},
    platform::error::ServiceError,
    tokens::handle::Tokens,
};

/// Addresses and programs that are told at most: those last seen.
const TOLD: usize = 50;

/// An address from which, and a program by which, a token was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The network address.
    pub address: String,
    /// The program, as it named itself.
    pub client: String,
    /// When it was first seen there.
    pub first_at: Timestamp,
    /// When it was last seen there.
    pub last_at: Timestamp,
    /// How many calls came from there.
    pub calls: i64,
}

/// Where a token was seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sightings {
    /// Addresses and programs, the last seen first.
    pub places: Vec<Sighting>,
    /// How many calls it made.
    pub calls: i64,
    /// How many of them were refused.
    pub refused: i64,
    /// Calls before this moment were not looked at; `None` when all were.
    pub since: Option<Timestamp>,
}

impl Tokens {
    /// Where a token was seen, for administrators and for its owner. As far back as can be looked in a moment.
    ///
    /// # Errors
    /// Those of [`Self::list_calls`].
    pub async fn recent_use(&self, caller: &Caller, token: Id) -> Result<Sightings, ServiceError> {
        self.audit.flush_calls().await?;
        let mut read = self.platform.store().read().await?;
        let filter = AuditFilter {
            token: Some(token),
            ..AuditFilter::default()
        };
        check_may_look(&mut read, caller, &filter).await?;
        let mut walk = CallWalk::new(calls_meant(caller, &filter), PageDirection::NEWEST);
        let mut seen = Seen::default();
        loop {
            let calls = read.next_calls_within(&mut walk, COST_PER_PAGE).await?;
            if calls.is_empty() {
                break;
            }
            calls.iter().for_each(|call| seen.see(call));
        }
        let since = (!walk.is_at_end()).then(|| walk.position().at);
        Ok(seen.told(since))
    }
}

/// What was seen so far, newest first.
#[derive(Default)]
struct Seen {
    /// By address and program.
    places: HashMap<(String, String), Sighting>,
    calls: i64,
    refused: i64,
}

impl Seen {
    fn see(&mut self, call: &Call) {
        self.calls += 1;
        self.refused += i64::from(matches!(call.status, 401 | 403));
        let (address, client) = (call.source.address.clone(), call.source.client.clone());
        let place = self
            .places
            .entry((address, client))
            .or_insert_with(|| Sighting {
                address: call.source.address.clone(),
                client: call.source.client.clone(),
                first_at: call.at,
                last_at: call.at,
                calls: 0,
            });
        place.calls += 1;
        place.first_at = call.at;
    }

    fn told(self, since: Option<Timestamp>) -> Sightings {
        let mut places: Vec<_> = self.places.into_values().collect();
        places.sort_by_key(|place| Reverse(place.last_at));
        places.truncate(TOLD);
        Sightings {
            places,
            calls: self.calls,
            refused: self.refused,
            since,
        }
    }
}
