//! The shape of what is asked about usage.

#![expect(dead_code, reason = "these are shapes: nothing is ever held in them")]

use schemars::JsonSchema;

use crate::api::platform::schema::IdText;

/// Which calls are counted, and how.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct UsageParameters {
    /// What calls are gathered by; the user if nothing is said.
    group_by: Option<GroupingLabel>,
    /// In milliseconds since 1970; a day before the end if none is given. Widened to the beginning of a step.
    from: Option<i64>,
    /// In milliseconds since 1970; now if none is given. Widened to the end of a step.
    to: Option<i64>,
    /// How long a step is; what fits the range if nothing is said. There are 1500 in a range at most.
    step: Option<StepLabel>,
    /// Made by this user or org token; `unknown` for calls of which nobody knows who made them. Others than
    /// administrators can ask for their own alone.
    user_id: Option<String>,
    /// Made with this token.
    token_id: Option<IdText>,
    /// Of this route: its template, `/v2/team/{id}`, with or without the method before it, `GET /v2/team/{id}`.
    route: Option<String>,
    /// Answered like this: `4xx`.
    status_class: Option<String>,
    /// Groups told by themselves.
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
