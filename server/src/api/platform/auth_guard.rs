//! The gate before every handler of the API: who is calling, may they call this at all, and a line in the record
//! whatever comes of it (docs/contract.md#authentication and docs/contract.md#errors).
//!
//! The gate is part of the route, not a layer around the router: a boxed layer costs about a tenth of all requests.

use std::{pin::Pin, sync::Arc};

use axum::{
    body::HttpBody,
    extract::{FromRequestParts, Request},
    handler::Handler,
    http::{HeaderMap, HeaderName, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use domain::identity::{
    access::Access,
    actor::{Caller, Identity, RequestMeta},
};
use service::{CallRecord, Service};

use crate::api::platform::{error::ApiError, route::RouteSpec};
use crate::middleware::{catch::survive, denial, request_meta::IncomingRequest};

/// The header that carries the token.
const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-sf-token");

/// A handler with the gate before it. Made by [`crate::api::platform::route::Routes`] and by nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Gated<H> {
    pub(crate) handler: H,
    pub(crate) spec: RouteSpec,
}

/// Who is calling, in a handler: `By(caller): By`. Only routes that ask for a credential have one.
#[derive(Debug, Clone)]
pub struct By(pub Arc<Caller>);

/// The one text in `X-SF-TOKEN`, for a route that answers for dead credentials itself.
#[derive(Clone)]
pub(crate) struct PresentedSecret(pub(crate) Vec<u8>);

impl<S: Send + Sync> FromRequestParts<S> for By {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let caller = parts.extensions.get::<Arc<Caller>>();
        caller.cloned().map(Self).ok_or_else(ApiError::internal)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PresentedSecret {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        secret(&parts.headers).map(|text| Self(text.to_vec()))
    }
}

impl<H, T> Handler<T, Service> for Gated<H>
where
    H: Handler<T, Service>,
    T: 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, service: Service) -> Self::Future {
        Box::pin(self.answer(request, service))
    }
}

impl<H> Gated<H> {
    async fn answer<T>(self, request: Request, service: Service) -> Response
    where
        H: Handler<T, Service>,
    {
        let (mut parts, body) = request.into_parts();
        let Some(incoming) = parts.extensions.get::<IncomingRequest>().cloned() else {
            return ApiError::internal().into_response();
        };
        let mut call = Call {
            spec: self.spec,
            incoming,
            caller: None,
            meta: None,
            refused: None,
        };
        if let Err(full) = service.audit().reserve_call().await {
            return ApiError::from(full).into_response();
        }
        let response = survive(async {
            match admit(&service, &mut parts, &mut call).await {
                Ok(()) => {
                    let request = Request::from_parts(parts, body);
                    self.handler.call(request, service.clone()).await
                }
                Err(refusal) => refusal.into_response(),
            }
        })
        .await
        .unwrap_or_else(IntoResponse::into_response);
        if response.status() == StatusCode::FORBIDDEN {
            // Boxed, so that the many requests that are not refused do not carry its state around.
            Box::pin(call.record_refusal(&service)).await;
        }
        let changes = call.may_have_changed();
        call.record(&service, &response);
        if changes {
            Box::pin(service.audit().store_calls_of_changes()).await;
        }
        response
    }
}

/// Finds out who is calling and whether they may, and puts the caller where the handler finds it.
async fn admit(service: &Service, parts: &mut Parts, call: &mut Call) -> Result<(), ApiError> {
    let access = call.spec.access;
    if access == Access::Public {
        call.meta = Some(call.meta_of(parts));
        return Ok(());
    }
    let caller = match authenticate(service, parts, call).await {
        Ok(caller) => Arc::new(caller),
        Err(refused) => {
            call.meta = Some(call.meta_of(parts));
            // The route itself answers for a dead credential, but for none at all there is only one answer.
            let answers_itself = access == Access::Credential
                && refused.status() == StatusCode::UNAUTHORIZED
                && secret(&parts.headers).is_ok();
            return if answers_itself { Ok(()) } else { Err(refused) };
        }
    };
    call.caller = Some(caller.clone());
    access.check(caller.actor())?;
    parts.extensions.insert(caller);
    Ok(())
}

