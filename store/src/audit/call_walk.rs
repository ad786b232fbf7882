//! Walking along the calls, either way: blocks are read in turn, and their calls told in the order in which they came in.
//!
//! Blocks overlap, so a call is told when no block that is still to be read can hold one before it. Blocks in which
//! nobody is who is asked for are passed over by the database, which looks at their sources alone.

use domain::{
    audit::query::{AuditPosition, OutcomeFilter, PageDirection},
    platform::{id::RequestId, timestamp::Timestamp},
};

use crate::{
    audit::{
        call::{Call, calls_of, sources_of},
        call_block::{BLOCK_SPAN_MICROS, CALLS_PER_BLOCK},
        call_filter::CallFilter,
    },
    platform::{dialect::on, error::StoreError, transaction::Conn},
};

/// Blocks fetched at once at first: a whole one takes a hundred kilobytes, and to ask for it costs little beside reading
/// it. Those after it are fetched by as many as hold a whole block's calls, if they hold as few as those before.
const FIRST_BATCH: i64 = 1;

/// Blocks fetched at once at most, and when few of them are wanted.
const LARGEST_BATCH: i64 = 64;

/// How many times as many blocks are fetched as the time before, at most: the next ones may be whole.
const GROWTH: i64 = 4;

/// What looking into a block costs, when passing it over costs 1.
const LOOK_COST: i64 = 16;

macro_rules! columns {
    () => {
        "SELECT id, first_at, last_at, call_count, CASE WHEN sources LIKE $6 THEN sources END AS sources, \
         CASE WHEN sources LIKE $6 THEN targets END AS targets, CASE WHEN sources LIKE $6 THEN calls END AS calls \
         FROM call_block WHERE "
    };
}

const OLDEST_FIRST: &str = concat!(
    columns!(),
    "(first_at, id) > ($1, $2) AND first_at <= $3 AND last_at >= $4 ORDER BY first_at, id LIMIT $5"
);
const OLDEST_OF_KIND_FIRST: &str = concat!(
    columns!(),
    "writes = $7 AND (first_at, id) > ($1, $2) AND first_at <= $3 AND last_at >= $4 ORDER BY first_at, id LIMIT $5"
);
const NEWEST_FIRST: &str = concat!(
    columns!(),
    "(last_at, id) < ($1, $2) AND first_at <= $3 AND last_at >= $4 ORDER BY last_at DESC, id DESC LIMIT $5"
);
/// Said like this, SQLite goes along the index of the newest, which tells of the kind too, instead of sorting all of it.
const NEWEST_OF_KIND_FIRST: &str = concat!(
    columns!(),
    "NOT (writes <> $7) AND (last_at, id) < ($1, $2) AND first_at <= $3 AND last_at >= $4 ORDER BY last_at DESC, id DESC LIMIT $5"
);

/// A walk along calls. [`Conn::next_calls`] takes its steps.
#[derive(Debug)]
pub struct CallWalk {
    filter: CallFilter,
    turn: PageDirection,
    /// The block that was fetched last: by its first moment, or by its last on the way back; and its id.
    past: (i64, i64),
    /// Blocks that were fetched and are still to be looked into, the next one last.
    fetched: Vec<Row>,
    /// How many blocks are fetched at once.
    batch: i64,
    /// Whether there is no block to fetch any more.
    is_all_fetched: bool,
    /// The moment beyond which no block that is still to be looked into holds a call.
    reach: i64,
    /// Calls that were read before their turn: a block not yet read may hold one before them.
    early: Vec<Call>,
    /// What the walk has cost so far: blocks passed over count 1, those looked into more.
    spent: i64,
}

