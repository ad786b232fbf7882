//! What a page or form gets of its request: the meta, and the caller whose session cookie it has.

use app::{
    model::platform::form_tokens::FormTokens,
    pages::platform::docs::ApiDocument,
    request::{RequestContext, find_in, session_cookie_name},
};
use axum::{
    body::{Body, Bytes},
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header::ACCEPT, request::Parts},
};
use domain::platform::limits;
use leptos::prelude::provide_context;
use service::{Service, SessionSecret};

use crate::{
    api::{
        openapi,
        platform::{bytes::collect_within, error::ApiError},
    },
    middleware::{cookies, public_url::PublicUrl, request_meta::IncomingRequest},
};

/// Authenticates the session cookie, if there is one, and returns what pages and forms need.
pub(super) async fn request_context(
    service: &Service,
    parts: &Parts,
) -> Result<RequestContext, ApiError> {
    reject_nul(parts.uri.query().unwrap_or_default().as_bytes())?;
    let incoming = parts
        .extensions
        .get::<IncomingRequest>()
        .ok_or_else(ApiError::internal)?;
    let headers = &parts.headers;
    let meta = incoming.meta_of(parts);
    let secure_cookies = cookies::are_secure(incoming.over_tls, headers);
    let may_discard_cookies = incoming.settings.is_https()
        && cookies::may_be_discarded(incoming.forwarded_over_tls, headers);
    let cookie = find_in(headers, session_cookie_name(secure_cookies));
    let session_cookie = cookie.map(SessionSecret::from_cookie);
    let caller = match &session_cookie {
        Some(secret) => {
            service
                .identity()
                .authenticate_session(secret.reveal(), meta.clone())
                .await?
        }
        None => None,
    };
    let PublicUrl(public_url) = match PublicUrl::from_request_parts(&mut parts.clone(), &()).await {
        Ok(url) => url,
        Err(never) => match never {},
    };
    Ok(RequestContext {
        meta,
        caller,
        session_cookie,
        secure_cookies,
        may_discard_cookies,
        public_url,
    })
}

/// Provides what components and server functions read from the Leptos context.
pub(super) fn provide(service: &Service, context: &RequestContext) {
    provide_context(service.clone());
    provide_context(context.clone());
    provide_context(ApiDocument(openapi::shared));
    if let Some(caller) = context.caller.clone() {
        let service = service.clone();
        let make = move |path: &str| service.identity().form_token(&caller, path);
        let key = Service::new_idempotency_key();
        provide_context(FormTokens::new(context.meta.path.clone(), make, key));
    }
}

/// Whether a script of ours sent the request. It reads an error as pages write it.
pub(super) fn accepts_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.starts_with("application/json"))
}

/// Collects the body of a form: at most this many bytes for a member, and [`limits::ANONYMOUS_BODY_BYTES`] without a
/// session.
pub(super) async fn collect_form(
    body: Body,
    context: &RequestContext,
    of_a_member: usize,
) -> Result<Bytes, ApiError> {
    if context.caller.is_some() {
        return collect_within(body, of_a_member).await;
    }
    let collected = collect_within(body, limits::ANONYMOUS_BODY_BYTES).await;
    collected.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            // Most likely the session ended while a long document was edited.
            let words = "You are not signed in, and the form is longer than a form without a session may be. Sign in and send it again.";
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, words)
        } else {
            error
        }
    })
}

/// Rejects U+0000 in a form or a query: PostgreSQL cannot store it in a text, and no one types it.
pub(super) fn reject_nul(text: &[u8]) -> Result<(), ApiError> {
    if text.contains(&0) || text.windows(3).any(|window| window == b"%00") {
        return Err(ApiError::bad_request(
            "The form holds the character U+0000, which cannot be stored.",
        ));
    }
    Ok(())
}
