//! Schemas of requests about usage.

#![expect(dead_code, reason = "shapes are described and never built")]

use schemars::JsonSchema;

use crate::api::platform::schema::IdText;

/// Query parameters of the counts.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct UsageParameters {
    /// What calls are grouped by [default: user]
    group_by: Option<GroupingLabel>,
    /// In milliseconds since 1970 [default: a day before the end]. Widened to the start of a step.
    from: Option<i64>,
    /// In milliseconds since 1970 [default: now]. Widened to the end of a step.
    to: Option<i64>,
    /// The length of a step [default: fits the range]. A range has at most 1500 steps.
    step: Option<StepLabel>,
    /// Calls of this user or org token; `unknown` for calls without a known caller. Callers other than
    /// administrators see only their own calls.
    user_id: Option<String>,
    /// Calls with this token.
    token_id: Option<IdText>,
    /// Calls of this route: its template, like `/v2/team/{id}`, or with a method, like `GET /v2/team/{id}`.
    route: Option<String>,
    /// Calls with this class of status, like `4xx`.
    status_class: Option<String>,
    /// The number of groups listed separately.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<i64>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
pub(crate) enum GroupingLabel {
    User,
    Token,
    Route,
    Status,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
pub(crate) enum StepLabel {
    Minute,
    Hour,
    #[schemars(rename = "6h")]
    QuarterDay,
    Day,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ActorLabel {
    User,
    OrgToken,
}
