//! `/v2/event/find`: the older reader of the trail, with a query language and a bare list
//! (docs/contract.md#event-search).

use axum::{Json, extract::State, http::StatusCode};
use domain::platform::{limits, search::Search, timestamp::Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use service::{Service, TrailRange};

use crate::api::audit::{
    events::{Calls, STANDARD_DAYS, STANDARD_LIMIT, gather, moment, number},
    present::{Category, Entry},
    schema::{Category as CategoryLabel, EntryShape, FindParameters},
    window::{Order, Window},
};
use crate::api::platform::{auth_guard::By, error::ApiError, path::Parameters};

/// Entries in an answer, at most.
const LIMIT: i64 = 9_999;

pub(crate) async fn find_events(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters<FindParameters>,
) -> Result<Json<Vec<FoundEntry>>, ApiError> {
    let query = Query::read(&parameters, service.now())?;
    let mut window = Window::new(query.order, query.offset, query.limit);
    // Everything in the trail is of a category only administrators read. What others find here are custom events,
    // and none are kept.
    if caller.actor().is_administrator() {
        let holds = |entry: &Entry| query.search.finds(|term| entry.holds(term));
        let calls = query.calls();
        gather(&service, &caller, &query.range, calls, &mut window, &holds).await?;
    }
    let found = window.into_page().into_iter().map(FoundEntry::from);
    Ok(Json(found.collect()))
}

struct Query {
    search: Search,
    range: TrailRange,
    order: Order,
    offset: i64,
    limit: i64,
}

impl Query {
    fn read(parameters: &Parameters<FindParameters>, now: Timestamp) -> Result<Self, ApiError> {
        let query = parameters.find("query").ok_or_else(|| {
            let message = "At least one filtration clause must be specified.";
            ApiError::new(StatusCode::NOT_ACCEPTABLE, message)
        })?;
        let at = |name| Ok::<_, ApiError>(moment(parameters, name)?.map(|at| since(at, now)));
        let to = at("end_time")?.unwrap_or_else(|| now.plus_millis(1));
        let from = at("start_time")?.unwrap_or_else(|| now.plus_days(-STANDARD_DAYS));
        if from >= to {
            return Err(ApiError::bad_request("start_time must be before end_time."));
        }
        let offset = number(parameters, "offset").unwrap_or(0).max(0);
        if offset > limits::PAGE_OBJECTS {
            let most = limits::PAGE_OBJECTS;
            return Err(ApiError::bad_request(format!("offset goes beyond {most}.")));
        }
        let order_by = parameters.find("order_by").or(parameters.find("orderBy"));
        let order = Order::parse_or_default(order_by.unwrap_or_default());
        Ok(Self {
            search: Search::parse(query)?,
            range: TrailRange {
                from,
                to,
                actor_id: None,
                token_id: None,
                object_id: None,
                newest_first: order.is_newest_first(),
            },
            order,
            offset,
            limit: number(parameters, "limit")
                .filter(|limit| *limit > 0)
                .unwrap_or(STANDARD_LIMIT)
                .min(LIMIT),
        })
    }

    /// Calls that only read are told to whoever names the method, as in the newer reader.
    fn calls(&self) -> Calls {
        let terms = self.search.terms();
        let named = |field: &str, value: &str| {
            let mut of_field = terms
                .iter()
                .filter(|term| term.field.as_deref() == Some(field));
            of_field.any(|term| term.is(value))
        };
        if named("sf_requestMethod", "GET") {
            Calls::All
        } else {
            Calls::Writes
        }
    }
}

/// A negative time is so long before now (docs/contract.md#event-search).
fn since(at: Timestamp, now: Timestamp) -> Timestamp {
    if at.as_micros() < 0 {
        now.plus_millis(at.as_millis())
    } else {
        at
    }
}

/// An entry as the older reader shows it: what is told of its kind stands outside too.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FoundEntry")]
pub(crate) struct FoundEntry {
    #[serde(flatten)]
    #[schemars(with = "EntryShape")]
    entry: Entry,
    #[serde(rename = "sf_eventCategory", serialize_with = "label")]
    #[schemars(with = "CategoryLabel")]
    category: Category,
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

fn label<S: serde::Serializer>(category: &Category, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(category.label())
}
