//! Table `uncounted_block`: blocks of calls that wait to be counted, and counting them into `usage_minute` and
//! `usage_hour`.
//!
//! A block is taken from the queue and its calls are added in one transaction, so that every call counts exactly once,
//! whatever crashes and however many nodes count.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use domain::{
    id::Id,
    timestamp::Timestamp,
    token::TokenKind,
    usage::{StatusClass, Step},
};
use serde::{Serialize, de::IgnoredAny};

use crate::{
    call::{CallSource, find, sources_of},
    call_block::{Numbers, column},
    dialect::{
        on,
        rows::{OverRows, over_rows},
    },
    error::StoreError,
    housekeeping::Housekeeping,
    transaction::Conn,
};

/// Counts of a minute stored together, about, at most: other writers wait a fifth of a second for them.
const COUNTS_IN_ALL: usize = 20_000;

/// `WHERE true` tells SQLite that what follows is no condition of a join.
macro_rules! add {
    ($table:literal) => {
        over_rows!(
            concat!(
                "INSERT INTO ",
                $table,
                " (organization_id, begins_at, actor_id, token_id, method, route, status_class, calls, duration_us, \
                 bytes) SELECT given.value ->> 0, CAST(given.value ->> 1 AS BIGINT), given.value ->> 2, \
                 given.value ->> 3, given.value ->> 4, given.value ->> 5, CAST(given.value ->> 6 AS BIGINT), \
                 CAST(given.value ->> 7 AS BIGINT), CAST(given.value ->> 8 AS BIGINT), \
                 CAST(given.value ->> 9 AS BIGINT) FROM"
            ),
            concat!(
                "WHERE true ON CONFLICT (organization_id, begins_at, actor_id, token_id, method, route, status_class) \
                 DO UPDATE SET calls = ",
                $table,
                ".calls + excluded.calls, duration_us = ",
                $table,
                ".duration_us + excluded.duration_us, bytes = ",
                $table,
                ".bytes + excluded.bytes"
            )
        )
    };
}
const NEXT: &str = "SELECT block_id, first_at, sources, targets, calls \
    FROM (SELECT block_id FROM uncounted_block WHERE block_id > $1 ORDER BY block_id LIMIT 1) AS waiting \
    LEFT JOIN call_block ON call_block.id = waiting.block_id";
/// Nodes count one after the other: none adds to a row that another is adding to.
const LOCK: &str = "UPDATE counter SET value = value + 1 WHERE name = 'usage'";
const TAKE: OverRows = over_rows!(
    "DELETE FROM uncounted_block WHERE block_id IN (SELECT CAST(given.value ->> 0 AS BIGINT) FROM",
    ")"
);
const ADD_MINUTES: OverRows = add!("usage_minute");
const ADD_HOURS: OverRows = add!("usage_hour");

/// The calls of some blocks, counted and not stored yet.
#[derive(Debug, Default)]
pub struct Tally {
    blocks: Vec<i64>,
    counts: HashMap<Key, Sums>,
    pub(crate) actors: BTreeSet<(Id, bool, String)>,
    pub(crate) tokens: BTreeSet<(Id, Id, &'static str)>,
    unreadable: usize,
}

/// What calls have in common that are counted together within a minute.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    minute: Timestamp,
    organization_id: Option<Id>,
    actor_id: Option<Id>,
    token_id: Option<Id>,
    method: Arc<str>,
    route: Arc<str>,
    class: StatusClass,
}

#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    calls: i64,
    duration_us: i64,
    bytes: i64,
}

impl Sums {
    fn add(&mut self, more: Self) {
        self.calls += more.calls;
        self.duration_us = self.duration_us.saturating_add(more.duration_us);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }
}

/// Method, route; of the path nothing is wanted.
type Target = (Arc<str>, Arc<str>, IgnoredAny);

#[derive(sqlx::FromRow)]
struct Row {
    block_id: i64,
    first_at: Option<i64>,
    sources: Option<String>,
    targets: Option<String>,
    calls: Option<String>,
}

impl Tally {
    /// Whether there was nothing to count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// How many blocks hold what this program did not write: nothing in them is counted.
    #[must_use]
    pub const fn unreadable(&self) -> usize {
        self.unreadable
    }

    fn count(&mut self, row: &Row) {
        self.blocks.push(row.block_id);
        let Row {
            first_at,
            sources,
            targets,
            calls,
            ..
        } = row;
        // A block that is gone has no calls any more.
        let (Some(first_at), Some(sources), Some(targets), Some(calls)) =
            (first_at, sources, targets, calls)
        else {
            return;
        };
        if self.add_block(*first_at, sources, targets, calls).is_err() {
            self.unreadable += 1;
        }
    }

