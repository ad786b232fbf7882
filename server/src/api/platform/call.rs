//! A call of the API from its authentication until it is recorded in the call log.

use std::sync::Arc;

use axum::{body::HttpBody, http::request::Parts, response::Response};
use domain::identity::{
    access::Access,
    actor::{Caller, Identity, RequestMeta},
};
use service::{CallRecord, Service};

use super::{denial::of_call, route::RouteSpec};
use crate::middleware::{denial, request_meta::IncomingRequest};

/// What is known of a call before it is recorded.
pub(super) struct PendingCall {
    pub(super) spec: RouteSpec,
    incoming: IncomingRequest,
    pub(super) caller: Option<Arc<Caller>>,
    /// The meta of a request without a caller; a caller has its own.
    meta: Option<RequestMeta>,
    /// The fingerprint of a rejected credential, and its owner where that is known.
    pub(super) rejected: Option<(String, Option<Arc<Identity>>)>,
}

impl PendingCall {
    pub(super) fn new(spec: RouteSpec, incoming: IncomingRequest) -> Self {
        Self {
            spec,
            incoming,
            caller: None,
            meta: None,
            rejected: None,
        }
    }

    pub(super) fn meta_of(&self, parts: &Parts) -> RequestMeta {
        self.incoming.meta(self.spec.method.into(), &parts.uri)
    }

    /// Keeps the meta of a request without a caller.
    pub(super) fn keep_meta(&mut self, parts: &Parts) {
        self.meta = Some(self.meta_of(parts));
    }

    /// Records a denied change of an authenticated caller as an audit event.
    pub(super) async fn record_denial(&self, service: &Service) {
        let Some(caller) = &self.caller else { return };
        let (method, route) = (self.spec.method, self.spec.path);
        if let Some(denied) = of_call(method, route, &caller.request.path) {
            denial::record(service, caller, denied).await;
        }
    }

    /// Whether the call must be stored before the response is sent. Ingest calls need not be: their data is on disk,
    /// in a queue of its own.
    pub(super) fn may_have_changed(&self) -> bool {
        self.spec.is_write() && self.spec.access != Access::Ingest
    }

    /// Adds the call to the call log.
    pub(super) fn record(mut self, service: &Service, response: &Response) {
        let elapsed = self.incoming.started.elapsed().as_micros();
        let duration_us = i64::try_from(elapsed).unwrap_or(i64::MAX);
        let status = response.status().as_u16();
        let (method, route, at) = (self.spec.method, self.spec.path, self.incoming.at);
        tracing::debug!(
            request.id = %self.incoming.id,
            method,
            route,
            status,
            duration_us,
            "Answered a call of the API."
        );
        let bytes = response.body().size_hint().exact().unwrap_or(0);
        let (fingerprint, owner) = self.rejected.take().unwrap_or_default();
        let (identity, request) = self.into_identity();
        service.audit().record_call(CallRecord {
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

    /// Returns who called and by which request. The handler has dropped the caller, so it is rarely cloned.
    fn into_identity(self) -> (Option<Arc<Identity>>, RequestMeta) {
        if let Some(caller) = self.caller {
            let caller = Arc::unwrap_or_clone(caller);
            return (Some(caller.identity), caller.request);
        }
        let meta = self.meta.unwrap_or_else(|| RequestMeta {
            id: self.incoming.id,
            method: self.spec.method.into(),
            path: self.spec.path.to_owned(),
            address: Arc::clone(&self.incoming.address),
            client: Arc::clone(&self.incoming.client),
        });
        (None, meta)
    }
}
