//! Counts of ingested data by org token: the current minute, to enforce the limit, and totals, which are gathered in
//! memory and stored in batches.

use std::{collections::HashMap, sync::Mutex};

use domain::{
    identity::actor::OrgTokenActor,
    ingest::Unit,
    platform::{id::Id, timestamp::Timestamp},
};
use store::IngestCount;

use crate::{
    ingest::{
        parcel::Parcel,
        segment::{Position, StoredParcel},
    },
    platform::lock::lock,
};

/// The period of a limit, in milliseconds.
const MINUTE_MS: i64 = 60_000;

/// The data that one token has sent in a minute.
#[derive(Debug, Clone, Copy, Default)]
struct Minute {
    number: i64,
    datapoints: i64,
    limited: bool,
}

/// Totals of all tokens in this process since its start.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct IngestTotals {
    /// Number of requests, including rejected ones.
    pub requests: i64,
    /// Number of requests of which nothing was accepted.
    pub rejected: i64,
    /// Number of accepted datapoints.
    pub datapoints: i64,
    /// Number of accepted events.
    pub events: i64,
    /// Number of accepted spans.
    pub spans: i64,
    /// Number of invalid items that were left out of accepted requests.
    pub dropped: i64,
    /// The size of the accepted bodies after decompression, in bytes.
    pub bytes: i64,
}

impl IngestTotals {
    fn add(&mut self, more: &IngestCount) {
        self.requests += more.requests;
        self.rejected += more.rejected;
        self.datapoints += more.datapoints;
        self.events += more.events;
        self.spans += more.spans;
        self.dropped += more.dropped;
        self.bytes += more.bytes;
    }
}

/// The counts that are not stored yet, those of the current minute, and the totals.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    totals: Mutex<IngestTotals>,
    unsaved: Mutex<Unsaved>,
    minutes: Mutex<HashMap<Id, Minute>>,
}

/// The counts that are not stored yet, and the position of the queue up to which they include its parcels.
#[derive(Debug, Default)]
pub(super) struct Unsaved {
    pub(super) counts: HashMap<Id, IngestCount>,
    pub(super) to: Position,
}

impl Unsaved {
    pub(super) fn add(&mut self, more: &IngestCount) {
        let nothing = || IngestCount::nothing(more.org_token_id, more.last_at);
        let count = self.counts.entry(more.org_token_id);
        count.or_insert_with(nothing).add(more);
    }
}

/// The counts of the request of a parcel.
pub(crate) fn count_of(parcel: &StoredParcel) -> IngestCount {
    let items = i64::from(parcel.items);
    let of = |unit| if parcel.kind.unit() == unit { items } else { 0 };
    IngestCount {
        requests: 1,
        datapoints: of(Unit::Datapoint),
        events: of(Unit::Event),
        spans: of(Unit::Span),
        dropped: i64::from(parcel.dropped),
        bytes: i64::from(parcel.bytes),
        ..IngestCount::nothing(parcel.org_token_id, parcel.at)
    }
}

/// The minute of a time, counted since 1970.
pub(crate) const fn minute(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(MINUTE_MS)
}

impl Counts {
    /// Reserves datapoints within the token's limit. When they exceed it, the error is the number of seconds until the
    /// next minute.
    pub(crate) fn reserve(
        &self,
        token: &OrgTokenActor,
        datapoints: i64,
        now: Timestamp,
    ) -> Result<(), u64> {
        let Some(limit) = token.datapoints_per_minute.filter(|_| datapoints > 0) else {
            return Ok(());
        };
        let mut minutes = lock(&self.minutes);
        let sent = minutes.entry(token.id).or_default();
        if sent.number != minute(now) {
            *sent = Minute {
                number: minute(now),
                ..Minute::default()
            };
        }
        if sent.datapoints.saturating_add(datapoints) > limit {
            sent.limited = true;
            let left_ms = MINUTE_MS - now.as_millis().rem_euclid(MINUTE_MS);
            return Err(left_ms.unsigned_abs().div_ceil(1_000));
        }
        sent.datapoints += datapoints;
        Ok(())
    }

    /// Releases a reservation whose data was not accepted.
    pub(crate) fn give_back(&self, token: &OrgTokenActor, datapoints: i64, now: Timestamp) {
        let mut minutes = lock(&self.minutes);
        if let Some(sent) = minutes.get_mut(&token.id)
            && sent.number == minute(now)
        {
            sent.datapoints = (sent.datapoints - datapoints).max(0);
        }
    }

    /// Whether this node rejected the token in the current minute for exceeding its limit.
    pub(crate) fn is_limited(&self, org_token_id: Id, now: Timestamp) -> bool {
        let minutes = lock(&self.minutes);
        let sent = minutes.get(&org_token_id);
        sent.is_some_and(|sent| sent.limited && sent.number == minute(now))
    }

    /// Counts parcels that are on disk up to this position. The writer counts them, not the requests: the
    /// counts and the position change together, and a cancelled request is counted too.
    pub(crate) fn count_stored(&self, parcels: &[IngestCount], to: Position) {
        {
            let mut totals = lock(&self.totals);
            parcels.iter().for_each(|parcel| totals.add(parcel));
        }
        let mut unsaved = lock(&self.unsaved);
        parcels.iter().for_each(|parcel| unsaved.add(parcel));
        unsaved.to = to;
    }

    /// Begins with the counts of parcels that an earlier process left on disk.
    pub(super) fn begin_with(&self, left: Unsaved) {
        *lock(&self.unsaved) = left;
    }

    /// Counts an accepted request without data, which leaves nothing on disk.
    pub(crate) fn count_empty(&self, org_token_id: Id, now: Timestamp, parcel: &Parcel) {
        self.count(&IngestCount {
            requests: 1,
            dropped: i64::from(parcel.dropped),
            bytes: i64::try_from(parcel.bytes).unwrap_or(i64::MAX),
            ..IngestCount::nothing(org_token_id, now)
        });
    }

    /// Counts a request of which nothing was accepted.
    pub(crate) fn count_rejected(&self, org_token_id: Id, now: Timestamp, for_its_limit: bool) {
        self.count(&IngestCount {
            requests: 1,
            rejected: 1,
            limited_at: for_its_limit.then_some(now),
            ..IngestCount::nothing(org_token_id, now)
        });
    }

    fn count(&self, request: &IngestCount) {
        lock(&self.totals).add(request);
        lock(&self.unsaved).add(request);
    }

    /// The totals since the start of the process.
    pub(super) fn totals(&self) -> IngestTotals {
        *lock(&self.totals)
    }

    /// Takes the counts that are not stored yet.
    pub(super) fn take(&self, now: Timestamp) -> Unsaved {
        lock(&self.minutes).retain(|_, sent| sent.number == minute(now));
        let mut unsaved = lock(&self.unsaved);
        Unsaved {
            counts: std::mem::take(&mut unsaved.counts),
            to: unsaved.to,
        }
    }
}
