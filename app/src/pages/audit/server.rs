//! The trail, as pages show it.

use domain::{
    audit::query::{AuditFilter, AuditPosition, AuditResults, EntryKind, PageDirection},
    identity::actor::Caller,
    platform::id::{Id, TokenId, UserId},
};
use service::{Call, RecordedEvent, Service, ServiceError};

use crate::{
    error::UiError,
    model::{
        audit::log::{CallRow, Rows, TrailView},
        tokens::user_token::TokenRow,
    },
    request::context::told,
    ui::trail_query::TrailQuery,
};

/// Rows on one page.
const ROWS: usize = 50;

/// A page of the trail as its address asks for it.
pub(crate) async fn view(
    service: &Service,
    caller: &Caller,
    query: &TrailQuery,
) -> Result<TrailView, UiError> {
    let filter = filter_of(service, query).await?;
    let rows = rows(service, caller, query, &filter).await?;
    Ok(TrailView {
        meant: meant(service, caller, &filter, &rows).await,
        rows,
        now: service.now(),
    })
}

/// The rows that are asked for.
pub(crate) async fn rows(
    service: &Service,
    caller: &Caller,
    query: &TrailQuery,
    filter: &AuditFilter,
) -> Result<Rows, UiError> {
    let place = |name| AuditPosition::parse(query.get(name));
    let turn = match (place("after"), place("before")) {
        (Some(place), _) => PageDirection::Newer(place),
        (None, Some(place)) => PageDirection::Older(place),
        (None, None) => PageDirection::NEWEST,
    };
    Ok(match query.what() {
        EntryKind::Events => {
            let page = told(
                service
                    .audit()
                    .list_events(caller, filter, turn, ROWS)
                    .await,
            )?;
            Rows::Acts(each(page, |recorded: RecordedEvent| recorded.event))
        }
        EntryKind::Calls => {
            let page = told(service.audit().list_calls(caller, filter, turn, ROWS).await)?;
            Rows::Calls(each(page, row_of))
        }
    })
}

/// What an address asks for.
async fn filter_of(service: &Service, query: &TrailQuery) -> Result<AuditFilter, UiError> {
    let mut given: Vec<_> = query.given.clone().into_iter().collect();
    told(service.audit().resolve_person(&mut given).await)?;
    let find = |name: &str| {
        let pair = given.iter().find(|(given, _)| given == name);
        pair.map(|(_, value)| value.as_str())
    };
    told(AuditFilter::parse(find).map_err(ServiceError::Rejected))
}

/// What is meant by the ids that are asked for, in words, as far as it can be told.
async fn meant(
    service: &Service,
    caller: &Caller,
    filter: &AuditFilter,
    rows: &Rows,
) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(id) = filter.person {
        words.push(format!("By {}", person(service, caller, id).await));
    }
    if let Some(id) = filter.token {
        words.push(format!("With {}", named_token(service, caller, id).await));
    }
    if let (Some(id), Rows::Acts(page)) = (filter.object, rows) {
        let object = page.rows.first().map(|event| &event.object);
        let named = object.map(|object| format!("{} {}", object.kind.words(), object.name));
        words.push(format!("About {}", named.unwrap_or_else(|| id.to_string())));
    }
    if let Some(address) = &filter.address {
        words.push(format!("From {address}"));
    }
    words
}

async fn person(service: &Service, caller: &Caller, id: Id) -> String {
    if let Ok(detail) = service.identity().members().find(caller, UserId(id)).await {
        return format!("{} ({})", detail.member.full_name, detail.member.email);
    }
    match service.tokens().org().find_by_id(caller, id).await {
        Ok(token) => format!("org token {}", token.name),
        Err(_) => id.to_string(),
    }
}

async fn named_token(service: &Service, caller: &Caller, id: Id) -> String {
    if let Ok(view) = service.tokens().find(caller, TokenId(id)).await {
        let row = TokenRow::from(view);
        return format!(
            "{} {} of {}",
            row.token.kind.words(),
            row.title(),
            row.owner_name
        );
    }
    match service.tokens().org().find_by_id(caller, id).await {
        Ok(token) => format!("org token {}", token.name),
        Err(_) => id.to_string(),
    }
}

fn each<T, U>(page: AuditResults<T>, change: impl Fn(T) -> U) -> AuditResults<U> {
    AuditResults {
        rows: page.rows.into_iter().map(change).collect(),
        newer: page.newer,
        older: page.older,
        gave_up: page.gave_up,
    }
}

fn row_of(call: Call) -> CallRow {
    let source = &call.source;
    CallRow {
        at: call.at,
        who: source.actor_name.clone(),
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
