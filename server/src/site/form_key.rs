//! The idempotency keys of forms: a form that is sent twice creates one object, and both responses lead to it. A form
//! that was changed before it is sent again is another request.

use std::sync::Arc;

use app::{
    request::RequestContext,
    ui::form::token::{FORM_TOKEN, IDEMPOTENCY_KEY},
};
use domain::platform::idempotency::{IdempotencyKey, KeyedRequest};

use crate::api::platform::error::ApiError;

/// Gives the caller the key of a form that was posted to this path and query.
///
/// # Errors
/// 400 when the key is malformed.
pub(super) fn read_key(
    context: &mut RequestContext,
    query: Option<&str>,
    fields: &[(String, String)],
) -> Result<(), ApiError> {
    let given = fields.iter().find(|(name, _)| name == IDEMPOTENCY_KEY);
    let (Some(caller), Some((_, key))) = (&mut context.caller, given) else {
        return Ok(());
    };
    let key = IdempotencyKey::parse(key);
    let key = key.map_err(|invalid| ApiError::bad_request(invalid.to_string()))?;
    let content = fields
        .iter()
        .filter(|(name, _)| name != IDEMPOTENCY_KEY && name != FORM_TOKEN)
        .flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
    let query = query.unwrap_or_default().as_bytes();
    let parts: Vec<&[u8]> = std::iter::once(query).chain(content).collect();
    let form = KeyedRequest::of_form(key, &caller.request.path, &parts);
    caller.keyed = Some(Arc::new(form));
    Ok(())
}
