//! What both readers of the audit log share: defaults, parameters, and the walk over events and calls.

use domain::{identity::actor::Caller, platform::timestamp::Timestamp};
use service::{AuditRange, Service};

use super::{entry::Entry, window::Window};
use crate::api::platform::{error::ApiError, parameters::Parameters};

/// Days before now at which a query without a start begins (docs/contract.md#audit-events).
pub(super) const DEFAULT_DAYS: i64 = 7;

/// Entries in a response to a query without a limit (docs/contract.md#audit-events).
pub(super) const DEFAULT_LIMIT: i64 = 1_000;

/// Which calls are listed with the audit events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListedCalls {
    None,
    Writes,
    All,
}

/// Fills the window with the matching entries of a range. The entry of a call includes what its audit event states.
pub(super) async fn gather(
    service: &Service,
    caller: &Caller,
    range: &AuditRange,
    calls: ListedCalls,
    window: &mut Window,
    matches: &(impl Fn(&Entry) -> bool + Sync),
) -> Result<(), ApiError> {
    let offer = |window: &mut Window, entry: Entry| {
        let at = entry.timestamp;
        if matches(&entry) {
            window.offer(entry);
        }
        !window.is_full_before(at)
    };
    service
        .audit()
        .walk_events(caller, range, |recorded| {
            Entry::is_denied_change(&recorded.event) || offer(window, Entry::of_event(&recorded))
        })
        .await?;
    if calls == ListedCalls::None {
        return Ok(());
    }
    let writes_only = calls != ListedCalls::All;
    service
        .audit()
        .walk_calls(caller, range, writes_only, |call, event| {
            offer(window, Entry::of_call(call, event))
        })
        .await?;
    Ok(())
}

/// Returns a parameter that is a whole number; any other text is ignored.
pub(super) fn number<P>(parameters: &Parameters<P>, name: &str) -> Option<i64> {
    parameters.find(name).and_then(|text| text.parse().ok())
}

/// Returns a parameter that is a time in milliseconds since 1970.
pub(super) fn timestamp<P>(
    parameters: &Parameters<P>,
    name: &str,
) -> Result<Option<Timestamp>, ApiError> {
    let millis = parameters.find(name).map(str::parse::<i64>).transpose();
    let rejected = |_| ApiError::bad_request(format!("{name} is not a number of milliseconds."));
    Ok(millis.map_err(rejected)?.map(Timestamp::from_millis))
}
