//! Checks form tokens: markup that becomes part of one of our pages cannot post a form, although it passes for a page
//! of ours (docs/decisions/0030-form-tokens-depend-on-the-path.md).

use app::{request::RequestContext, ui::form::token::FORM_TOKEN};
use axum::http::{HeaderMap, StatusCode};
use domain::identity::actor::Caller;
use service::Service;

use super::context::accepts_json;
use crate::{api::platform::error::ApiError, middleware::denial::record_foreign_form};

/// Forms that need what only the user or the link knows, so that a page from before a sign-in can still be sent.
const WITHOUT_TOKEN: [&str; 3] = ["/ui/sign-in", "/ui/set-up", "/ui/invitation/accept"];

/// The caller whose form must have a token. A script of ours asks for JSON, which no form does, and needs none.
pub(super) fn needing_token<'a>(
    context: &'a RequestContext,
    headers: &HeaderMap,
) -> Option<&'a Caller> {
    let is_exempt = accepts_json(headers) || WITHOUT_TOKEN.contains(&context.meta.path.as_str());
    context.caller.as_ref().filter(|_| !is_exempt)
}

/// Checks the token of a form that was posted to the path of the request.
///
/// # Errors
/// 403 without the token of the session for this path. The attempt is counted and recorded.
pub(super) async fn check(
    service: &Service,
    caller: &Caller,
    fields: &[(String, String)],
) -> Result<(), ApiError> {
    let path = caller.request.path.as_str();
    let given = fields.iter().find(|(name, _)| name == FORM_TOKEN);
    let identity = service.identity();
    if given.is_some_and(|(_, token)| identity.accepts_form_token(caller, path, token)) {
        return Ok(());
    }
    record_foreign_form(service, Some(caller), &caller.request).await;
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "The form does not belong to this session. Reload its page and send it again.",
    ))
}