impl CallWalk {
    /// A walk from a place on.
    #[must_use]
    pub fn new(filter: CallFilter, turn: PageDirection) -> Self {
        let past = match turn {
            PageDirection::Newer(place) => {
                let earliest = filter.from.max(place.at).as_micros();
                (earliest.saturating_sub(BLOCK_SPAN_MICROS + 1), i64::MAX)
            }
            PageDirection::Older(place) => {
                let latest = filter.to.min(place.at).as_micros();
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
            turn,
            batch,
            reach: past.0,
            past,
            fetched: Vec::new(),
            is_all_fetched: false,
            early: Vec::new(),
            spent: 0,
        }
    }

    /// Whether there is nothing more to look into.
    #[must_use]
    pub const fn is_at_end(&self) -> bool {
        self.is_all_fetched && self.fetched.is_empty()
    }

    /// The place to which everything was told: a walk that is broken off goes on from there.
    #[must_use]
    pub const fn place(&self) -> AuditPosition {
        let at = Timestamp::from_micros(self.reach);
        match self.turn {
            PageDirection::Older(_) => AuditPosition::after(at),
            PageDirection::Newer(_) => AuditPosition::before(at),
        }
    }

    /// The first and the last moment at which a call can be meant.
    fn bounds(&self) -> (i64, i64) {
        let (from, to) = (self.filter.from.as_micros(), self.filter.to.as_micros());
        match self.turn {
            PageDirection::Older(place) => (from, to.min(place.at.as_micros())),
            PageDirection::Newer(place) => (from.max(place.at.as_micros()), to),
        }
    }

    fn is_ahead(&self, at: Timestamp, request_id: RequestId) -> bool {
        let here = AuditPosition {
            at,
            number: request_id.0.bits(),
        };
        let ahead = match self.turn {
            PageDirection::Older(place) => here < place,
            PageDirection::Newer(place) => here > place,
        };
        ahead && at >= self.filter.from && at < self.filter.to
    }

    /// Takes the calls of a block that are wanted.
    fn read(&mut self, row: &Row) -> Result<(), StoreError> {
        self.spent += 1;
        let (Some(sources), Some(targets), Some(calls)) = (&row.sources, &row.targets, &row.calls)
        else {
            return Ok(());
        };
        let sources = sources_of(sources)?;
        if !sources.iter().any(|source| self.filter.is_meant(source)) {
            return Ok(());
        }
        self.spent += LOOK_COST;
        for call in calls_of(row.first_at, &sources, targets, calls)? {
            let ended_so = |ending: OutcomeFilter| ending.has_status(call.status);
            if self.filter.is_meant(&call.source)
                && self.is_ahead(call.at, call.request_id)
                && self.filter.ending.is_none_or(ended_so)
            {
                self.early.push(call);
            }
        }
        Ok(())
    }

    /// Those of the calls read early whose turn it is: no block that is still to be read holds one before them.
    fn settled(&mut self) -> Vec<Call> {
        let next = Timestamp::from_micros(self.reach);
        let is_settled = |call: &Call| match self.turn {
            PageDirection::Newer(_) => call.at < next,
            PageDirection::Older(_) => call.at > next,
        };
        self.early
            .sort_unstable_by_key(|call| (call.at, call.request_id));
        if matches!(self.turn, PageDirection::Older(_)) {
            self.early.reverse();
        }
        let count = if self.is_at_end() {
            self.early.len()
        } else {
            self.early.partition_point(is_settled)
        };
        let later = self.early.split_off(count);
        std::mem::replace(&mut self.early, later)
    }

    /// Where a block stands on the way.
    const fn key(&self, row: &Row) -> (i64, i64) {
        match self.turn {
            PageDirection::Newer(_) => (row.first_at, row.id),
            PageDirection::Older(_) => (row.last_at, row.id),
        }
    }

    /// Takes what was fetched.
    fn add(&mut self, mut rows: Vec<Row>) {
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        self.is_all_fetched = count < self.batch;
        if !self.filter.is_sparse() {
            let whole = i64::try_from(CALLS_PER_BLOCK).unwrap_or(i64::MAX);
            let calls: i64 = rows.iter().map(|row| row.call_count).sum();
            let most = LARGEST_BATCH.min(self.batch * GROWTH);
            self.batch = (count * whole / calls.max(1)).clamp(FIRST_BATCH, most);
        }
        if let Some(last) = rows.last() {
            self.past = self.key(last);
        }
        rows.reverse();
        self.fetched = rows;
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    first_at: i64,
    last_at: i64,
    call_count: i64,
    /// The texts of a block in which somebody may be who is asked for.
    sources: Option<String>,
    targets: Option<String>,
    calls: Option<String>,
}

impl Conn {
    /// The next calls of a walk, refused ones too; none when it is at its end.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn next_calls(&mut self, walk: &mut CallWalk) -> Result<Vec<Call>, StoreError> {
        self.next_calls_within(walk, i64::MAX).await
    }

    /// The same, but none either once the walk has cost so much: [`CallWalk::place`] says how far it came.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn next_calls_within(
        &mut self,
        walk: &mut CallWalk,
        budget: i64,
    ) -> Result<Vec<Call>, StoreError> {
        loop {
            if walk.is_at_end() {
                return Ok(walk.settled());
            }
            if walk.fetched.is_empty() {
                if walk.spent >= budget {
                    return Ok(Vec::new());
                }
                let rows = self.next_blocks(walk).await?;
                walk.add(rows);
            }
            if let Some(row) = walk.fetched.pop() {
                walk.read(&row)?;
                walk.reach = walk
                    .fetched
                    .last()
                    .map_or(walk.past, |next| walk.key(next))
                    .0;
            }
            let settled = walk.settled();
            if !settled.is_empty() {
                return Ok(settled);
            }
        }
    }

    async fn next_blocks(&mut self, walk: &CallWalk) -> Result<Vec<Row>, StoreError> {
        let (first, last) = walk.bounds();
        let pattern = walk.filter.pattern();
        let (statement, writes) = match (walk.turn, walk.filter.writes) {
            (PageDirection::Older(_), None) => (NEWEST_FIRST, None),
            (PageDirection::Older(_), Some(writes)) => (NEWEST_OF_KIND_FIRST, Some(writes)),
            (PageDirection::Newer(_), None) => (OLDEST_FIRST, None),
            (PageDirection::Newer(_), Some(writes)) => (OLDEST_OF_KIND_FIRST, Some(writes)),
        };
        Ok(on!(self, c => {
            let query = sqlx::query_as::<_, Row>(statement)
                .bind(walk.past.0)
                .bind(walk.past.1)
                .bind(last)
                .bind(first)
                .bind(walk.batch)
                .bind(pattern);
            match writes {
                Some(writes) => query.bind(writes),
                None => query,
            }
            .fetch_all(c)
            .await
        })?)
    }
}
