//! Decoding the calls of a block.

use std::sync::Arc;

use domain::{
    audit::event::ActorType,
    identity::credential::{Credential, TokenKind},
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};
use serde::Deserialize;

use crate::platform::{Column, Conn, Sql, StoreError, statements, values};

statements! {
    const FIND_BLOCK: Sql = "SELECT first_at, sources, targets, calls FROM call_block WHERE id = $1";
}

/// The caller of a call, its credential, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSource {
    /// The caller's organization; `None` when it is unknown.
    pub organization_id: Option<OrganizationId>,
    /// The caller; `None` when it is unknown.
    pub actor_id: Option<Id>,
    /// The type of the caller.
    pub actor_type: ActorType,
    /// The name of the user or of the org token at that time; empty when the caller is unknown. In older blocks the
    /// email address of the user.
    pub actor_name: String,
    /// A user's email address at that time; empty for others.
    pub actor_email: String,
    /// The credential. Older blocks have neither its last four characters nor the name of a user token.
    pub credential: Option<Credential>,
    /// The client's network address.
    pub address: String,
    /// The client, as it names itself.
    pub client: String,
    /// The first characters of the digest of a rejected credential; empty when none was rejected.
    pub fingerprint: String,
}

/// One request to the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// When it was received.
    pub at: Timestamp,
    /// Who called, with which token, from where.
    pub source: Arc<CallSource>,
    /// The request's id.
    pub request_id: RequestId,
    /// The HTTP method.
    pub method: Arc<str>,
    /// The route's template.
    pub route: Arc<str>,
    /// The requested path.
    pub path: Arc<str>,
    /// The status of the response.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Bytes of the response's body.
    pub bytes: i64,
}

/// A call in a block: microseconds after the first call, positions of its source and target, status, duration in
/// microseconds, bytes, request id.
pub(crate) type Numbers = (i64, i64, i64, u16, i64, i64, i64);

/// A source in a block: an array. The last four fields may be absent: the fingerprint, the name of a user, the name of
/// the token and its last four characters.
#[derive(Deserialize)]
struct EncodedSource(
    Option<OrganizationId>,
    Option<Id>,
    String,
    Option<Id>,
    Option<String>,
    String,
    String,
    #[serde(default)] String,
    #[serde(default)] String,
    #[serde(default)] String,
    #[serde(default)] String,
);

/// A target in a block: the method, the route's template, and the path where it differs.
#[derive(Deserialize)]
struct EncodedTarget(Arc<str>, Arc<str>, Option<Arc<str>>);

pub(crate) const fn column(name: &'static str) -> Column {
    Column("call_block", name)
}

impl TryFrom<EncodedSource> for CallSource {
    type Error = StoreError;

    fn try_from(source: EncodedSource) -> Result<Self, StoreError> {
        let EncodedSource(
            organization_id,
            actor_id,
            email_or_name,
            token,
            kind,
            address,
            client,
            fingerprint,
            user_name,
            token_name,
            last4,
        ) = source;
        let kind = kind.map(|kind| column("sources").required(TokenKind::from_label(&kind)));
        let kind = kind.transpose()?;
        let (actor_type, actor_email) = match (actor_id, kind) {
            (None, _) => (ActorType::Unauthenticated, String::new()),
            (Some(_), Some(TokenKind::Org)) => (ActorType::OrgToken, String::new()),
            (Some(_), Some(TokenKind::Ui | TokenKind::ApiSession | TokenKind::UiLogin) | None) => {
                (ActorType::User, email_or_name.clone())
            }
        };
        let known_name = |name: String| Some(name).filter(|name| !name.is_empty());
        let actor_name = known_name(user_name).unwrap_or(email_or_name);
        let credential = token.zip(kind).map(|(id, kind)| {
            let own_name = (kind == TokenKind::Org).then(|| actor_name.clone());
            Credential {
                id,
                kind,
                name: known_name(token_name).or(own_name).unwrap_or_default(),
                last4,
            }
        });
        Ok(Self {
            organization_id,
            actor_id,
            actor_type,
            actor_name,
            actor_email,
            credential,
            address,
            client,
            fingerprint,
        })
    }
}

/// The sources of a block.
pub(crate) fn sources_of(text: &str) -> Result<Vec<Arc<CallSource>>, StoreError> {
    let sources: Vec<EncodedSource> = column("sources").parse_json(text)?;
    let sources = sources.into_iter().map(CallSource::try_from);
    sources.map(|source| source.map(Arc::new)).collect()
}

/// All calls of a block, in order.
pub(crate) fn calls_of(
    first_at: i64,
    sources: &[Arc<CallSource>],
    targets: &str,
    calls: &str,
) -> Result<Vec<Call>, StoreError> {
    let targets: Vec<EncodedTarget> = column("targets").parse_json(targets)?;
    let numbers: Vec<Numbers> = column("calls").parse_json(calls)?;
    let calls = numbers.into_iter().map(
        |(offset, source, target, status, duration_us, bytes, request_id)| {
            let source = column("sources").required(at_position(sources, source))?;
            let target = column("targets").required(at_position(&targets, target))?;
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
    calls.collect()
}

/// The element at a position of a list in a block.
pub(crate) fn at_position<T>(list: &[T], position: i64) -> Option<&T> {
    usize::try_from(position)
        .ok()
        .and_then(|position| list.get(position))
}

impl Conn {
    /// All calls of a block, in order; empty when there is no such block.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_calls_of_block(&mut self, id: i64) -> Result<Vec<Call>, StoreError> {
        let found = self
            .fetch_optional::<(i64, String, String, String)>(FIND_BLOCK, values![id])
            .await?;
        let Some((first_at, sources, targets, calls)) = found else {
            return Ok(Vec::new());
        };
        calls_of(first_at, &sources_of(&sources)?, &targets, &calls)
    }
}
