//! A call: one request to the API, as it was answered.

use std::sync::Arc;

use domain::{
    identity::actor::{Actor, Identity},
    platform::{id::RequestId, timestamp::Timestamp},
};
use store::{NewCall, NewSource};

/// One request to the API, as it was answered.
#[derive(Debug, Clone)]
pub struct CallRecord {
    /// Who called; of a refused credential, whose it is or was. `None` when there is no telling.
    pub identity: Option<Arc<Identity>>,
    /// From which network address.
    pub address: Arc<str>,
    /// By which program, as it named itself.
    pub client: Arc<str>,
    /// The first characters of the digest of a credential that was refused; empty when none was.
    pub fingerprint: String,
    /// The request's id.
    pub request_id: RequestId,
    /// Its HTTP method.
    pub method: &'static str,
    /// The route's template.
    pub route: &'static str,
    /// The path asked for; `None` when it is the route.
    pub path: Option<String>,
    /// When it came in.
    pub at: Timestamp,
    /// The status answered.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// Bytes of the answer's body.
    pub bytes: i64,
}

#[cfg(test)]
impl CallRecord {
    /// A call by nobody that went well at the beginning of time and took none.
    pub(crate) fn of_nobody() -> Self {
        Self {
            identity: None,
            address: Arc::from(""),
            client: Arc::from(""),
            fingerprint: String::new(),
            request_id: RequestId(domain::platform::id::Id::from_bits(1)),
            method: "GET",
            route: "/v2/session",
            path: None,
            at: Timestamp::from_micros(0),
            status: 200,
            duration_us: 0,
            bytes: 0,
        }
    }
}

impl CallRecord {
    pub(crate) fn is_write(&self) -> bool {
        self.method != "GET"
    }

    fn source(&self) -> NewSource<'_> {
        let identity = self.identity.as_deref();
        let credential = identity.and_then(|identity| identity.credential.as_ref());
        NewSource {
            organization_id: identity.map(|identity| identity.organization_id),
            actor_id: identity.map(|identity| identity.actor.id()),
            actor_name: actor_name(identity),
            token: credential.map(|credential| (credential.id, credential.kind)),
            address: &self.address,
            client: &self.client,
            fingerprint: &self.fingerprint,
        }
    }

    pub(super) fn stored(&self) -> NewCall<'_> {
        NewCall {
            at: self.at,
            source: self.source(),
            request_id: self.request_id,
            method: self.method,
            route: self.route,
            path: self.path.as_deref(),
            status: self.status,
            duration_us: self.duration_us,
            bytes: self.bytes,
        }
    }
}

/// A user's mail address, an org token's name; empty when there is no telling.
fn actor_name(identity: Option<&Identity>) -> &str {
    match identity.map(|identity| &identity.actor) {
        Some(Actor::User(user)) => &user.email,
        Some(Actor::OrgToken(token)) => &token.name,
        Some(Actor::System) | None => "",
    }
}
