//! A call of the API from its authentication until it is recorded in the call log.

use std::sync::Arc;

use axum::{body::HttpBody, http::request::Parts, response::Response};
use domain::identity::{
    access::Access,
    actor::{Caller, Identity, RequestMeta},
};
use service::{CallRecord, Service};

use super::{
    denial::of_call,
    expiry::{is_near, set_expiry},
    filters_in_path::add_filters,
    route::RouteSpec,
};
use crate::middleware::{denial, request_meta::IncomingRequest};

/// The status of a call when the client disconnected before the response (the status that nginx logs).
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// A call before it is recorded. Dropping it, as when the client disconnects, records it with status 499, because it may
/// have changed something.
pub(super) struct PendingCall {
    pub(super) service: Service,
    pub(super) spec: RouteSpec,
    incoming: IncomingRequest,
    is_recorded: bool,
    pub(super) caller: Option<Arc<Caller>>,
    /// The meta of a request without a caller; a caller has its own.
    meta: Option<RequestMeta>,
    /// The fingerprint of a rejected credential, and its owner where that is known.
    pub(super) rejected: Option<(String, Option<Arc<Identity>>)>,
}

impl PendingCall {
    /// A call for which there is a place in the buffer of the call log.
    pub(super) fn new(service: Service, spec: RouteSpec, incoming: IncomingRequest) -> Self {
        Self {
            service,
            spec,
            incoming,
            is_recorded: false,
            caller: None,
            meta: None,
            rejected: None,
        }
    }

    pub(super) fn meta_of(&self, parts: &Parts) -> RequestMeta {
        let mut meta = self.incoming.meta(self.spec.method.into(), &parts.uri);
        if self.spec.keeps_filters {
            add_filters(&mut meta.path, parts.uri.query().unwrap_or_default());
        }
        meta
    }

    /// Keeps the meta of a request without a caller.
    pub(super) fn keep_meta(&mut self, parts: &Parts) {
        self.meta = Some(self.meta_of(parts));
    }

    /// Records a denied change of an authenticated caller as an audit event.
    pub(super) async fn record_denial(&self) {
        let Some(caller) = &self.caller else { return };
        let (method, route) = (self.spec.method, self.spec.path);
        if let Some(denied) = of_call(method, route, &caller.request.path) {
            denial::record(&self.service, caller, denied).await;
        }
    }

    /// Whether the call must be stored before the response is sent. Ingest calls need not be: their data is on disk,
    /// in a queue of its own.
    pub(super) fn may_have_changed(&self) -> bool {
        self.spec.is_write() && self.spec.access != Access::Ingest
    }

    /// The response, with the end of the caller's token when it is near.
    pub(super) fn with_expiry(&self, mut response: Response) -> Response {
        if let Some(token) = self
            .caller
            .as_ref()
            .and_then(|caller| caller.identity.token.as_ref())
        {
            let at = self.incoming.at;
            let describes_token = self.spec.method == "GET" && self.spec.path == "/v2/session";
            if describes_token || is_near(token.expires_at, at) {
                set_expiry(response.headers_mut(), token.expires_at, at);
            }
        }
        response
    }

    /// Adds the call to the call log.
    pub(super) fn record(&mut self, response: &Response) {
        let bytes = response.body().size_hint().exact().unwrap_or(0);
        self.record_as(response.status().as_u16(), bytes);
    }

    fn record_as(&mut self, status: u16, bytes: u64) {
        self.is_recorded = true;
        let elapsed = self.incoming.started.elapsed().as_micros();
        let duration_us = i64::try_from(elapsed).unwrap_or(i64::MAX);
        let (method, route, at) = (self.spec.method, self.spec.path, self.incoming.at);
        tracing::debug!(
            request.id = %self.incoming.id,
            method,
            route,
            status,
            duration_us,
            "Recorded a call of the API."
        );
        let (fingerprint, owner) = self.rejected.take().unwrap_or_default();
        let (identity, request) = self.take_identity();
        self.service.audit().record_call(CallRecord {
            identity: identity.or(owner),
            address: request.address,
            client: request.client,
            fingerprint,
            request_id: request.id,
            method,
            route,
            path: (request.path != route).then_some(request.path),
            at,
            status,
            duration_us,
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        });
    }

    /// Takes the identity of the caller and the metadata of the request. The handler has dropped its copy of the caller, so
    /// this rarely clones.
    fn take_identity(&mut self) -> (Option<Arc<Identity>>, RequestMeta) {
        if let Some(caller) = self.caller.take() {
            let caller = Arc::unwrap_or_clone(caller);
            return (Some(caller.identity), caller.request);
        }
        let meta = self.meta.take().unwrap_or_else(|| RequestMeta {
            id: self.incoming.id,
            method: self.spec.method.into(),
            path: self.spec.path.to_owned(),
            address: Arc::clone(&self.incoming.address),
            client: Arc::clone(&self.incoming.client),
        });
        (None, meta)
    }
}

impl Drop for PendingCall {
    fn drop(&mut self) {
        if !self.is_recorded {
            self.record_as(CLIENT_CLOSED_REQUEST, 0);
        }
    }
}
