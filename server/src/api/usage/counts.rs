//! `/v2/usage`: counts of API calls by user, token, route and status (an addition to the API).

use crate::api::{
    platform::{
        caller::Authenticated,
        error::ApiError,
        parameters::Parameters,
        route::Summary,
        routes::Routes,
        schema::{IdText, TokenKindLabel},
    },
    usage::schema::{ActorLabel, GroupingLabel, StepLabel, UsageParameters},
};
use axum::{Json, extract::State};
use domain::{
    identity::{access::Access, credential::TokenKind},
    platform::{id::Id, limits, rejection::Rejected, timestamp::Timestamp},
    usage::query::{Grouping, Range, StatusClass, Step},
};
use schemars::JsonSchema;
use serde::Serialize;
use service::{
    CallerFilter, Service, Usage, UsageCount, UsageGroup, UsageKey, UsageQuery, UsageSeries,
};

/// Hours from the default start of the range to its end.
const DEFAULT_HOURS: i64 = 24;

/// Groups in a response when the request has no limit.
const DEFAULT_LIMIT: i64 = 20;

/// The value of `userId` for calls without a known caller.
const UNKNOWN: &str = "unknown";

/// The routes of usage. The service limits callers other than administrators to their own calls.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Usage",
        "Counts of API calls by user, token, route and status. Administrators and users with the role usage see all calls, other \
         callers their own.",
    )
    .without_secrets()
    .get(
        "/v2/usage",
        Access::AnyCaller,
        Summary::new("Count API calls").or(axum::http::StatusCode::FORBIDDEN),
        count,
    )
}

async fn count(
    State(service): State<Service>,
    Authenticated(caller): Authenticated,
    parameters: Parameters<UsageParameters>,
) -> Result<Json<UsageBody>, ApiError> {
    let query = read(&parameters, service.now())?;
    let usage = service.usage().query(&caller, &query).await?;
    Ok(Json(UsageBody::new(&query, usage)))
}

fn read(parameters: &Parameters<UsageParameters>, now: Timestamp) -> Result<UsageQuery, Rejected> {
    let to = timestamp(parameters, "to")?.unwrap_or_else(|| now.plus_millis(1));
    let from =
        timestamp(parameters, "from")?.unwrap_or_else(|| to.plus_seconds(-3_600 * DEFAULT_HOURS));
    let step = parsed(
        parameters,
        "step",
        Step::from_label,
        "minute, hour, 6h or day",
    )?;
    let grouping = parsed(
        parameters,
        "groupBy",
        Grouping::from_label,
        "user, token, route or status",
    )?;
    let callers = match parameters.find("userId") {
        None => CallerFilter::Any,
        Some(UNKNOWN) => CallerFilter::Unknown,
        Some(id) => CallerFilter::Actor(Id::parse(id)?),
    };
    let limit = parsed(parameters, "limit", limit, "a number from 1 to 100")?;
    Ok(UsageQuery {
        range: Range::new(
            from,
            to,
            step.unwrap_or_else(|| Step::fitting(from, to, now)),
            now,
        )?,
        grouping: grouping.unwrap_or(Grouping::Actor),
        callers,
        token_id: parameters.find("tokenId").map(Id::parse).transpose()?,
        route: parameters.find("route").map(str::to_owned),
        status_class: parsed(
            parameters,
            "statusClass",
            StatusClass::parse,
            "one like 2xx",
        )?,
        limit: limit.unwrap_or(DEFAULT_LIMIT),
    })
}

/// Returns a parameter, which is rejected if it cannot be parsed.
fn parsed<T>(
    parameters: &Parameters<UsageParameters>,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
    expected: &str,
) -> Result<Option<T>, Rejected> {
    let Some(given) = parameters.find(name) else {
        return Ok(None);
    };
    let parsed = parse(given).map(Some);
    parsed.ok_or_else(|| Rejected::field(name, format!("{name} must be {expected}.")))
}

fn timestamp(
    parameters: &Parameters<UsageParameters>,
    name: &str,
) -> Result<Option<Timestamp>, Rejected> {
    let millis = |text: &str| text.parse().ok().map(Timestamp::from_millis);
    parsed(
        parameters,
        name,
        millis,
        "a number of milliseconds since 1970",
    )
}

fn limit(text: &str) -> Option<i64> {
    let limit = text.parse().ok()?;
    (1..=limits::USAGE_GROUPS).contains(&limit).then_some(limit)
}

