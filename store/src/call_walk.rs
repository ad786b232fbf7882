//! Walking along the calls: blocks are read in turn, and their calls told in the order in which they came in.

use std::sync::Arc;

use domain::{
    actor::Credential,
    id::{Id, OrganizationId, RequestId},
    timestamp::Timestamp,
    token::TokenKind,
};
use serde::Deserialize;

use crate::{
    call_block::{BLOCK_SPAN_MICROS, Numbers, column},
    dialect::on,
    error::StoreError,
    transaction::Conn,
};

/// Blocks read at once.
const BATCH: i64 = 8;

const LIST: &str = "SELECT id, first_at, sources, targets, calls FROM call_block WHERE writes = $1 AND first_at < $2 \
    AND (first_at, id) > ($3, $4) AND last_at >= $5 ORDER BY first_at, id LIMIT $6";

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

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    first_at: i64,
    sources: String,
    targets: String,
    calls: String,
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
