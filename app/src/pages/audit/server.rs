//! Pages of the audit log and of the call log, read from the service.

use domain::{
    audit::query::{AuditFilter, AuditPosition, AuditResults, EntryKind, PageDirection},
    identity::actor::Caller,
};
use service::{Call, Service, ServiceError};

use crate::{
    error::UiError,
    model::audit::{
        log::{AuditLogView, CallRow, LogRows},
        query::AuditQuery,
    },
    pages::audit::names::filter_texts,
    request::report,
};

/// Rows of a page.
const ROWS: usize = 50;

/// The page that the address asks for.
pub(super) async fn view(
    service: &Service,
    caller: &Caller,
    query: &AuditQuery,
) -> Result<AuditLogView, UiError> {
    let filter = filter_of(service, query).await?;
    let rows = rows(service, caller, query, &filter).await?;
    Ok(AuditLogView {
        filters: filter_texts(service, caller, &filter, &rows).await?,
        rows,
        now: service.now(),
    })
}

/// The rows that match a filter, at the position that the address asks for.
pub(crate) async fn rows(
    service: &Service,
    caller: &Caller,
    query: &AuditQuery,
    filter: &AuditFilter,
) -> Result<LogRows, UiError> {
    let audit = service.audit();
    let direction = direction(query);
    Ok(match query.what() {
        EntryKind::Events => {
            let page = audit.list_events(caller, filter, direction, ROWS).await;
            LogRows::Events(each(report(page)?, |recorded| recorded.event))
        }
        EntryKind::Calls => {
            let page = audit.list_calls(caller, filter, direction, ROWS).await;
            LogRows::Calls(each(report(page)?, row))
        }
    })
}

fn direction(query: &AuditQuery) -> PageDirection {
    let position = |name| AuditPosition::parse(query.get(name));
    match (position("after"), position("before")) {
        (Some(position), _) => PageDirection::Newer(position),
        (None, Some(position)) => PageDirection::Older(position),
        (None, None) => PageDirection::NEWEST,
    }
}

/// The filter that the address asks for. The service replaces an email address by the id of its user.
async fn filter_of(service: &Service, query: &AuditQuery) -> Result<AuditFilter, UiError> {
    let mut given: Vec<_> = query.given.clone().into_iter().collect();
    report(service.audit().resolve_person(&mut given).await)?;
    let find = |name: &str| {
        let pair = given.iter().find(|(given, _)| given == name);
        pair.map(|(_, value)| value.as_str())
    };
    report(AuditFilter::parse(find).map_err(ServiceError::Rejected))
}

fn each<T, U>(page: AuditResults<T>, convert: impl Fn(T) -> U) -> AuditResults<U> {
    AuditResults {
        rows: page.rows.into_iter().map(convert).collect(),
        newer: page.newer,
        older: page.older,
        gave_up: page.gave_up,
    }
}

fn row(call: Call) -> CallRow {
    let source = &call.source;
    CallRow {
        at: call.at,
        actor_type: source.actor_type,
        actor_name: source.actor_name.clone(),
        actor_email: source.actor_email.clone(),
        actor_id: source.actor_id.map(|id| id.to_string()),
        credential: source.credential.clone(),
        fingerprint: source.fingerprint.clone(),
        request_id: call.request_id.to_string(),
        method: call.method.to_string(),
        route: call.route.to_string(),
        path: call.path.to_string(),
        status: call.status,
        duration_us: call.duration_us,
        bytes: call.bytes,
        address: source.address.clone(),
        client: source.client.clone(),
    }
}
