//! Table `call_block`: requests to the API, about a thousand a row. A row a call would cost more than the call itself.
//!
//! What many calls of a block have in common, their sources and what they asked for, stands in it once.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use domain::{
    actor::Credential,
    id::{Id, OrganizationId, RequestId},
    timestamp::Timestamp,
    token::TokenKind,
};
use serde::{Deserialize, Serialize};

use crate::{
    dialect::on, error::StoreError, housekeeping::Housekeeping, row::Column, seal::SealedRow,
    transaction::Conn,
};

/// Calls in one block at most. Writing a block holds a core for well under a millisecond.
pub const CALLS_PER_BLOCK: usize = 1_024;

/// How far apart the first and the last call of a block may be, in microseconds.
pub const BLOCK_SPAN_MICROS: i64 = 60_000_000;

/// Blocks read at once.
const BATCH: i64 = 8;

const INSERT: &str = "INSERT INTO call_block (id, writes, first_at, last_at, call_count, sources, targets, calls) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const AWAIT_SEAL: &str = "INSERT INTO unsealed_block (block_id) VALUES ($1)";
const LIST: &str = "SELECT id, first_at, sources, targets, calls FROM call_block WHERE writes = $1 AND first_at < $2 \
    AND (first_at, id) > ($3, $4) AND last_at >= $5 ORDER BY first_at, id LIMIT $6";

/// Who calls, with what, from where, to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
}

/// Who calls, with what, from where, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSource {
    /// The organization of the caller; `None` when there is no telling.
    pub organization_id: Option<OrganizationId>,
    /// The caller; `None` when there is no telling.
    pub actor_id: Option<Id>,
    /// A user's mail address, an org token's name; empty when there is no telling.
    pub actor_name: String,
    /// With which credential. Its last four characters are not kept here.
    pub credential: Option<Credential>,
    /// The client's network address.
    pub address: String,
    /// The program, as it named itself.
    pub client: String,
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

/// One request to the API, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it came in.
    pub at: Timestamp,
    /// Who called, with what, from where.
    pub source: Arc<CallSource>,
    /// The request's id.
    pub request_id: RequestId,
    /// The HTTP method.
    pub method: Arc<str>,
    /// The route's template.
    pub route: Arc<str>,
    /// The path asked for.
    pub path: Arc<str>,
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
    places: HashMap<T, i64>,
}

impl<T: Copy + Eq + Hash> Places<T> {
    fn new() -> Self {
        Self {
            met: Vec::new(),
            places: HashMap::new(),
        }
    }

    fn place(&mut self, thing: T) -> i64 {
        let next = i64::try_from(self.met.len()).unwrap_or(i64::MAX);
        *self.places.entry(thing).or_insert_with(|| {
            self.met.push(thing);
            next
        })
    }
}

/// A call in a block: microseconds after the block's first, the places of its source and of what it asked for, its
/// status, its duration in microseconds, its bytes, its request's id.
type Numbers = (i64, i64, i64, u16, i64, i64, i64);

impl Housekeeping {
    /// Adds calls, all reading or all writing, at most [`CALLS_PER_BLOCK`] of them within [`BLOCK_SPAN_MICROS`].
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take them.
    pub async fn insert_call_block(
        &mut self,
        id: Id,
        writes: bool,
        calls: &[NewCall<'_>],
    ) -> Result<(), StoreError> {
        let moments = || calls.iter().map(|call| call.at);
        let (Some(first), Some(last)) = (moments().min(), moments().max()) else {
            return Ok(());
        };
        let (mut sources, mut targets) = (Places::new(), Places::new());
        let numbers: Vec<Numbers> = calls
            .iter()
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
        let (sources, targets, numbers) = (
            column("sources").written(&sources.met.iter().map(written).collect::<Vec<_>>())?,
            column("targets").written(&targets.met)?,
            column("calls").written(&numbers)?,
        );
        on!(self, c => sqlx::query(INSERT)
            .bind(id.bits().cast_signed())
            .bind(writes)
            .bind(first.as_micros())
            .bind(last.as_micros())
            .bind(i64::try_from(calls.len()).unwrap_or(i64::MAX))
            .bind(&sources)
            .bind(&targets)
            .bind(&numbers)
            .execute(c)
            .await
            .map(drop))?;
        on!(self, c => sqlx::query(AWAIT_SEAL).bind(id.bits().cast_signed()).execute(c).await.map(drop))?;
        Ok(())
    }
}

/// A walk along an organization's calls, oldest first. [`Conn::next_calls`] takes its steps.
#[derive(Debug)]
pub struct CallWalk {
    organization_id: OrganizationId,
    from: Timestamp,
    to: Timestamp,
    writes: bool,
    /// The block that was read last, by its first moment and its id.
    after: (i64, i64),
    is_at_end: bool,
    /// Calls that were read before their turn: a block not yet read may hold an older one.
    early: Vec<Call>,
}

impl CallWalk {
    /// A walk from one moment to before another, along the calls that read or those that ask for a change.
    #[must_use]
    pub fn new(
        organization_id: OrganizationId,
        from: Timestamp,
        to: Timestamp,
        writes: bool,
    ) -> Self {
        let earliest = from.as_micros().saturating_sub(BLOCK_SPAN_MICROS);
        Self {
            organization_id,
            from,
            to,
            writes,
            after: (earliest.saturating_sub(1), i64::MAX),
            is_at_end: false,
            early: Vec::new(),
        }
    }