/// Counts of calls. The range is the requested one, widened to whole steps.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Usage", deny_unknown_fields)]
struct UsageBody {
    #[schemars(with = "GroupingLabel")]
    group_by: &'static str,
    /// In milliseconds since 1970.
    from: i64,
    /// In milliseconds since 1970, exclusive.
    to: i64,
    #[schemars(with = "StepLabel")]
    step: &'static str,
    step_ms: i64,
    /// The number of groups, including those combined in `others`.
    count: i64,
    total: CountBody,
    /// The groups with the most calls, in descending order.
    results: Vec<GroupBody>,
    /// All other groups combined.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "SeriesBody")]
    others: Option<SeriesBody>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UsageCount", deny_unknown_fields)]
struct CountBody {
    calls: i64,
    /// Calls answered with 4xx.
    refused: i64,
    /// Calls answered with 5xx.
    failed: i64,
    /// The total duration.
    duration_micros: i64,
    /// The total size of the response bodies.
    bytes: i64,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UsageSeries", deny_unknown_fields)]
struct SeriesBody {
    total: CountBody,
    /// Calls in each step.
    series: Vec<i64>,
}

/// Calls that have the user, token, route or status in common. All four are absent for calls without a known caller.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UsageGroup", deny_unknown_fields)]
struct GroupBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ActorBody")]
    user: Option<ActorBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TokenBody")]
    token: Option<TokenBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "RouteBody")]
    route: Option<RouteBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    status_class: Option<String>,
    total: CountBody,
    /// Calls in each step.
    series: Vec<i64>,
}

/// A user or an org token, with the name it had when it made the calls.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UsageActor", deny_unknown_fields)]
struct ActorBody {
    #[schemars(with = "IdText")]
    id: Id,
    #[serde(rename = "type")]
    #[schemars(with = "ActorLabel")]
    kind: &'static str,
    name: String,
    /// Empty for an org token.
    email: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UsageToken", deny_unknown_fields)]
struct TokenBody {
    #[schemars(with = "IdText")]
    id: Id,
    #[schemars(with = "TokenKindLabel")]
    kind: TokenKind,
    name: String,
    last4: String,
    /// The owner; an org token is its own owner.
    #[schemars(with = "IdText")]
    user_id: Id,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UsageRoute", deny_unknown_fields)]
struct RouteBody {
    method: String,
    /// The template of the path.
    path: String,
}

impl UsageBody {
    fn new(query: &UsageQuery, usage: Usage) -> Self {
        let listed = i64::try_from(usage.groups.len()).unwrap_or(i64::MAX);
        let step = usage.range.step();
        Self {
            group_by: query.grouping.label(),
            from: usage.range.from().as_millis(),
            to: usage.range.to().as_millis(),
            step: step.label(),
            step_ms: step.micros() / 1_000,
            count: usage.count,
            total: usage.total.into(),
            results: usage.groups.into_iter().map(GroupBody::from).collect(),
            others: (usage.count > listed).then(|| usage.others.into()),
        }
    }
}

impl From<UsageCount> for CountBody {
    fn from(count: UsageCount) -> Self {
        Self {
            calls: count.calls,
            refused: count.rejected,
            failed: count.failed,
            duration_micros: count.duration_us,
            bytes: count.bytes,
        }
    }
}

impl From<UsageSeries> for SeriesBody {
    fn from(series: UsageSeries) -> Self {
        Self {
            total: series.total.into(),
            series: series.calls,
        }
    }
}

impl From<UsageGroup> for GroupBody {
    fn from(group: UsageGroup) -> Self {
        let mut body = Self {
            user: None,
            token: None,
            route: None,
            status_class: None,
            total: group.series.total.into(),
            series: group.series.calls,
        };
        match group.of {
            UsageKey::Unknown => {}
            UsageKey::Actor(actor) => {
                body.user = Some(ActorBody {
                    id: actor.id,
                    kind: if actor.is_user { "USER" } else { "ORG_TOKEN" },
                    name: actor.name,
                    email: actor.email,
                });
            }
            UsageKey::Token(token) => {
                body.token = Some(TokenBody {
                    id: token.id,
                    kind: token.kind,
                    name: token.name,
                    last4: token.last4,
                    user_id: token.actor_id,
                });
            }
            UsageKey::Route { method, route } => {
                body.route = Some(RouteBody {
                    method,
                    path: route,
                });
            }
            UsageKey::Status(class) => body.status_class = Some(class.label()),
        }
        body
    }
}
