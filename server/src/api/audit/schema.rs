//! The shape of what is asked of the trail, and of its entries.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::platform::schema::{AnyObject, Anything, IdText};

/// Which part of the trail is asked for. Any other parameter asks for entries with that property.
#[derive(JsonSchema)]
pub(crate) struct EventParameters {
    #[schemars(rename = "sf_eventCategory")]
    category: Option<Category>,
    /// `HttpRequest`, `SessionLog`, `DASHBOARD` and the like.
    #[schemars(rename = "sf_eventType")]
    kind: Option<String>,
    /// In milliseconds since 1970; seven days ago if none is given.
    #[schemars(rename = "startTime")]
    start: Option<i64>,
    /// In milliseconds since 1970; now if none is given.
    #[schemars(rename = "endTime")]
    end: Option<i64>,
    #[schemars(range(min = 0, max = 9_999))]
    offset: Option<i64>,
    #[schemars(range(min = 1, max = 10_000))]
    limit: Option<i64>,
    #[schemars(rename = "sortBy")]
    order: Option<Order>,
    /// `GET` for calls that only read, which are left out otherwise.
    #[schemars(rename = "sf_requestMethod")]
    method: Option<String>,
    /// Made with this token.
    #[schemars(rename = "sf_tokenId")]
    token_id: Option<String>,
    /// Done by this user or org token.
    #[schemars(rename = "sf_actorId")]
    actor_id: Option<String>,
}

/// Which part of the trail is asked for, in the older way.
#[derive(JsonSchema)]
pub(crate) struct FindParameters {
    /// Conditions like `sf_eventType:SessionLog`, with `AND`, `OR`, `!` and parentheses.
    query: String,
    /// In milliseconds since 1970; counted back from now if negative.
    start_time: Option<i64>,
    /// In milliseconds since 1970; counted back from now if negative.
    end_time: Option<i64>,
    #[schemars(range(min = 0, max = 10_000))]
    offset: Option<i64>,
    #[schemars(range(min = 1, max = 9_999))]
    limit: Option<i64>,
    /// `timestamp`, `sf_eventCategory` or `sf_eventType`, with `-` before it the other way round.
    order_by: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
pub(crate) enum Category {
    #[schemars(rename = "AUDIT")]
    Audit,
    #[schemars(rename = "CUSTOMER_AUDIT")]
    Customer,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum Order {
    #[schemars(rename = "timestamp")]
    Timestamp,
    #[schemars(rename = "-timestamp")]
    TimestampDescending,
    #[schemars(rename = "sf_eventCategory")]
    Category,
    #[schemars(rename = "-sf_eventCategory")]
    CategoryDescending,
    #[schemars(rename = "sf_eventType")]
    Kind,
    #[schemars(rename = "-sf_eventType")]
    KindDescending,
}

/// An entry of the trail.
#[derive(JsonSchema)]
#[schemars(rename = "TrailEntry")]
pub(crate) struct EntryShape {
    id: IdText,
    /// What ties the entries of one request together.
    #[schemars(rename = "tsId")]
    series: IdText,
    /// In milliseconds since 1970.
    timestamp: i64,
    metadata: Metadata,
    /// What is told of its kind.
    properties: AnyObject,
}

/// What sort of entry it is.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields)]
struct Metadata {
    #[schemars(rename = "sf_eventCategory")]
    category: Category,
    #[schemars(rename = "sf_eventType")]
    kind: String,
}

/// What sort of actor it was.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ActorLabel {
    User,
    OrgToken,
    System,
}

/// A field that changed.
#[derive(JsonSchema)]
#[schemars(rename = "FieldChange", deny_unknown_fields)]
pub(crate) struct Change {
    field: String,
    before: Anything,
    after: Anything,
}
