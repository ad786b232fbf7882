//! The shapes of queries of the audit log, and of its entries.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::{AnyObject, Anything, IdText};

/// A query of the audit log. Any other parameter filters by the property of that name.
#[derive(JsonSchema)]
pub(super) struct EventParameters {
    #[schemars(rename = "sf_eventCategory")]
    category: Option<CategoryLabel>,
    /// `HttpRequest`, `SessionLog`, `DASHBOARD` and so on.
    #[schemars(rename = "sf_eventType")]
    kind: Option<String>,
    /// In milliseconds since 1970; default seven days ago.
    #[schemars(rename = "startTime")]
    start: Option<i64>,
    /// In milliseconds since 1970; default now.
    #[schemars(rename = "endTime")]
    end: Option<i64>,
    /// The entries after those of a response: its `cursor`. Empty for the first page.
    cursor: Option<String>,
    #[schemars(range(min = 0, max = 9_999))]
    offset: Option<i64>,
    #[schemars(range(min = 1, max = 10_000))]
    limit: Option<i64>,
    #[schemars(rename = "sortBy")]
    order: Option<OrderLabel>,
    /// `GET` to include calls that only read.
    #[schemars(rename = "sf_requestMethod")]
    method: Option<String>,
    /// Entries made with this token.
    #[schemars(rename = "sf_tokenId")]
    token_id: Option<String>,
    /// Entries by this user or org token.
    #[schemars(rename = "sf_actorId")]
    actor_id: Option<String>,
}

/// An export of a log.
#[derive(JsonSchema)]
pub(super) struct ExportParameters {
    /// The log; default `events`.
    kind: Option<LogLabel>,
    /// Rows after this one: the number of the last event that was received, or the text of the last cursor line.
    cursor: Option<String>,
    /// In milliseconds since 1970.
    #[schemars(rename = "startTime")]
    start: Option<i64>,
    /// In milliseconds since 1970.
    #[schemars(rename = "endTime")]
    end: Option<i64>,
    /// By this user or org token.
    #[schemars(rename = "sf_actorId")]
    actor_id: Option<String>,
    /// With this token.
    #[schemars(rename = "sf_tokenId")]
    token_id: Option<String>,
    /// Events about objects of this type, such as `dashboard`.
    #[schemars(rename = "sf_resourceType")]
    resource_type: Option<String>,
    /// Events about this object.
    #[schemars(rename = "sf_resourceId")]
    resource_id: Option<String>,
    /// From this network address.
    #[schemars(rename = "sf_clientIp")]
    client_ip: Option<String>,
    /// Events with this action, such as `update`.
    action: Option<String>,
    /// `success`, `denied`, `failed`, or a class of statuses such as `5xx`.
    outcome: Option<String>,
    /// In this request.
    #[schemars(rename = "requestId")]
    request_id: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum LogLabel {
    Events,
    Calls,
}

/// A line of an export: an event (`act`), a call (`call`), or the cursor of the lines before (`cursor`).
#[derive(JsonSchema)]
#[schemars(rename = "LogLine", rename_all = "camelCase")]
pub(super) struct LogLine {
    record: RecordLabel,
    /// The number of an event.
    number: Option<i64>,
    /// The time of an event or a call, in RFC 3339.
    at: Option<String>,
    /// The cursor after the lines before.
    cursor: Option<String>,
    /// Whether the export ends here, with everything that existed when it began.
    complete: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum RecordLabel {
    Act,
    Call,
    Cursor,
}

/// A query of the audit log in the query language.
#[derive(JsonSchema)]
pub(super) struct FindParameters {
    /// Conditions like `sf_eventType:SessionLog`, with `AND`, `OR`, `!` and parentheses.
    query: String,
    /// In milliseconds since 1970; relative to now if negative.
    start_time: Option<i64>,
    /// In milliseconds since 1970; relative to now if negative.
    end_time: Option<i64>,
    #[schemars(range(min = 0, max = 10_000))]
    offset: Option<i64>,
    #[schemars(range(min = 1, max = 9_999))]
    limit: Option<i64>,
    /// `timestamp`, `sf_eventCategory` or `sf_eventType`, with `-` in front to reverse.
    order_by: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
pub(super) enum CategoryLabel {
    #[schemars(rename = "AUDIT")]
    Audit,
    #[schemars(rename = "CUSTOMER_AUDIT")]
    Customer,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum OrderLabel {
    #[schemars(rename = "timestamp")]
    Timestamp,
    #[schemars(rename = "-timestamp")]
    TimestampDescending,
    #[schemars(rename = "sf_eventCategory")]
    EntryCategory,
    #[schemars(rename = "-sf_eventCategory")]
    CategoryDescending,
    #[schemars(rename = "sf_eventType")]
    Kind,
    #[schemars(rename = "-sf_eventType")]
    KindDescending,
}

/// An entry of the audit log.
#[derive(JsonSchema)]
#[schemars(rename = "AuditEntry")]
pub(super) struct EntryShape {
    id: IdText,
    /// The same for all entries of one request.
    #[schemars(rename = "tsId")]
    series: IdText,
    /// In milliseconds since 1970.
    timestamp: i64,
    metadata: Metadata,
    /// The properties of an entry of this type.
    properties: AnyObject,
}

/// The category and type of an entry.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields)]
struct Metadata {
    #[schemars(rename = "sf_eventCategory")]
    category: CategoryLabel,
    #[schemars(rename = "sf_eventType")]
    kind: String,
}

/// The type of an actor.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ActorTypeLabel {
    User,
    OrgToken,
    System,
}

/// A change of a field.
#[derive(JsonSchema)]
#[schemars(rename = "FieldChange", deny_unknown_fields)]
pub(super) struct ChangeShape {
    field: String,
    before: Anything,
    after: Anything,
}
