//! Calls to be stored, and encoding them as a block.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
};

use domain::{
    identity::credential::Credential,
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};
use foldhash::fast::RandomState;
use serde::{Serialize, Serializer, ser::SerializeSeq as _};

use super::call::{Numbers, column};
use crate::platform::StoreError;

/// The usual maximum length of an encoded source, in bytes.
const SOURCE_BYTES: usize = 192;

/// The usual maximum length of the encoded numbers of a call, in bytes.
const NUMBERS_BYTES: usize = 64;

/// The caller of a call, its credential, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewSource<'a> {
    /// The caller's organization; `None` when it is unknown.
    pub organization_id: Option<OrganizationId>,
    /// The caller; `None` when it is unknown.
    pub actor_id: Option<Id>,
    /// The name of the user or of the org token; empty when the caller is unknown.
    pub actor_name: &'a str,
    /// A user's email address; empty for others.
    pub actor_email: &'a str,
    /// The credential.
    pub credential: Option<&'a Credential>,
    /// The client's network address.
    pub address: &'a str,
    /// The client, as it names itself.
    pub client: &'a str,
    /// The first characters of the digest of a rejected credential; empty when none was rejected.
    pub fingerprint: &'a str,
}

/// Nearly all sources differ in caller, token or fingerprint. Hashing the other texts would cost more than it saves.
impl Hash for NewSource<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.actor_id.hash(state);
        self.credential.map(|credential| credential.id).hash(state);
        self.fingerprint.hash(state);
    }
}

/// Serializes a source as an array: what all sources have, then the fingerprint, then the names. What is empty up to the
/// end is absent.
impl Serialize for NewSource<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let credential = self.credential;
        // Calls are counted by the email address of a user, so it has the place of the name.
        let is_user = !self.actor_email.is_empty();
        let (third, name) = if is_user {
            (self.actor_email, self.actor_name)
        } else {
            (self.actor_name, "")
        };
        let token_name = credential.map_or("", |credential| &credential.name);
        let last4 = credential.map_or("", |credential| &credential.last4);
        let more = [self.fingerprint, name, token_name, last4];
        let length = more.iter().rposition(|text| !text.is_empty());
        let length = length.map_or(0, |last| last + 1);
        let mut source = serializer.serialize_seq(Some(7 + length))?;
        source.serialize_element(&self.organization_id)?;
        source.serialize_element(&self.actor_id)?;
        source.serialize_element(third)?;
        source.serialize_element(&credential.map(|credential| credential.id))?;
        source.serialize_element(&credential.map(|credential| credential.kind.label()))?;
        source.serialize_element(self.address)?;
        source.serialize_element(self.client)?;
        for text in &more[..length] {
            source.serialize_element(text)?;
        }
        source.end()
    }
}

/// One request to the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewCall<'a> {
    /// When it was received.
    pub at: Timestamp,
    /// Who called, with which token, from where.
    pub source: NewSource<'a>,
    /// The request's id.
    pub request_id: RequestId,
    /// The HTTP method.
    pub method: &'static str,
    /// The route's template.
    pub route: &'static str,
    /// The requested path; `None` when it equals the route.
    pub path: Option<&'a str>,
    /// The status of the response.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Bytes of the response's body.
    pub bytes: i64,
}

/// The columns of a block.
#[derive(Debug, Clone)]
pub(crate) struct EncodedCalls {
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
    pub(crate) count: i64,
    pub(crate) sources: String,
    pub(crate) targets: String,
    pub(crate) numbers: String,
}

impl EncodedCalls {
    /// Encodes calls; `None` if the list is empty.
    pub(crate) fn encode<'a>(
        calls: impl ExactSizeIterator<Item = NewCall<'a>> + Clone,
    ) -> Result<Option<Self>, StoreError> {
        let times = || calls.clone().map(|call| call.at);
        let (Some(first_at), Some(last_at)) = (times().min(), times().max()) else {
            return Ok(None);
        };
        let count = i64::try_from(calls.len()).unwrap_or(i64::MAX);
        let (mut sources, mut targets) = (Distinct::new(), Distinct::new());
        let numbers: Vec<Numbers> = calls
            .map(|call| {
                (
                    call.at.as_micros() - first_at.as_micros(),
                    sources.position_of(call.source),
                    targets.position_of((call.method, call.route, call.path)),
                    call.status,
                    call.duration_us,
                    call.bytes,
                    call.request_id.0.bits().cast_signed(),
                )
            })
            .collect();
        let (sources, targets) = (sources.values, targets.values);
        Ok(Some(Self {
            first_at,
            last_at,
            count,
            sources: column("sources").to_json_of(SOURCE_BYTES * sources.len(), &sources)?,
            targets: column("targets").to_json(&targets)?,
            numbers: column("calls").to_json_of(NUMBERS_BYTES * numbers.len(), &numbers)?,
        }))
    }
}

/// Distinct values in the order of their first occurrence.
struct Distinct<T> {
    values: Vec<T>,
    positions: HashMap<T, i64, RandomState>,
    last: Option<(T, i64)>,
}

impl<T: Copy + Eq + Hash> Distinct<T> {
    fn new() -> Self {
        Self {
            values: Vec::new(),
            positions: HashMap::default(),
            last: None,
        }
    }

    fn position_of(&mut self, value: T) -> i64 {
        // Values often repeat, and a comparison costs less than a lookup.
        if let Some((before, position)) = self.last
            && before == value
        {
            return position;
        }
        let next = i64::try_from(self.values.len()).unwrap_or(i64::MAX);
        let position = *self.positions.entry(value).or_insert_with(|| {
            self.values.push(value);
            next
        });
        self.last = Some((value, position));
        position
    }
}
