//! Reading calls in the order of their times, in either direction, from blocks that overlap.
//!
//! Blocks are read in order. A call is returned when no unread block can contain an earlier one (in the direction of
//! the walk).

use std::mem;

use domain::{
    audit::query::{AuditPosition, PageDirection},
    platform::{id::RequestId, timestamp::Timestamp},
};

use super::{
    block::{BLOCK_SPAN_MICROS, CALLS_PER_BLOCK},
    call::{Call, calls_of, sources_of},
    filter::CallFilter,
};
use crate::platform::StoreError;

/// The number of blocks that the first query fetches. A full block has a hundred kilobytes and costs much more to
/// decode than to query, so later queries fetch about as many calls as one full block has, judging by the blocks
/// before.
const FIRST_BATCH: i64 = 1;

/// The maximum number of blocks that a query fetches; also the number when few blocks match.
const LARGEST_BATCH: i64 = 64;

/// The maximum factor by which the number of fetched blocks grows, because the next blocks may be full.
const GROWTH: i64 = 4;

/// The cost of decoding a block; skipping one costs 1.
const DECODE_COST: i64 = 16;

/// A walk along calls. [`Conn::next_calls`] advances it.
///
/// [`Conn::next_calls`]: crate::Conn::next_calls
#[derive(Debug)]
pub struct CallWalk {
    pub(super) filter: CallFilter,
    pub(super) direction: PageDirection,
    /// The key of the last fetched block: its first time, or its last time when walking to older calls; and its id.
    pub(super) past: (i64, i64),
    /// Fetched blocks that are not read yet, the next one last.
    fetched: Vec<BlockRow>,
    /// How many blocks the next query fetches.
    pub(super) batch: i64,
    /// Whether all blocks are fetched.
    is_all_fetched: bool,
    /// The time that unread blocks start from: no unread call is earlier (in the direction of the walk).
    searched_to: i64,
    /// Calls that were read but not returned, because an unread block may contain an earlier one.
    early: Vec<Call>,
    /// The cost so far.
    cost: i64,
    /// The number of merges of blocks when the walk began.
    pub(super) merges: Option<i64>,
}

/// A block. The texts are absent when no source matches.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct BlockRow {
    id: i64,
    first_at: i64,
    last_at: i64,
    call_count: i64,
    sources: Option<String>,
    targets: Option<String>,
    calls: Option<String>,
}

impl CallWalk {
    /// A walk from a position.
    #[must_use]
    pub fn new(filter: CallFilter, direction: PageDirection) -> Self {
        let past = match direction {
            PageDirection::Newer(position) => {
                let earliest = filter.from.max(position.at).as_micros();
                (earliest.saturating_sub(BLOCK_SPAN_MICROS + 1), i64::MAX)
            }
            PageDirection::Older(position) => {
                let latest = filter.to.min(position.at).as_micros();
                (latest.saturating_add(BLOCK_SPAN_MICROS + 1), i64::MIN)
            }
        };
        let batch = if filter.is_sparse() {
            LARGEST_BATCH
        } else {
            FIRST_BATCH
        };
        Self {
            filter,
            direction,
            batch,
            searched_to: past.0,
            past,
            fetched: Vec::new(),
            is_all_fetched: false,
            early: Vec::new(),
            cost: 0,
            merges: None,
        }
    }

    /// Continues after the last returned call, because blocks that are not fetched may have been merged into one whose
    /// key has been passed.
    pub(super) fn restart(&mut self, merges: i64) {
        let direction = match self.direction {
            PageDirection::Newer(_) => PageDirection::Newer(self.position()),
            PageDirection::Older(_) => PageDirection::Older(self.position()),
        };
        let cost = self.cost;
        *self = Self {
            cost,
            merges: Some(merges),
            ..Self::new(self.filter.clone(), direction)
        };
    }

    /// Whether all blocks are read.
    #[must_use]
    pub const fn is_at_end(&self) -> bool {
        self.is_all_fetched && self.fetched.is_empty()
    }

