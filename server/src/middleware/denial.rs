//! Records denied operations as audit events. API and pages each work out from the request what was denied.

use domain::{
    identity::actor::{Caller, RequestMeta},
    platform::limits,
};
use service::{DeniedOperation, Service};

use service::ErrorChain;

/// Records a denial. The response stays the same when that fails; the call is in the call log in any case.
pub(crate) async fn record(service: &Service, caller: &Caller, denied: DeniedOperation) {
    if let Err(error) = service.audit().record_denial(caller, denied).await {
        tracing::warn!(error = %ErrorChain(&error), "A denial could not be recorded as an audit event.");
    }
}

/// Records a form that a page of another site sent, or markup in one of our pages. The response stays the same when
/// that fails.
pub(crate) async fn record_foreign_form(
    service: &Service,
    caller: Option<&Caller>,
    request: &RequestMeta,
) {
    let recorded = service.identity().record_foreign_form(caller, request);
    if let Err(error) = recorded.await {
        tracing::warn!(error = %ErrorChain(&error), "A foreign form could not be recorded as an audit event.");
    }
}

/// Returns a name as an audit event keeps it: of bounded length, without U+0000, which PostgreSQL cannot store.
pub(crate) fn bounded_name(name: &str) -> String {
    let kept = name.chars().filter(|character| *character != '\0');
    kept.take(limits::NAME_CHARACTERS).collect()
}
