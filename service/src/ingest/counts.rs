//! What each org token hands in: how much in this minute, for its limit, and how much in all, gathered in memory and
//! stored in batches.

use std::{collections::HashMap, sync::Mutex};

use domain::{
    identity::actor::OrgTokenActor,
    ingest::Unit,
    platform::{id::Id, timestamp::Timestamp},
};
use store::IngestCount;

use crate::{ingest::parcel::Parcel, platform::lock::lock};

/// The minute a limit is about, in milliseconds.
const MINUTE_MS: i64 = 60_000;

/// What one token sent in a minute.
#[derive(Debug, Clone, Copy, Default)]
struct Minute {
    number: i64,
    datapoints: i64,
    limited: bool,
}

/// What all tokens handed in together to this process since it began.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct IngestTotals {
    /// Requests, refused ones too.
    pub requests: i64,
    /// Requests of which nothing was taken.
    pub refused: i64,
    /// Datapoints taken.
    pub datapoints: i64,
    /// Events taken.
    pub events: i64,
    /// Spans taken.
    pub spans: i64,
    /// Items left out as unfit of requests that were taken.
    pub dropped: i64,
    /// Bytes of the bodies taken, after inflation.
    pub bytes: i64,
}

impl IngestTotals {
    fn add(&mut self, more: &IngestCount) {
        self.requests += more.requests;
        self.refused += more.refused;
        self.datapoints += more.datapoints;
        self.events += more.events;
        self.spans += more.spans;
        self.dropped += more.dropped;
        self.bytes += more.bytes;
    }
}

/// Counts that are not stored yet, those of this minute, and all together.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    totals: Mutex<IngestTotals>,
    unsaved: Mutex<HashMap<Id, IngestCount>>,
    minutes: Mutex<HashMap<Id, Minute>>,
}

/// The minute it is.
pub(crate) const fn minute(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(MINUTE_MS)
}

impl Counts {
    /// Counts datapoints against the token's limit; the seconds until it may send again when they are too many.
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

    /// Gives back what was reserved and then not taken.
    pub(crate) fn give_back(&self, token: &OrgTokenActor, datapoints: i64, now: Timestamp) {
        let mut minutes = lock(&self.minutes);
        if let Some(sent) = minutes.get_mut(&token.id)
            && sent.number == minute(now)
        {
            sent.datapoints = (sent.datapoints - datapoints).max(0);
        }
    }

    /// Whether this node refused the token in this minute for having sent too much.
    pub(crate) fn is_limited(&self, org_token_id: Id, now: Timestamp) -> bool {
        let minutes = lock(&self.minutes);
        let sent = minutes.get(&org_token_id);
        sent.is_some_and(|sent| sent.limited && sent.number == minute(now))
    }

    /// Counts a parcel that was taken.
    pub(crate) fn taken(&self, org_token_id: Id, now: Timestamp, parcel: &Parcel) {
        let items = i64::from(parcel.items);
        let of = |unit| if parcel.kind.unit() == unit { items } else { 0 };
        self.count(&IngestCount {
            requests: 1,
            datapoints: of(Unit::Datapoint),
            events: of(Unit::Event),
            spans: of(Unit::Span),
            dropped: i64::from(parcel.dropped),
            bytes: i64::try_from(parcel.bytes).unwrap_or(i64::MAX),
            ..IngestCount::nothing(org_token_id, now)
        });
    }

    /// Counts a request of which nothing was taken.
    pub(crate) fn refused(&self, org_token_id: Id, now: Timestamp, for_its_limit: bool) {
        self.count(&IngestCount {
            requests: 1,
            refused: 1,
            limited_at: for_its_limit.then_some(now),
            ..IngestCount::nothing(org_token_id, now)
        });
    }

    fn count(&self, request: &IngestCount) {
        lock(&self.totals).add(request);
        self.note(request);
    }

    pub(super) fn note(&self, more: &IngestCount) {
        let mut unsaved = lock(&self.unsaved);
        unsaved
            .entry(more.org_token_id)
            .or_insert_with(|| IngestCount::nothing(more.org_token_id, more.last_at))
            .add(more);
    }

    /// All together since the process began.
    pub(super) fn totals(&self) -> IngestTotals {
        *lock(&self.totals)
    }

    /// What is not stored yet, in the order in which all nodes store it.
    pub(super) fn take(&self, now: Timestamp) -> Vec<IngestCount> {
        lock(&self.minutes).retain(|_, sent| sent.number == minute(now));
        let unsaved = std::mem::take(&mut *lock(&self.unsaved));
        let mut counts: Vec<IngestCount> = unsaved.into_values().collect();
        counts.sort_by_key(|count| count.org_token_id);
        counts
    }
}