async fn authenticate(
    service: &Service,
    parts: &Parts,
    call: &mut Call,
) -> Result<Caller, ApiError> {
    let secret = secret(&parts.headers)?;
    let meta = call.meta_of(parts);
    let identified = match call.spec.access {
        Access::Ingest => service.tokens().authenticate_sender(secret, meta).await,
        Access::Public
        | Access::Credential
        | Access::AnyCaller
        | Access::User
        | Access::Writer
        | Access::Administrator => service.tokens().authenticate_caller(secret, meta).await,
    };
    identified.map_err(|refused| {
        call.refused = Some((refused.fingerprint, refused.identity));
        refused.error.into()
    })
}

/// The text of the token. Absent, empty and given twice are all the same: there is no telling who calls.
fn secret(headers: &HeaderMap) -> Result<&[u8], ApiError> {
    let mut given = headers.get_all(TOKEN_HEADER).iter();
    match (given.next(), given.next()) {
        (Some(secret), None) if !secret.is_empty() => Ok(secret.as_bytes()),
        (_, _) => Err(ApiError::invalid_token()),
    }
}

/// What is known of a call until it is recorded.
struct Call {
    spec: RouteSpec,
    incoming: IncomingRequest,
    caller: Option<Arc<Caller>>,
    /// The meta of a request without a caller; a caller has its own.
    meta: Option<RequestMeta>,
    /// The fingerprint of a credential that was refused, and whose it is or was, where that is known.
    refused: Option<(String, Option<Arc<Identity>>)>,
}

impl Call {
    fn meta_of(&self, parts: &Parts) -> RequestMeta {
        self.incoming.meta(self.spec.method.into(), &parts.uri)
    }

    /// Records that somebody known was refused something of consequence. The call itself is recorded in any case, so
    /// nobody waits for a database that does not take it.
    async fn record_refusal(&self, service: &Service) {
        let Some(caller) = &self.caller else { return };
        let (method, route) = (self.spec.method, self.spec.path);
        if let Some(refused) = denial::of_call(method, route, &caller.request.path) {
            denial::record(service, caller, refused).await;
        }
    }

    /// Whether the call shall be on disk before it is answered. Data that was sent is, in a queue of its own.
    fn may_have_changed(&self) -> bool {
        self.spec.method != "GET" && self.spec.access != Access::Ingest
    }

    fn record(mut self, service: &Service, response: &Response) {
        let duration_us =
            i64::try_from(self.incoming.started.elapsed().as_micros()).unwrap_or(i64::MAX);
        let status = response.status().as_u16();
        tracing::debug!(
            request.id = %self.incoming.id,
            method = self.spec.method,
            route = self.spec.path,
            status,
            duration_us,
            "Answered a call of the API."
        );
        let (method, route, at) = (self.spec.method, self.spec.path, self.incoming.at);
        let bytes = response.body().size_hint().exact().unwrap_or(0);
        let (fingerprint, owner) = self.refused.take().unwrap_or_default();
        let (identity, request) = self.who();
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

    /// Who called, by which request. The handler is done with the caller, so it is seldom copied.
    fn who(self) -> (Option<Arc<Identity>>, RequestMeta) {
        if let Some(caller) = self.caller {
            let caller = Arc::unwrap_or_clone(caller);
            return (Some(caller.identity), caller.request);
        }
        let spec = self.spec;
        let meta = self.meta.unwrap_or_else(|| RequestMeta {
            id: self.incoming.id,
            method: spec.method.into(),
            path: spec.path.to_owned(),
            address: Arc::clone(&self.incoming.address),
            client: Arc::clone(&self.incoming.client),
        });
        (None, meta)
    }
}
