//! Table `call_block`: requests to the API, about a thousand a row. A row a call would cost more than the call itself.
//!
//! What many calls of a block have in common, their sources and what they asked for, stands in it once. [`crate::CallWalk`] reads them.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
};

use domain::{
    identity::credential::TokenKind,
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};
use foldhash::fast::RandomState;
use serde::{Serialize, Serializer};

use crate::{
    audit::{checkpoint::SealedRow, housekeeping::Housekeeping},
    platform::{
        dialect::{Handle, on},
        error::StoreError,
        row::Column,
    },
};

/// Calls in one block at most. Writing a block holds a core for well under a millisecond.
pub const CALLS_PER_BLOCK: usize = 1_024;

/// How far apart the first and the last call of a block may be, in microseconds.
pub const BLOCK_SPAN_MICROS: i64 = 60_000_000;

/// Bytes a source takes in a block, seldom more.
const SOURCE_BYTES: usize = 192;

/// Bytes the numbers of a call take in a block, seldom more.
const NUMBERS_BYTES: usize = 64;

macro_rules! insert {
    () => {
        "INSERT INTO call_block (id, writes, first_at, last_at, call_count, sources, targets, calls) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    };
}

const INSERT: &str = insert!();
const QUEUES: [&str; 2] = [
    "INSERT INTO unsealed_block (block_id) VALUES ($1)",
    "INSERT INTO uncounted_block (block_id) VALUES ($1)",
];
/// PostgreSQL takes the block and its places in both queues at once: every statement is a way there and back.
const INSERT_AND_QUEUE: &str = concat!(
    "WITH block AS (",
    insert!(),
    " RETURNING id), unsealed AS (INSERT INTO unsealed_block (block_id) SELECT id FROM block) \
     INSERT INTO uncounted_block (block_id) SELECT id FROM block"
);

/// Who calls, with what, from where, to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewSource<'a> {
    /// The organization of the caller; `None` when there is no telling.
    pub organization_id: Option<OrganizationId>,
    /// The caller; `None` when there is no telling.
    pub actor_id: Option<Id>,
    /// A user's mail address, an org token's name; empty when there is no telling.
    pub actor_name: &'a str,
    /// With which credential, of which kind.
    pub token: Option<(Id, TokenKind)>,
    /// The client's network address.
    pub address: &'a str,
    /// The program, as it named itself.
    pub client: &'a str,
    /// The first characters of the digest of a credential that was refused; empty when none was.
    pub fingerprint: &'a str,
}

/// Who calls and with what tells nearly all sources apart: hashing the texts as well would cost more than it saves.
impl Hash for NewSource<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.actor_id.hash(state);
        self.token.map(|(id, _)| id).hash(state);
        self.fingerprint.hash(state);
    }
}

/// One request to the API, to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewCall<'a> {
    /// When it came in.
    pub at: Timestamp,
    /// Who called, with what, from where.
    pub source: NewSource<'a>,
    /// The request's id.
    pub request_id: RequestId,
    /// The HTTP method.
    pub method: &'static str,
    /// The route's template.
    pub route: &'static str,
    /// The path asked for; `None` when it is the route.
    pub path: Option<&'a str>,
    /// The status answered.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Bytes of the answer's body.
    pub bytes: i64,
}

/// Things in the order they were first met, each once.
struct Places<T> {
    met: Vec<T>,
    places: HashMap<T, i64, RandomState>,
    last: Option<(T, i64)>,
}

impl<T: Copy + Eq + Hash> Places<T> {
    fn new() -> Self {
        Self {
            met: Vec::new(),
            places: HashMap::default(),
            last: None,
        }
    }

    fn place(&mut self, thing: T) -> i64 {
        // Often it is like the one before, and to compare costs less than to look up.
        if let Some((before, place)) = self.last
            && before == thing
        {
            return place;
        }
        let next = i64::try_from(self.met.len()).unwrap_or(i64::MAX);
        let place = *self.places.entry(thing).or_insert_with(|| {
            self.met.push(thing);
            next
        });
        self.last = Some((thing, place));
        place
    }
}

