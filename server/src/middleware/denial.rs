//! Records denied operations as audit events. API and pages each work out from the request what was denied.

use domain::{identity::actor::Caller, platform::limits};
use service::{DeniedOperation, Service};

use service::ErrorChain;

/// Records a denial. The response stays the same when that fails; the call is in the call log in any case.
pub(crate) async fn record(service: &Service, caller: &Caller, denied: DeniedOperation) {
    if let Err(error) = service.audit().record_denial(caller, denied).await {
        tracing::warn!(error = %ErrorChain(&error), "A denial could not be recorded as an audit event.");
    }
}

/// Returns a name as an audit event keeps it: of bounded length, without U+0000, which PostgreSQL cannot store.
pub(crate) fn bounded_name(name: &str) -> String {
    let kept = name.chars().filter(|character| *character != '\0');
    kept.take(limits::NAME_CHARACTERS).collect()
}