    fn add_block(
        &mut self,
        first_at: i64,
        sources: &str,
        targets: &str,
        calls: &str,
    ) -> Result<(), StoreError> {
        let sources = sources_of(sources)?;
        let targets: Vec<Target> = column("targets").parse(targets)?;
        let calls: Vec<Numbers> = column("calls").parse(calls)?;
        // First by places, which are cheap to compare; most calls of a block are like another.
        let mut alike: HashMap<(i64, i64, StatusClass, Timestamp), Sums> = HashMap::new();
        for (offset, source, target, status, duration_us, bytes, _) in calls {
            let minute = Step::Minute.begin_of(Timestamp::from_micros(first_at + offset));
            let sums = alike.entry((source, target, StatusClass::of(status), minute));
            sums.or_default().add(Sums {
                calls: 1,
                duration_us,
                bytes,
            });
        }
        let mut counted = Vec::with_capacity(alike.len());
        for ((source, target, class, minute), sums) in alike {
            let source = column("sources").read(find(&sources, source))?;
            let target = column("targets").read(find(&targets, target))?;
            counted.push((key(source, target, class, minute), sums));
        }
        for source in &sources {
            self.note_names(source);
        }
        for (key, sums) in counted {
            self.counts.entry(key).or_default().add(sums);
        }
        Ok(())
    }

    fn note_names(&mut self, source: &CallSource) {
        let (Some(actor), Some(credential)) = (source.actor_id, &source.credential) else {
            return;
        };
        let is_user = credential.kind != TokenKind::Org;
        self.actors
            .insert((actor, is_user, source.actor_name.clone()));
        self.tokens
            .insert((credential.id, actor, credential.kind.label()));
    }

    /// The counts of steps of this length, as rows.
    fn rows(&self, step: Step) -> Vec<impl Serialize + use<>> {
        let mut summed: HashMap<_, Sums> = HashMap::new();
        for (key, sums) in &self.counts {
            let begin = step.begin_of(key.minute);
            let of = (
                begin,
                key.organization_id,
                key.actor_id,
                key.token_id,
                &key.method,
                &key.route,
                key.class,
            );
            summed.entry(of).or_default().add(*sums);
        }
        let text = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
        let rows = summed.into_iter().map(
            |((begin, organization, actor, token, method, route, class), sums)| {
                (
                    text(organization),
                    begin.as_micros(),
                    text(actor),
                    text(token),
                    Arc::clone(method),
                    Arc::clone(route),
                    class.digit(),
                    sums.calls,
                    sums.duration_us,
                    sums.bytes,
                )
            },
        );
        rows.collect()
    }
}

impl Tally {
    /// Callers as rows: id, 1 for a user, mail address or name. One that was called differently meanwhile is there once.
    pub(crate) fn actor_rows(&self) -> Vec<(Id, &'static str, &str)> {
        let named: BTreeMap<Id, (bool, &str)> = self
            .actors
            .iter()
            .map(|(id, is_user, name)| (*id, (*is_user, name.as_str())))
            .collect();
        let rows = named.into_iter();
        rows.map(|(id, (is_user, name))| (id, if is_user { "1" } else { "0" }, name))
            .collect()
    }

    /// Tokens as rows: id, owner, kind.
    pub(crate) fn token_rows(&self) -> Vec<(Id, Id, &'static str)> {
        self.tokens.iter().copied().collect()
    }
}

fn key(source: &CallSource, target: &Target, class: StatusClass, minute: Timestamp) -> Key {
    Key {
        minute,
        organization_id: source.organization_id.map(|organization| organization.0),
        actor_id: source.actor_id,
        token_id: source.credential.as_ref().map(|credential| credential.id),
        method: Arc::clone(&target.0),
        route: Arc::clone(&target.1),
        class,
    }
}

impl Conn {
    /// Counts the calls of so many blocks at most that wait for it; nothing is stored by that. What is alike in many
    /// blocks is stored once, so the more are counted together, the less each costs.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn tally_uncounted_blocks(&mut self, most: usize) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        // One at a time: others are answered in between.
        while tally.blocks.len() < most && tally.counts.len() < COUNTS_IN_ALL {
            let after = tally.blocks.last().copied().unwrap_or(i64::MIN);
            let next = on!(self, c => sqlx::query_as::<_, Row>(NEXT)
                .bind(after)
                .fetch_optional(c)
                .await)?;
            let Some(row) = next else { break };
            tally.count(&row);
        }
        Ok(tally)
    }
}

impl Housekeeping {
    /// Adds what was counted, and takes its blocks from those that wait. Whether it did: another node may have been
    /// faster with one of them, and then this must not be finished.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn add_tally(&mut self, tally: &Tally) -> Result<bool, StoreError> {
        on!(self, c => sqlx::query(LOCK).execute(c).await.map(drop))?;
        let blocks: Vec<[i64; 1]> = tally.blocks.iter().map(|block| [*block]).collect();
        let taken = self.run_over(&TAKE, &blocks).await?;
        if usize::try_from(taken).ok() != Some(blocks.len()) {
            return Ok(false);
        }
        self.run_over(&ADD_MINUTES, &tally.rows(Step::Minute))
            .await?;
        self.run_over(&ADD_HOURS, &tally.rows(Step::Hour)).await?;
        self.note_usage_names(tally).await?;
        Ok(true)
    }
}
