//! `/v2/event/find`: the older reader of the audit log, with a query language and a bare list
//! (docs/contract.md#event-search).

use axum::{Json, extract::State, http::StatusCode};
use domain::platform::{limits, search::Search, timestamp::Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use service::{AuditRange, Service};

use super::{
    entry::{Entry, EntryCategory},
    gather::{DEFAULT_DAYS, DEFAULT_LIMIT, ListedCalls, gather, number, timestamp},
    schema::{CategoryLabel, EntryShape, FindParameters},
    window::{Order, Window},
};
use crate::api::platform::{caller::Authenticated, error::ApiError, parameters::Parameters};

/// The largest number of entries in a response.
const MAX_ENTRIES: i64 = 9_999;

pub(super) async fn find_events(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<FindParameters>,
) -> Result<Json<Vec<FoundEntry>>, ApiError> {
    let query = FindQuery::read(&parameters, service.now())?;
    let mut window = Window::new(query.order, query.offset, query.limit);
    // Every entry is of a category that only administrators read. Others would find custom events, which do not exist.
    if caller.is_administrator() {
        let holds = |entry: &Entry| query.search.finds(|term| entry.holds(term));
        let calls = query.calls();
        gather(&service, &caller, &query.range, calls, &mut window, &holds).await?;
    }
    let found = window.into_page().into_iter().map(FoundEntry::from);
    Ok(Json(found.collect()))
}

struct FindQuery {
    search: Search,
    range: AuditRange,
    order: Order,
    offset: i64,
    limit: i64,
}

impl FindQuery {
    fn read(parameters: &Parameters<FindParameters>, now: Timestamp) -> Result<Self, ApiError> {
        let query = parameters.find("query").ok_or_else(|| {
            let message = "At least one filtration clause must be specified.";
            ApiError::new(StatusCode::NOT_ACCEPTABLE, message)
        })?;
        let order = Order::parse_or_default(parameters.order_by());
        let range = range(parameters, order, now)?;
        let offset = number(parameters, "offset").unwrap_or(0).max(0);
        if offset > limits::PAGE_OBJECTS {
            let most = limits::PAGE_OBJECTS;
            return Err(ApiError::bad_request(format!("offset goes beyond {most}.")));
        }
        let limit = number(parameters, "limit").filter(|limit| *limit > 0);
        Ok(Self {
            search: Search::parse(query)?,
            range,
            order,
            offset,
            limit: limit.unwrap_or(DEFAULT_LIMIT).min(MAX_ENTRIES),
        })
    }

    /// Calls that only read are listed when the query names their method, as in `/v2/audit/events`.
    fn calls(&self) -> ListedCalls {
        let mut terms = self.search.terms().into_iter();
        let is_read =
            terms.any(|term| term.field.as_deref() == Some("sf_requestMethod") && term.is("GET"));
        if is_read {
            ListedCalls::All
        } else {
            ListedCalls::Writes
        }
    }
}

fn range(
    parameters: &Parameters<FindParameters>,
    order: Order,
    now: Timestamp,
) -> Result<AuditRange, ApiError> {
    let at = |name| Ok::<_, ApiError>(timestamp(parameters, name)?.map(|at| absolute(at, now)));
    let to = at("end_time")?.unwrap_or_else(|| now.plus_millis(1));
    let from = at("start_time")?.unwrap_or_else(|| now.plus_days(-DEFAULT_DAYS));
    if from >= to {
        return Err(ApiError::bad_request("start_time must be before end_time."));
    }
    Ok(AuditRange {
        from,
        to,
        actor_id: None,
        token_id: None,
        object_id: None,
        newest_first: order.is_newest_first(),
    })
}

/// A negative time is relative to now (docs/contract.md#event-search).
fn absolute(at: Timestamp, now: Timestamp) -> Timestamp {
    if at.as_micros() < 0 {
        now.plus_millis(at.as_millis())
    } else {
        at
    }
}

/// An entry of the older reader, with its metadata repeated at the top.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FoundEntry")]
pub(super) struct FoundEntry {
    #[serde(flatten)]
    #[schemars(with = "EntryShape")]
    entry: Entry,
    #[serde(rename = "sf_eventCategory", serialize_with = "label")]
    #[schemars(with = "CategoryLabel")]
    category: EntryCategory,
    #[serde(rename = "sf_eventType")]
    kind: &'static str,
    #[serde(rename = "sf_eventCreatedOnMs")]
    timestamp: i64,
}

impl From<Entry> for FoundEntry {
    fn from(entry: Entry) -> Self {
        Self {
            category: entry.category,
            kind: entry.kind,
            timestamp: entry.timestamp,
            entry,
        }
    }
}

fn label<S: serde::Serializer>(category: &EntryCategory, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(category.label())
}