    /// The calls of a block that are wanted.
    fn read(&self, row: &Row) -> Result<Vec<Call>, StoreError> {
        let sources: Vec<Source> = column("sources").parse(&row.sources)?;
        let sources = sources.into_iter().map(CallSource::try_from);
        let sources: Vec<_> = sources
            .map(|source| source.map(Arc::new))
            .collect::<Result<_, _>>()?;
        let targets: Vec<Target> = column("targets").parse(&row.targets)?;
        let numbers: Vec<Numbers> = column("calls").parse(&row.calls)?;
        let mut calls = Vec::with_capacity(numbers.len());
        for (offset, source, target, status, duration_us, bytes, request_id) in numbers {
            let source = column("sources").read(find(&sources, source))?;
            let at = Timestamp::from_micros(row.first_at + offset);
            let is_ours = source.organization_id == Some(self.organization_id);
            if !is_ours || at < self.from || at >= self.to {
                continue;
            }
            let target = column("targets").read(find(&targets, target))?;
            calls.push(Call {
                at,
                source: Arc::clone(source),
                request_id: RequestId(Id::from_bits(request_id.cast_unsigned())),
                method: Arc::clone(&target.0),
                route: Arc::clone(&target.1),
                path: Arc::clone(target.2.as_ref().unwrap_or(&target.1)),
                status,
                duration_us,
                bytes,
            });
        }
        Ok(calls)
    }

    /// Those of the calls read early whose turn it is: no block that is still to be read holds an older one.
    fn settled(&mut self) -> Vec<Call> {
        self.early.sort_by_key(|call| (call.at, call.request_id));
        let count = if self.is_at_end {
            self.early.len()
        } else {
            let next_at = Timestamp::from_micros(self.after.0);
            self.early.partition_point(|call| call.at < next_at)
        };
        let later = self.early.split_off(count);
        std::mem::replace(&mut self.early, later)
    }
}

/// A source as it stands in a block.
type Source = (
    Option<Id>,
    Option<Id>,
    String,
    Option<Id>,
    Option<String>,
    String,
    String,
);

fn written<'a>(source: &NewSource<'a>) -> impl Serialize + use<'a> {
    (
        source.organization_id,
        source.actor_id,
        source.actor_name,
        source.token.map(|(id, _)| id),
        source.token.map(|(_, kind)| kind.label()),
        source.address,
        source.client,
    )
}

impl TryFrom<Source> for CallSource {
    type Error = StoreError;

    fn try_from(
        (organization, actor_id, actor_name, token, kind, address, client): Source,
    ) -> Result<Self, StoreError> {
        let kind = kind.map(|kind| column("sources").read(TokenKind::from_label(&kind)));
        Ok(Self {
            organization_id: organization.map(OrganizationId),
            actor_id,
            actor_name,
            credential: token.zip(kind.transpose()?).map(|(id, kind)| Credential {
                id,
                kind,
                last4: String::new(),
            }),
            address,
            client,
        })
    }
}

/// What a call asked for: its method, its route's template, and its path where that says more.
#[derive(Deserialize)]
struct Target(Arc<str>, Arc<str>, Option<Arc<str>>);

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

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    first_at: i64,
    sources: String,
    targets: String,
    calls: String,
}

fn column(name: &'static str) -> Column {
    Column("call_block", name)
}

fn find<T>(things: &[T], place: i64) -> Option<&T> {
    usize::try_from(place)
        .ok()
        .and_then(|place| things.get(place))
}

impl Conn {
    /// The next calls of a walk, refused ones too; none when it is at its end.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn next_calls(&mut self, walk: &mut CallWalk) -> Result<Vec<Call>, StoreError> {
        loop {
            if walk.is_at_end {
                return Ok(walk.settled());
            }
            let rows = on!(self, c => sqlx::query_as::<_, Row>(LIST)
                .bind(walk.writes)
                .bind(walk.to.as_micros())
                .bind(walk.after.0)
                .bind(walk.after.1)
                .bind(walk.from.as_micros())
                .bind(BATCH)
                .fetch_all(c)
                .await)?;
            walk.is_at_end = rows.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
            for row in rows {
                walk.after = (row.first_at, row.id);
                let calls = walk.read(&row)?;
                walk.early.extend(calls);
            }
            let settled = walk.settled();
            if !settled.is_empty() {
                return Ok(settled);
            }
        }
    }
}
