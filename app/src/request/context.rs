//! The current request, its caller and the service, from the context of Leptos.

use domain::identity::actor::{Caller, RequestMeta};
use leptos::prelude::*;
use service::{Service, SessionSecret};

use crate::{error::UiError, request::response::set_status};

/// The request of a page or a server function.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The properties that audit events store.
    pub meta: RequestMeta,
    /// The signed-in user.
    pub caller: Option<Caller>,
    /// The text of the session cookie, whether it is accepted or not.
    pub session_cookie: Option<SessionSecret>,
    /// Whether cookies are `Secure` and named `__Host-…`, because the public URL is https or localhost.
    pub secure_cookies: bool,
    /// Whether the browser may discard cookies, because they are `Secure` and nothing shows that it used https.
    pub may_discard_cookies: bool,
    /// The public URL of this server, without a trailing slash.
    pub public_url: String,
}

/// The service.
pub(crate) fn service() -> Result<Service, UiError> {
    use_context::<Service>().ok_or(UiError::Internal)
}

/// The current request.
pub(crate) fn current() -> Result<RequestContext, UiError> {
    use_context::<RequestContext>().ok_or(UiError::Internal)
}

/// The service and the signed-in caller. Without one, the response has status 401.
pub(crate) fn signed_in() -> Result<(Service, Caller), UiError> {
    let caller = current()?.caller.ok_or_else(|| {
        set_status(UiError::SignedOut.status());
        UiError::SignedOut
    })?;
    Ok((service()?, caller))
}
