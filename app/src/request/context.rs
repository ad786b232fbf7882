//! The request's caller and the service, from Leptos' context.

use domain::identity::actor::{Caller, RequestMeta};
use leptos::prelude::*;
use service::Service;

use crate::{error::UiError, request::response::set_status};

/// The request that a page or a server function answers.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// What audit events keep of the request.
    pub meta: RequestMeta,
    /// The signed-in user.
    pub caller: Option<Caller>,
    /// Whether cookies are `Secure` and named `__Host-…`: the public address is https or localhost.
    pub secure_cookies: bool,
    /// The public origin of this server, without a trailing slash.
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

/// The service and the signed-in caller: the first line of every operation of a signed-in user.
pub(crate) fn signed_in() -> Result<(Service, Caller), UiError> {
    let caller = current()?.caller.ok_or_else(|| {
        set_status(UiError::SignedOut.status());
        UiError::SignedOut
    })?;
    Ok((service()?, caller))
}
