//! Rejects forms that pages of other sites send, before a handler reads them.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use service::Service;

use crate::middleware::{
    denial::record_foreign_form, origin, plain_error::PlainError, request_meta::IncomingRequest,
};

/// Rejects a POST that does not come from a page of this server. No page and no form has another method that changes
/// anything.
pub(super) async fn reject_foreign_forms(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    if *request.method() != Method::POST {
        return next.run(request).await;
    }
    let incoming = request.extensions().get::<IncomingRequest>();
    let public_url = incoming.and_then(|incoming| incoming.settings.public_url.as_deref());
    if origin::is_from_our_page(request.headers(), public_url) {
        return next.run(request).await;
    }
    if let Some(incoming) = incoming {
        let meta = incoming.meta(Method::POST.as_str().into(), request.uri());
        record_foreign_form(&service, None, &meta).await;
    }
    PlainError::new(
        StatusCode::FORBIDDEN,
        "This change was not asked for by a page of this server.",
    )
    .into_response()
}
