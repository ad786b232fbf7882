//! Recent use of a token: addresses, programs and number of its calls, counted from the call log.

use std::{cmp::Reverse, collections::HashMap};

use domain::{
    audit::query::{AuditFilter, PageDirection},
    identity::actor::Caller,
    platform::{id::Id, timestamp::Timestamp},
};
use store::{Call, CallWalk};

use crate::{
    audit::pages::{
        COST_PER_PAGE,
        access::{authorize_query, call_filter},
    },
    platform::error::ServiceError,
    tokens::handle::Tokens,
};

/// Limit on the addresses and programs that are returned: the most recent.
const LISTED: usize = 50;

/// Calls of a token from one address by one program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UseOrigin {
    /// The network address.
    pub address: String,
    /// The program, by its `User-Agent`.
    pub client: String,
    /// The time of the first call.
    pub first_at: Timestamp,
    /// The time of the last call.
    pub last_at: Timestamp,
    /// The number of calls.
    pub calls: i64,
}

/// Recent use of a token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecentUse {
    /// By address and program, most recent first.
    pub places: Vec<UseOrigin>,
    /// The number of calls.
    pub calls: i64,
    /// The number of calls that were rejected.
    pub rejected: i64,
    /// Calls before this time were not counted; `None` when all calls were counted.
    pub since: Option<Timestamp>,
}

impl Tokens {
    /// Counts the calls of a token, for administrators and its owner, as far back as one query of the call log goes.
    ///
    /// # Errors
    /// As [`Self::list_calls`].
    pub async fn recent_use(&self, caller: &Caller, token: Id) -> Result<RecentUse, ServiceError> {
        self.audit.flush_calls().await?;
        let mut read = self.platform.store().read().await?;
        let filter = AuditFilter {
            token: Some(token),
            ..AuditFilter::default()
        };
        authorize_query(&mut read, caller, &filter).await?;
        let mut walk = CallWalk::new(call_filter(caller, &filter), PageDirection::NEWEST);
        let mut summary = UseSummary::default();
        loop {
            let calls = read.next_calls_within(&mut walk, COST_PER_PAGE).await?;
            if calls.is_empty() {
                break;
            }
            calls.iter().for_each(|call| summary.add(call));
        }
        let since = (!walk.is_at_end()).then(|| walk.position().at);
        Ok(summary.into_recent_use(since))
    }
}

/// The counts so far, newest first.
#[derive(Default)]
struct UseSummary {
    /// By address and program.
    places: HashMap<(String, String), UseOrigin>,
    calls: i64,
    rejected: i64,
}

impl UseSummary {
    fn add(&mut self, call: &Call) {
        self.calls += 1;
        self.rejected += i64::from(matches!(call.status, 401 | 403));
        let (address, client) = (call.source.address.clone(), call.source.client.clone());
        let place = self
            .places
            .entry((address, client))
            .or_insert_with(|| UseOrigin {
                address: call.source.address.clone(),
                client: call.source.client.clone(),
                first_at: call.at,
                last_at: call.at,
                calls: 0,
            });
        place.calls += 1;
        place.first_at = call.at;
    }

    fn into_recent_use(self, since: Option<Timestamp>) -> RecentUse {
        let mut places: Vec<_> = self.places.into_values().collect();
        places.sort_by_key(|place| Reverse(place.last_at));
        places.truncate(LISTED);
        RecentUse {
            places,
            calls: self.calls,
            rejected: self.rejected,
            since,
        }
    }
}
