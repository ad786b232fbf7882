//! The events and calls that a caller may read.

use domain::{
    audit::query::AuditFilter,
    identity::actor::Caller,
    platform::{id::TokenId, timestamp::Timestamp},
};
use store::{CallFilter, Conn, EventFilter};

use crate::{audit::query::check_auditor, platform::error::ServiceError};

/// The filter for events; `None` when no event can match.
pub(crate) fn event_filter(caller: &Caller, filter: &AuditFilter) -> Option<EventFilter> {
    let outcome = match filter.outcome {
        Some(outcome) => Some(outcome.of_events()?),
        None => None,
    };
    let all = EventFilter::all(caller.organization_id());
    Some(EventFilter {
        from: filter.from.unwrap_or(all.from),
        to: filter.to.unwrap_or(all.to),
        object_type: filter.kind,
        object_id: filter.object,
        actor_id: filter.person,
        token_id: filter.token,
        action: filter.action,
        outcome,
        address: filter.address.clone(),
        request_id: filter.request,
        ..all
    })
}

/// The filter for calls. It includes rejected credentials whose owner is unknown.
pub(crate) fn call_filter(caller: &Caller, filter: &AuditFilter) -> CallFilter {
    CallFilter {
        with_unknown_callers: true,
        actor_id: filter.person,
        token_id: filter.token,
        address: filter.address.clone(),
        outcome: filter.outcome,
        request_id: filter.request,
        ..CallFilter::between(
            caller.organization_id(),
            filter.from.unwrap_or(Timestamp::from_micros(i64::MIN)),
            filter.to.unwrap_or(Timestamp::from_micros(i64::MAX)),
        )
    }
}

/// Administrators may read everything; a user the log of their own tokens.
pub(crate) async fn authorize_query(
    read: &mut Conn,
    caller: &Caller,
    filter: &AuditFilter,
) -> Result<(), ServiceError> {
    let denied = match check_auditor(caller) {
        Ok(()) => return Ok(()),
        Err(denied) => denied,
    };
    match filter.token {
        Some(token) => {
            let found = read.find_token(TokenId(token)).await?;
            found
                .filter(|token| caller.may_manage(token.organization_id, token.user_id))
                .map(drop)
                .ok_or_else(|| ServiceError::not_found("token"))
        }
        None => Err(denied),
    }
}