    /// The position up to which all calls were returned, never before the start of the walk: blocks are read from a
    /// little before it. A new walk continues from there.
    #[must_use]
    pub fn position(&self) -> AuditPosition {
        let at = Timestamp::from_micros(self.searched_to);
        match self.direction {
            PageDirection::Older(start) => start.min(AuditPosition::after(at)),
            PageDirection::Newer(start) => start.max(AuditPosition::before(at)),
        }
    }

    /// The times between which calls can match.
    pub(super) fn bounds(&self) -> (i64, i64) {
        let (from, to) = (self.filter.from.as_micros(), self.filter.to.as_micros());
        match self.direction {
            PageDirection::Older(position) => (from, to.min(position.at.as_micros())),
            PageDirection::Newer(position) => (from.max(position.at.as_micros()), to),
        }
    }

    /// Whether the next step needs blocks from the database.
    pub(super) const fn needs_blocks(&self) -> bool {
        self.fetched.is_empty() && !self.is_all_fetched
    }

    pub(super) const fn has_cost(&self, budget: i64) -> bool {
        self.cost >= budget
    }

    /// Adds fetched blocks, and decides how many to fetch next.
    pub(super) fn add(&mut self, mut rows: Vec<BlockRow>) {
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        self.is_all_fetched = count < self.batch;
        if !self.filter.is_sparse() {
            let full = i64::try_from(CALLS_PER_BLOCK).unwrap_or(i64::MAX);
            let calls: i64 = rows.iter().map(|row| row.call_count).sum();
            let most = LARGEST_BATCH.min(self.batch * GROWTH);
            self.batch = (count * full / calls.max(1)).clamp(FIRST_BATCH, most);
        }
        if let Some(last) = rows.last() {
            self.past = self.key(last);
        }
        rows.reverse();
        self.fetched = rows;
    }

    /// Reads the next fetched block, and returns the calls that no unread block can precede.
    pub(super) fn step(&mut self) -> Result<Vec<Call>, StoreError> {
        if let Some(row) = self.fetched.pop() {
            self.read(&row)?;
            let next = self.fetched.last();
            self.searched_to = next.map_or(self.past, |next| self.key(next)).0;
        }
        Ok(self.settled())
    }

    /// Adds the matching calls of a block.
    fn read(&mut self, row: &BlockRow) -> Result<(), StoreError> {
        self.cost += 1;
        let (Some(sources), Some(targets), Some(calls)) = (&row.sources, &row.targets, &row.calls)
        else {
            return Ok(());
        };
        let sources = sources_of(sources)?;
        if !sources.iter().any(|source| self.filter.has_source(source)) {
            return Ok(());
        }
        self.cost += DECODE_COST;
        let calls = calls_of(row.first_at, &sources, targets, calls)?;
        let matching =
            |call: &Call| self.filter.has(call) && self.is_ahead(call.at, call.request_id);
        let matching: Vec<Call> = calls.into_iter().filter(matching).collect();
        self.early.extend(matching);
        Ok(())
    }

    fn is_ahead(&self, at: Timestamp, request_id: RequestId) -> bool {
        let number = request_id.0.bits();
        let here = AuditPosition { at, number };
        match self.direction {
            PageDirection::Older(position) => here < position,
            PageDirection::Newer(position) => here > position,
        }
    }

    /// The calls that no unread block can precede.
    fn settled(&mut self) -> Vec<Call> {
        let next = Timestamp::from_micros(self.searched_to);
        self.early
            .sort_unstable_by_key(|call| (call.at, call.request_id));
        let is_settled = |call: &Call| match self.direction {
            PageDirection::Newer(_) => call.at < next,
            PageDirection::Older(_) => call.at > next,
        };
        if matches!(self.direction, PageDirection::Older(_)) {
            self.early.reverse();
        }
        let count = if self.is_at_end() {
            self.early.len()
        } else {
            self.early.partition_point(is_settled)
        };
        let later = self.early.split_off(count);
        mem::replace(&mut self.early, later)
    }

    /// The key by which blocks are ordered.
    const fn key(&self, row: &BlockRow) -> (i64, i64) {
        match self.direction {
            PageDirection::Newer(_) => (row.first_at, row.id),
            PageDirection::Older(_) => (row.last_at, row.id),
        }
    }
}
