//! A call: one request to the API and its response.

use std::sync::Arc;

use domain::{
    identity::actor::{Actor, Identity},
    platform::{id::RequestId, timestamp::Timestamp},
};
use store::{NewCall, NewSource};

/// One request to the API and its response.
#[derive(Debug, Clone)]
pub struct CallRecord {
    /// The caller. For a rejected credential, its present or former owner; `None` when the owner is unknown.
    pub identity: Option<Arc<Identity>>,
    /// The network address of the client.
    pub address: Arc<str>,
    /// The client program, from its `User-Agent` header.
    pub client: Arc<str>,
    /// The first characters of the digest of a rejected credential; empty when no credential was rejected.
    pub fingerprint: String,
    /// The id of the request.
    pub request_id: RequestId,
    /// The HTTP method.
    pub method: &'static str,
    /// The template of the route.
    pub route: &'static str,
    /// The requested path; `None` when it equals the route template.
    pub path: Option<String>,
    /// When the request was received.
    pub at: Timestamp,
    /// The HTTP status of the response.
    pub status: u16,
    /// The duration of the request, in microseconds.
    pub duration_us: i64,
    /// The size of the response body, in bytes.
    pub bytes: i64,
}

#[cfg(test)]
impl CallRecord {
    /// An anonymous successful call at time 0 with a duration of 0.
    pub(crate) fn anonymous() -> Self {
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
        let actor = identity.map(|identity| &identity.actor);
        let user = actor.and_then(Actor::as_user);
        NewSource {
            organization_id: identity.map(|identity| identity.organization_id),
            actor_id: actor.map(Actor::id),
            actor_name: actor.map_or("", Actor::name),
            actor_email: user.map_or("", |user| &user.email),
            credential: identity.and_then(|identity| identity.credential.as_ref()),
            address: &self.address,
            client: &self.client,
            fingerprint: &self.fingerprint,
        }
    }

    pub(crate) fn stored(&self) -> NewCall<'_> {
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
