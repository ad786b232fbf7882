//! The auth guard: authenticates and authorizes the caller before the handler runs, and records the call after it
//! (docs/contract.md#authentication, docs/contract.md#errors).
//!
//! When the client disconnects, the future is dropped where it is, and dropping the pending call records it.
//!
//! The guard is part of the route and not a layer around the router: a boxed layer costs about a tenth of a request.

use std::{pin::Pin, sync::Arc};

use axum::{
    extract::Request,
    handler::Handler,
    http::{StatusCode, header::ACCEPT_ENCODING, request::Parts},
    response::{IntoResponse, Response},
};
use domain::identity::{access::Access, actor::Caller};
use service::Service;

use super::{
    call::PendingCall,
    caller::presented_secret,
    compressed::{compressed, is_worth_it, with_vary},
    error::ApiError,
    idempotency,
    route::RouteSpec,
};
use crate::middleware::{catch::catch, request_meta::IncomingRequest};

/// A handler behind the guard. Only [`super::routes::Routes`] creates it.
#[derive(Debug, Clone)]
pub(crate) struct Guarded<H> {
    pub(crate) handler: H,
    pub(crate) spec: RouteSpec,
}

impl<H, T> Handler<T, Service> for Guarded<H>
where
    H: Handler<T, Service>,
    T: 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, service: Service) -> Self::Future {
        Box::pin(self.respond(request, service))
    }
}

impl<H> Guarded<H> {
    async fn respond<T>(self, request: Request, service: Service) -> Response
    where
        H: Handler<T, Service>,
    {
        let (mut parts, body) = request.into_parts();
        let spec = self.spec;
        let accepted = parts
            .headers
            .get(ACCEPT_ENCODING)
            .filter(|_| spec.compresses);
        let accepted = accepted.cloned();
        let Some(incoming) = parts.extensions.get::<IncomingRequest>().cloned() else {
            return ApiError::internal().into_response();
        };
        if let Err(full) = service.audit().reserve_call().await {
            return ApiError::from(full).into_response();
        }
        let mut call = PendingCall::new(service.clone(), self.spec, incoming);
        let response = catch(async {
            match authorize(&service, &mut parts, &mut call).await {
                Ok(()) => {
                    let is_keyed = idempotency::has_key(self.spec, &parts.headers);
                    let request = Request::from_parts(parts, body);
                    if is_keyed {
                        // Boxed, so that the many requests without a key do not carry its state.
                        let handled =
                            idempotency::respond(self.handler, self.spec, request, service);
                        Box::pin(handled).await
                    } else {
                        self.handler.call(request, service).await
                    }
                }
                Err(error) => error.into_response(),
            }
        })
        .await
        .unwrap_or_else(|none| ApiError::from(none).into_response());
        if response.status() == StatusCode::FORBIDDEN {
            // Boxed, so that the many requests that are not denied do not carry its state.
            Box::pin(call.record_denial()).await;
        }
        let response = call.with_expiry(response);
        call.record(&response);
        if call.may_have_changed() {
            Box::pin(call.service.audit().store_calls_of_changes()).await;
        }
        match accepted {
            // Boxed, so that the many responses that are not compressed do not carry its state.
            Some(accepted) if is_worth_it(&response) => {
                Box::pin(compressed(response, accepted)).await
            }
            _ if spec.compresses => with_vary(response),
            _ => response,
        }
    }
}

/// Authenticates the caller, checks the access that the route requires, and stores the caller for the handler.
async fn authorize(
    service: &Service,
    parts: &mut Parts,
    call: &mut PendingCall,
) -> Result<(), ApiError> {
    let access = call.spec.access;
    if access == Access::Public {
        call.keep_meta(parts);
        return Ok(());
    }
    let caller = match authenticate(service, parts, call).await {
        Ok(caller) => Arc::new(caller),
        Err(error) => {
            call.keep_meta(parts);
            // The route itself handles tokens that are not live. A missing token is rejected here.
            let is_handled = access == Access::Credential
                && error.status() == StatusCode::UNAUTHORIZED
                && presented_secret(&parts.headers).is_ok();
            return if is_handled { Ok(()) } else { Err(error) };
        }
    };
    call.caller = Some(caller.clone());
    access
        .check(caller.actor())
        .map_err(|denied| ApiError::from(denied).with_hint(access.hint()))?;
    parts.extensions.insert(caller);
    Ok(())
}

async fn authenticate(
    service: &Service,
    parts: &Parts,
    call: &mut PendingCall,
) -> Result<Caller, ApiError> {
    let secret = presented_secret(&parts.headers)?;
    let meta = call.meta_of(parts);
    let authenticated = match call.spec.access {
        Access::Ingest => service.tokens().authenticate_sender(secret, meta).await,
        Access::LogReader => service.tokens().authenticate_log_reader(secret, meta).await,
        Access::Public
        | Access::Credential
        | Access::AnyCaller
        | Access::User
        | Access::Writer
        | Access::Administrator => service.tokens().authenticate_caller(secret, meta).await,
    };
    authenticated.map_err(|rejected| {
        call.rejected = Some((rejected.fingerprint, rejected.identity));
        let error = ApiError::from(rejected.error);
        match rejected.reason {
            Some(reason) => error.with_reason(&reason.words(service.now())),
            None => error,
        }
    })
}
