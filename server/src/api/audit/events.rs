//! `/v2/audit/events` (docs/contract.md#audit-events). Audit events and calls are stored separately and listed
//! together.

use axum::{Json, extract::State};
use domain::platform::{id::Id, limits, timestamp::Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use service::{AuditRange, Service};

use super::{
    entry::{self, Entry, EntryCategory},
    gather::{DEFAULT_DAYS, DEFAULT_LIMIT, ListedCalls, gather, number, timestamp},
    schema::{EntryShape, EventParameters},
    window::{EntryCursor, Order, Window},
};
use crate::api::platform::{caller::Authenticated, error::ApiError, parameters::Parameters};

/// Parameters that are not filters on a property.
const NOT_PROPERTIES: [&str; 8] = [
    "sf_eventCategory",
    "sf_eventType",
    "startTime",
    "endTime",
    "cursor",
    "offset",
    "limit",
    "sortBy",
];

pub(super) async fn list_events(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<EventParameters>,
) -> Result<Json<EntryPageBody>, ApiError> {
    let query = EventQuery::read(&parameters, service.now())?;
    let mut window = Window::new(query.order, query.offset, query.limit);
    let matches = |entry: &Entry| query.matches(entry);
    let calls = query.calls();
    let range = &query.range;
    gather(&service, &caller, range, calls, &mut window, &matches).await?;
    let results = window.into_page();
    let last = results.last().map(EntryCursor::after);
    let cursor = last.or(query.after).map(EntryCursor::label);
    Ok(Json(EntryPageBody {
        count: results.len(),
        cursor: query.pages_by_cursor.then(|| cursor.unwrap_or_default()),
        offset: query.offset,
        limit: query.limit,
        results,
    }))
}

struct EventQuery {
    range: AuditRange,
    order: Order,
    /// Only entries after this one.
    after: Option<EntryCursor>,
    /// Whether the response has a cursor.
    pages_by_cursor: bool,
    offset: i64,
    limit: i64,
    category: Option<EntryCategory>,
    kind: Option<String>,
    properties: Vec<(String, String)>,
}

impl EventQuery {
    fn read(parameters: &Parameters<EventParameters>, now: Timestamp) -> Result<Self, ApiError> {
        let order = Order::parse(parameters.find("sortBy").unwrap_or_default())?;
        let (offset, limit) = page(parameters)?;
        let category = parameters
            .find("sf_eventCategory")
            .map(EntryCategory::parse);
        let is_property = |name: &str| !NOT_PROPERTIES.contains(&name);
        let properties = parameters
            .given()
            .iter()
            .filter(|(name, value)| is_property(name) && !value.is_empty());
        let pages_by_cursor = parameters.given().iter().any(|(name, _)| name == "cursor");
        let after = parameters
            .find("cursor")
            .map(EntryCursor::parse)
            .transpose()?;
        if pages_by_cursor && !(order.is_by_time() && offset == 0) {
            return Err(ApiError::bad_request(
                "cursor needs an order by timestamp, and no offset.",
            ));
        }
        let mut range = range(parameters, order, now)?;
        if let Some(after) = after {
            range.begin_at(Timestamp::from_millis(after.millis));
        }
        Ok(Self {
            range,
            order,
            after,
            pages_by_cursor,
            offset,
            limit,
            category: category.transpose()?,
            kind: parameters.find("sf_eventType").map(str::to_owned),
            properties: properties.cloned().collect(),
        })
    }

    /// Calls that only read are listed when the query asks for them (docs/contract.md#audit-events).
    fn calls(&self) -> ListedCalls {
        let is_read =
            |(name, value): &(String, String)| name == "sf_requestMethod" && value == "GET";
        let kind = self.kind.as_deref();
        if self.category == Some(EntryCategory::Customer)
            || kind.is_some_and(|kind| kind != entry::HTTP_REQUEST)
        {
            ListedCalls::None
        } else if self.properties.iter().any(is_read) {
            ListedCalls::All
        } else {
            ListedCalls::Writes
        }
    }

    fn matches(&self, entry: &Entry) -> bool {
        self.after
            .is_none_or(|after| after.is_before(entry, self.order))
            && self
                .category
                .is_none_or(|category| category == entry.category)
            && self.kind.as_deref().is_none_or(|kind| kind == entry.kind)
            && self
                .properties
                .iter()
                .all(|(name, value)| entry.has(name, value))
    }
}

fn range(
    parameters: &Parameters<EventParameters>,
    order: Order,
    now: Timestamp,
) -> Result<AuditRange, ApiError> {
    let to = timestamp(parameters, "endTime")?.unwrap_or_else(|| now.plus_millis(1));
    let from = timestamp(parameters, "startTime")?.unwrap_or_else(|| now.plus_days(-DEFAULT_DAYS));
    if from >= to {
        return Err(ApiError::bad_request("startTime must be before endTime."));
    }
    let id = |names: [&str; 2]| {
        let given = names.into_iter().find_map(|name| parameters.find(name));
        given.and_then(|id| Id::parse(id).ok())
    };
    Ok(AuditRange {
        from,
        to,
        actor_id: id(["sf_actorId", "sf_userId"]),
        token_id: id(["sf_tokenId", "sf_sessionId"]),
        object_id: None,
        newest_first: order.is_newest_first(),
    })
}

/// Returns offset and limit.
fn page(parameters: &Parameters<EventParameters>) -> Result<(i64, i64), ApiError> {
    let limit = number(parameters, "limit").filter(|limit| *limit > 0);
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    let offset = number(parameters, "offset").filter(|offset| *offset >= 0);
    let offset = offset.unwrap_or(0);
    if limit > limits::PAGE_OBJECTS || offset.saturating_add(limit) > limits::PAGE_OBJECTS {
        return Err(ApiError::bad_request(format!(
            "offset and limit together go beyond {}.",
            limits::PAGE_OBJECTS
        )));
    }
    Ok((offset, limit))
}

/// Entries of the audit log. Unlike in other lists, `count` is the number of entries in this response.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditEntryPage", deny_unknown_fields)]
pub(super) struct EntryPageBody {
    count: usize,
    offset: i64,
    limit: i64,
    /// The `cursor` of a request for the entries after these, when this request has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
    #[schemars(with = "Vec<EntryShape>")]
    results: Vec<Entry>,
}
