//! Calls as they are told: reading what stands in a block ([`crate::audit::call_block`]) back into who called and what for.

use std::sync::Arc;

use domain::{
    identity::credential::{Credential, TokenKind},
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};
use serde::Deserialize;

use crate::{
    audit::call_block::{Numbers, column},
    platform::{dialect::on, error::StoreError, transaction::Conn},
};

const ONE: &str = "SELECT first_at, sources, targets, calls FROM call_block WHERE id = $1";

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
    /// The first characters of the digest of a credential that was refused; empty when none was.
    pub fingerprint: String,
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

/// A source as it stands in a block: an array, whose last was added later.
#[derive(Deserialize)]
struct Source(
    Option<OrganizationId>,
    Option<Id>,
    String,
    Option<Id>,
    Option<String>,
    String,
    String,
    #[serde(default)] String,
);

impl TryFrom<Source> for CallSource {
    type Error = StoreError;

    fn try_from(source: Source) -> Result<Self, StoreError> {
        let Source(
            organization_id,
            actor_id,
            actor_name,
            token,
            kind,
            address,
            client,
            fingerprint,
        ) = source;
        let kind = kind.map(|kind| column("sources").read(TokenKind::from_label(&kind)));
        Ok(Self {
            organization_id,
            actor_id,
            actor_name,
            credential: token.zip(kind.transpose()?).map(|(id, kind)| Credential {
                id,
                kind,
                last4: String::new(),
            }),
            address,
            client,
            fingerprint,
        })
    }
}

/// What a call asked for: its method, its route's template, and its path where that says more.
#[derive(Deserialize)]
struct Target(Arc<str>, Arc<str>, Option<Arc<str>>);

/// The sources of a block.
pub(crate) fn sources_of(text: &str) -> Result<Vec<Arc<CallSource>>, StoreError> {
    let sources: Vec<Source> = column("sources").parse(text)?;
    let sources = sources.into_iter().map(CallSource::try_from);
    sources.map(|source| source.map(Arc::new)).collect()
}

/// All calls of a block, in their order.
pub(crate) fn calls_of(
    first_at: i64,
    sources: &[Arc<CallSource>],
    targets: &str,
    calls: &str,
) -> Result<Vec<Call>, StoreError> {
    let targets: Vec<Target> = column("targets").parse(targets)?;
    let numbers: Vec<Numbers> = column("calls").parse(calls)?;
    let told = numbers.into_iter().map(
        |(offset, source, target, status, duration_us, bytes, request_id)| {
            let source = column("sources").read(find(sources, source))?;
            let target = column("targets").read(find(&targets, target))?;
            Ok(Call {
                at: Timestamp::from_micros(first_at + offset),
                source: Arc::clone(source),
                request_id: RequestId(Id::from_bits(request_id.cast_unsigned())),
                method: Arc::clone(&target.0),
                route: Arc::clone(&target.1),
                path: Arc::clone(target.2.as_ref().unwrap_or(&target.1)),
                status,
                duration_us,
                bytes,
            })
        },
    );
    told.collect()
}

/// What stands at a place of a block's list.
pub(crate) fn find<T>(things: &[T], place: i64) -> Option<&T> {
    usize::try_from(place)
        .ok()
        .and_then(|place| things.get(place))
}

impl Conn {
    /// All calls of a block, in their order; none when there is no such block.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_calls_of_block(&mut self, id: i64) -> Result<Vec<Call>, StoreError> {
        let found = on!(self, c => sqlx::query_as::<_, (i64, String, String, String)>(ONE)
            .bind(id)
            .fetch_optional(c)
            .await)?;
        let Some((first_at, sources, targets, calls)) = found else {
            return Ok(Vec::new());
        };
        calls_of(first_at, &sources_of(&sources)?, &targets, &calls)
    }
}
