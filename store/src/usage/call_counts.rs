//! Counting the calls of many blocks in memory, so that equal counts are stored once.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use domain::{
    identity::credential::TokenKind,
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
    usage::query::{StatusClass, Step},
};
use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{
    audit::calls::call::{Numbers, at_position, column},
    platform::error::StoreError,
};

/// The number of counts at which no further block is counted: other writers wait a fifth of a second while so many are
/// stored.
const COUNTS_AT_ONCE: usize = 20_000;

/// The calls of some blocks, counted and not stored yet.
#[derive(Debug, Default)]
pub struct UnstoredCallCounts {
    blocks: Vec<i64>,
    counts: HashMap<CountKey, CallSums, RandomState>,
    /// For each caller, whether it is a user, and its newest email address or name.
    actors: BTreeMap<Id, (bool, String)>,
    /// The owner and the kind of each token.
    tokens: BTreeMap<Id, (Id, TokenKind)>,
    unreadable: usize,
}

/// What calls that are counted together have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
struct CountKey {
    minute: Timestamp,
    organization_id: Option<OrganizationId>,
    actor_id: Option<Id>,
    token_id: Option<Id>,
    method: Arc<str>,
    route: Arc<str>,
    class: StatusClass,
}

#[derive(Debug, Default, Clone, Copy)]
struct CallSums {
    calls: i64,
    duration_us: i64,
    bytes: i64,
}

impl CallSums {
    fn add(&mut self, more: Self) {
        self.calls += more.calls;
        self.duration_us = self.duration_us.saturating_add(more.duration_us);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }
}

/// The fields of a source in a block that calls are counted by: organization, caller and its name, token and its kind.
/// Address, client and what follows are skipped.
#[derive(Deserialize)]
struct CountedSource<'a>(
    Option<OrganizationId>,
    Option<Id>,
    #[serde(borrow)] Cow<'a, str>,
    Option<Id>,
    Option<TokenKind>,
    IgnoredAny,
    IgnoredAny,
    #[serde(default)] IgnoredAny,
    #[serde(default)] IgnoredAny,
    #[serde(default)] IgnoredAny,
    #[serde(default)] IgnoredAny,
);

/// The method and the route of a target in a block. The path is skipped.
type CountedTarget = (Arc<str>, Arc<str>, IgnoredAny);

/// A block to be counted; without texts when it was deleted.
#[derive(sqlx::FromRow)]
pub(crate) struct UncountedBlock {
    block_id: i64,
    first_at: Option<i64>,
    sources: Option<String>,
    targets: Option<String>,
    calls: Option<String>,
}

impl UnstoredCallCounts {
    /// Whether no block was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// How many blocks could not be decoded; their calls are not counted.
    #[must_use]
    pub const fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// The blocks that were counted, in the order of their ids.
    pub(crate) fn blocks(&self) -> &[i64] {
        &self.blocks
    }

    /// Whether the counts are to be stored before further blocks are counted.
    pub(crate) fn is_full(&self) -> bool {
        self.counts.len() >= COUNTS_AT_ONCE
    }

    /// Counts the calls of a block.
    pub(crate) fn count(&mut self, block: UncountedBlock) {
        self.blocks.push(block.block_id);
        // Retention deletes blocks, counted or not.
        let (Some(first_at), Some(sources), Some(targets), Some(calls)) =
            (block.first_at, block.sources, block.targets, block.calls)
        else {
            return;
        };
        if self
            .add_block(first_at, &sources, &targets, &calls)
            .is_err()
        {
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
        let sources: Vec<CountedSource<'_>> = column("sources").parse_json(sources)?;
        let targets: Vec<CountedTarget> = column("targets").parse_json(targets)?;
        let calls: Vec<Numbers> = column("calls").parse_json(calls)?;
        // By the positions of source and target first, which are cheap to compare: most calls of a block repeat
        // another.
        let mut alike: HashMap<_, CallSums, RandomState> = HashMap::default();
        for (offset, source, target, status, duration_us, bytes, _) in calls {
            let minute = Step::Minute.begin_of(Timestamp::from_micros(first_at + offset));
            let sums = alike.entry((source, target, StatusClass::of(status), minute));
            sums.or_default().add(CallSums {
                calls: 1,
                duration_us,
                bytes,
            });
        }
        let mut counted = Vec::with_capacity(alike.len());
        for ((source, target, class, minute), sums) in alike {
            let source = column("sources").required(at_position(&sources, source))?;
            let target = column("targets").required(at_position(&targets, target))?;
            counted.push((key(source, target, class, minute), sums));
        }
        for source in sources {
            self.note_names(source);
        }
        for (key, sums) in counted {
            self.counts.entry(key).or_default().add(sums);
        }
        Ok(())
    }

    fn note_names(&mut self, source: CountedSource<'_>) {
        let CountedSource(_, Some(actor), name, Some(token), Some(kind), ..) = source else {
            return;
        };
        let is_known = self
            .actors
            .get(&actor)
            .is_some_and(|(_, known)| *known == name);
        if !is_known {
            let is_user = kind != TokenKind::Org;
            self.actors.insert(actor, (is_user, name.into_owned()));
        }
        self.tokens.insert(token, (actor, kind));
    }

    /// The counts per step of this length as rows, in the order of the table's primary key.
    pub(crate) fn rows(&self, step: Step) -> Vec<impl Serialize + use<>> {
        let mut summed: HashMap<_, CallSums, RandomState> = HashMap::default();
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
                    text(organization.map(|organization| organization.0)),
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
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable();
        rows
    }

    /// Callers as rows: id, 1 for a user and 0 for an org token, email address or name.
    pub(crate) fn actor_rows(&self) -> Vec<(Id, &'static str, &str)> {
        let rows = self.actors.iter();
        rows.map(|(id, (is_user, name))| (*id, if *is_user { "1" } else { "0" }, name.as_str()))
            .collect()
    }

    /// Tokens as rows: id, owner, kind.
    pub(crate) fn token_rows(&self) -> Vec<(Id, Id, &'static str)> {
        let rows = self.tokens.iter();
        rows.map(|(id, (owner, kind))| (*id, *owner, kind.label()))
            .collect()
    }
}

fn key(
    source: &CountedSource<'_>,
    target: &CountedTarget,
    class: StatusClass,
    minute: Timestamp,
) -> CountKey {
    let CountedSource(organization_id, actor_id, _, token_id, ..) = source;
    CountKey {
        minute,
        organization_id: *organization_id,
        actor_id: *actor_id,
        token_id: *token_id,
        method: Arc::clone(&target.0),
        route: Arc::clone(&target.1),
        class,
    }
}