/// A call in a block: microseconds after the block's first, the places of its source and of what it asked for, its
/// status, its duration in microseconds, its bytes, its request's id.
pub(crate) type Numbers = (i64, i64, i64, u16, i64, i64, i64);

impl Housekeeping {
    /// Adds calls, all reading or all writing, at most [`CALLS_PER_BLOCK`] of them within [`BLOCK_SPAN_MICROS`].
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take them.
    pub async fn insert_call_block<'a>(
        &mut self,
        id: Id,
        writes: bool,
        calls: impl ExactSizeIterator<Item = NewCall<'a>> + Clone,
    ) -> Result<(), StoreError> {
        let moments = || calls.clone().map(|call| call.at);
        let (Some(first), Some(last)) = (moments().min(), moments().max()) else {
            return Ok(());
        };
        let count = i64::try_from(calls.len()).unwrap_or(i64::MAX);
        let (mut sources, mut targets) = (Places::new(), Places::new());
        let numbers: Vec<Numbers> = calls
            .map(|call| {
                (
                    call.at.as_micros() - first.as_micros(),
                    sources.place(call.source),
                    targets.place((call.method, call.route, call.path)),
                    call.status,
                    call.duration_us,
                    call.bytes,
                    call.request_id.0.bits().cast_signed(),
                )
            })
            .collect();
        let sources: Vec<_> = sources.met.iter().map(written).collect();
        let (sources, targets, numbers) = (
            column("sources").written_in(SOURCE_BYTES * sources.len(), &sources)?,
            column("targets").written(&targets.met)?,
            column("calls").written_in(NUMBERS_BYTES * numbers.len(), &numbers)?,
        );
        let (insert, queues): (_, &[_]) = match self.ready().await?.handle() {
            Handle::Sqlite(_) => (INSERT, &QUEUES),
            Handle::Postgres(_) => (INSERT_AND_QUEUE, &[]),
        };
        on!(self, c => sqlx::query(insert)
            .bind(id.bits().cast_signed())
            .bind(writes)
            .bind(first.as_micros())
            .bind(last.as_micros())
            .bind(count)
            .bind(sources)
            .bind(targets)
            .bind(numbers)
            .execute(c)
            .await
            .map(drop))?;
        for queue in queues {
            on!(self, c => sqlx::query(*queue).bind(id.bits().cast_signed()).execute(c).await.map(drop))?;
        }
        Ok(())
    }
}

/// A source as it stands in a block. What few have is left out at the end.
fn written<'a>(source: &NewSource<'a>) -> impl Serialize + use<'a> {
    let known = (
        source.organization_id,
        source.actor_id,
        source.actor_name,
        source.token.map(|(id, _)| id),
        source.token.map(|(_, kind)| kind.label()),
        source.address,
        source.client,
    );
    WrittenSource(known, source.fingerprint)
}

type KnownSource<'a> = (
    Option<OrganizationId>,
    Option<Id>,
    &'a str,
    Option<Id>,
    Option<&'static str>,
    &'a str,
    &'a str,
);

struct WrittenSource<'a>(KnownSource<'a>, &'a str);

impl Serialize for WrittenSource<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self((organization, actor, name, token, kind, address, client), fingerprint) = self;
        if fingerprint.is_empty() {
            return self.0.serialize(serializer);
        }
        (
            organization,
            actor,
            name,
            token,
            kind,
            address,
            client,
            fingerprint,
        )
            .serialize(serializer)
    }
}

/// A whole block, as it is sealed.
#[derive(sqlx::FromRow, Serialize)]
pub(crate) struct WholeRow {
    id: i64,
    writes: bool,
    first_at: i64,
    last_at: i64,
    call_count: i64,
    sources: String,
    targets: String,
    calls: String,
}

/// All of a block's columns as they are sealed.
pub(crate) fn block_text(row: &WholeRow) -> Result<SealedRow, StoreError> {
    Ok(SealedRow {
        key: row.id,
        text: column("calls").written(&("call_block", row))?.into_bytes(),
    })
}

pub(crate) fn column(name: &'static str) -> Column {
    Column("call_block", name)
}
