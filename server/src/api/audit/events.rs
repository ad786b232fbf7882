//! `/v2/audit/events`: the trail, as docs/contract.md#audit-events has it. Acts and calls are kept in two records; here
//! they are one. Beside it, in [`find`], the older way to read it, and in [`info`], what is known of one object.

use crate::api::audit::find;
use crate::api::audit::info;
use crate::api::audit::present;
use axum::{Json, extract::State, http::StatusCode};
use domain::{
    identity::{access::Access, actor::Caller},
    platform::{id::Id, limits, timestamp::Timestamp},
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{Service, TrailRange};

use crate::api::audit::{
    present::{Category, Entry},
    schema::{EntryShape, EventParameters},
    window::{Order, Window},
};
use crate::api::platform::{
    auth_guard::By,
    error::ApiError,
    path::Parameters,
    route::{Routes, Summary},
};

/// Days back the trail begins when nobody says (docs/contract.md#audit-events).
pub(crate) const STANDARD_DAYS: i64 = 7;

/// Entries in an answer when nobody says (docs/contract.md#audit-events).
pub(crate) const STANDARD_LIMIT: i64 = 1_000;

/// Parameters that are no filter on a property.
const NO_PROPERTIES: [&str; 7] = [
    "sf_eventCategory",
    "sf_eventType",
    "startTime",
    "endTime",
    "offset",
    "limit",
    "sortBy",
];

/// The routes of the trail. Who may read it is asked by the act, whose refusal has a text of its own
/// (docs/contract.md#audit-events).
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Audit trail",
        "Who did what, when, from where and with which token.",
    )
    .get(
        "/v2/audit/events",
        Access::AnyCaller,
        Summary::new("Read the trail").or(StatusCode::FORBIDDEN),
        list_events,
    )
    .get(
        "/v2/event/find",
        Access::AnyCaller,
        Summary::new("Search the trail").or(StatusCode::NOT_ACCEPTABLE),
        find::find_events,
    )
    .get(
        "/v2/audit/info/{type}/{id}",
        Access::AnyCaller,
        Summary::new("Say who made and last changed an object, with which token")
            .or(StatusCode::FORBIDDEN),
        info::describe,
    )
}

async fn list_events(
    State(service): State<Service>,
    By(caller): By,
    parameters: Parameters<EventParameters>,
) -> Result<Json<EventsBody>, ApiError> {
    let query = Query::read(&parameters, service.now())?;
    let mut window = Window::new(query.order, query.offset, query.limit);
    let matches = |entry: &Entry| query.matches(entry);
    let calls = query.calls();
    gather(
        &service,
        &caller,
        &query.range,
        calls,
        &mut window,
        &matches,
    )
    .await?;
    let results = window.into_page();
    Ok(Json(EventsBody {
        count: results.len(),
        offset: query.offset,
        limit: query.limit,
        results,
    }))
}

/// Which calls are told besides the acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calls {
    Untold,
    Writes,
    All,
}

/// Fills the window with what matches in a part of the trail. A call is told with what is known of the act it asked for.
pub(crate) async fn gather(
    service: &Service,
    caller: &Caller,
    range: &TrailRange,
    calls: Calls,
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
            Entry::is_refused_change(&recorded.event) || offer(window, Entry::of_act(&recorded))
        })
        .await?;
    if calls == Calls::Untold {
        return Ok(());
    }
    let writes = calls != Calls::All;
    service
        .audit()
        .walk_calls(caller, range, writes, |call, act| {
            offer(window, Entry::of_call(call, act))
        })
        .await?;
    Ok(())
}

/// What is asked of the trail.
struct Query {
    range: TrailRange,
    order: Order,
    offset: i64,
    limit: i64,
    category: Option<Category>,
    kind: Option<String>,
    properties: Vec<(String, String)>,
}

impl Query {
    fn read(parameters: &Parameters<EventParameters>, now: Timestamp) -> Result<Self, ApiError> {
        let moment = |name| moment(parameters, name);
        let to = moment("endTime")?.unwrap_or_else(|| now.plus_millis(1));
        let from = moment("startTime")?.unwrap_or_else(|| now.plus_days(-STANDARD_DAYS));
        if from >= to {
            return Err(ApiError::bad_request("startTime must be before endTime."));
        }
        let limit = number(parameters, "limit")
            .filter(|limit| *limit > 0)
            .unwrap_or(STANDARD_LIMIT);
        let offset = number(parameters, "offset")
            .filter(|offset| *offset >= 0)
            .unwrap_or(0);
        if limit > limits::PAGE_OBJECTS || offset.saturating_add(limit) > limits::PAGE_OBJECTS {
            return Err(ApiError::bad_request(format!(
                "offset and limit together go beyond {}.",
                limits::PAGE_OBJECTS
            )));
        }
        let is_property = |name: &str| !NO_PROPERTIES.contains(&name);
        let given = parameters
            .given()
            .iter()
            .filter(|(name, value)| is_property(name) && !value.is_empty());
        let one_of = |names: [&str; 2]| {
            names
                .into_iter()
                .find_map(|name| parameters.find(name))
                .and_then(|id| Id::parse(id).ok())
        };
        let order = Order::parse(parameters.find("sortBy").unwrap_or_default())?;
        Ok(Self {
            range: TrailRange {
                from,
                to,
                actor_id: one_of(["sf_actorId", "sf_userId"]),
                token_id: one_of(["sf_tokenId", "sf_sessionId"]),
                object_id: None,
                newest_first: order.is_newest_first(),
            },
            order,
            offset,
            limit,
            category: parameters
                .find("sf_eventCategory")
                .map(Category::parse)
                .transpose()?,
            kind: parameters.find("sf_eventType").map(str::to_owned),
            properties: given.cloned().collect(),
        })
    }

    /// Calls that only read are in the trail for those who ask for them (docs/contract.md#audit-events).
    fn calls(&self) -> Calls {
        let is_read =
            |(name, value): &(String, String)| name == "sf_requestMethod" && value == "GET";
        let kind = self.kind.as_deref();
        if self.category == Some(Category::Customer)
            || kind.is_some_and(|kind| kind != present::HTTP_REQUEST)
        {
            Calls::Untold
        } else if self.properties.iter().any(is_read) {
            Calls::All
        } else {
            Calls::Writes
        }
    }

    fn matches(&self, entry: &Entry) -> bool {
        self.category
            .is_none_or(|category| category == entry.category)
            && self.kind.as_deref().is_none_or(|kind| kind == entry.kind)
            && self
                .properties
                .iter()
                .all(|(name, value)| entry.has(name, value))
    }
}

pub(crate) fn number<P>(parameters: &Parameters<P>, name: &str) -> Option<i64> {
    parameters.find(name).and_then(|text| text.parse().ok())
}

pub(crate) fn moment<P>(
    parameters: &Parameters<P>,
    name: &str,
) -> Result<Option<Timestamp>, ApiError> {
    let millis = parameters.find(name).map(str::parse::<i64>).transpose();
    let refused = |_| ApiError::bad_request(format!("{name} is not a number of milliseconds."));
    Ok(millis.map_err(refused)?.map(Timestamp::from_millis))
}

/// Unlike in other lists, `count` is the number of entries in this answer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TrailPage", deny_unknown_fields)]
struct EventsBody {
    count: usize,
    offset: i64,
    limit: i64,
    #[schemars(with = "Vec<EntryShape>")]
    results: Vec<Entry>,
}
