//! Checks form tokens: markup that becomes part of one of our pages cannot post a form, although it passes for a page
//! of ours.

use app::{request::RequestContext, ui::form::token::FORM_TOKEN};
use axum::http::{HeaderMap, StatusCode};
use service::{ErrorChain, Service};

use super::context::accepts_json;
use crate::api::platform::error::ApiError;

/// Forms that need what only the user or the link knows, so that a page from before a sign-in can still be sent.
const WITHOUT_TOKEN: [&str; 3] = ["/ui/sign-in", "/ui/set-up", "/ui/invitation/accept"];

/// Whether a request must have a form token: it is a form of a session. A script of ours asks for JSON, which no form
/// does.
pub(super) fn is_needed(context: &RequestContext, headers: &HeaderMap, path: &str) -> bool {
    context.caller.is_some() && !accepts_json(headers) && !WITHOUT_TOKEN.contains(&path)
}

/// Checks the token of a form that was posted to this path.
///
/// # Errors
/// 403 without the token of the session for this path. The attempt is counted and recorded.
pub(super) async fn check(
    service: &Service,
    context: &RequestContext,
    path: &str,
    fields: &[(String, String)],
) -> Result<(), ApiError> {
    let Some(caller) = &context.caller else {
        return Ok(());
    };
    let given = fields.iter().find(|(name, _)| name == FORM_TOKEN);
    let identity = service.identity();
    if given.is_some_and(|(_, token)| identity.accepts_form_token(caller, path, token)) {
        return Ok(());
    }
    if let Err(error) = identity.record_foreign_form(&context.meta).await {
        tracing::warn!(error = %ErrorChain(&error), "A form without its token could not be recorded as an audit event.");
    }
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "The form does not belong to this session. Reload its page and send it again.",
    ))
}
