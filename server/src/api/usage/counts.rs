//! `/v2/usage`: how many calls of the API there were, by whom, with which token, for what, and how answered (ours).

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

/// Hours back the range begins when nobody says.
const STANDARD_HOURS: i64 = 24;

/// Groups in an answer when nobody says.
const STANDARD_LIMIT: i64 = 20;

/// How `userId` asks for the calls of nobody who is known.
const NOBODY: &str = "unknown";

/// The routes of usage. Whoever is no administrator sees their own, which the act sees to.
pub(crate) fn routes() -> Routes {
    Routes::of(
        "Usage",
        "How many calls of the API there were, by user, token, route and status. Administrators see all of them, \
         others their own.",
    )
    .get(
        "/v2/usage",
        Access::AnyCaller,
        Summary::new("Count calls of the API").or(axum::http::StatusCode::FORBIDDEN),
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
    let to = moment(parameters, "to")?.unwrap_or_else(|| now.plus_millis(1));
    let from =
        moment(parameters, "from")?.unwrap_or_else(|| to.plus_seconds(-3_600 * STANDARD_HOURS));
    let step = known(
        parameters,
        "step",
        Step::from_label,
        "minute, hour, 6h or day",
    )?;
    let grouping = known(
        parameters,
        "groupBy",
        Grouping::from_label,
        "user, token, route or status",
    )?;
    let callers = match parameters.find("userId") {
        None => CallerFilter::Any,
        Some(NOBODY) => CallerFilter::Unknown,
        Some(id) => CallerFilter::Actor(Id::parse(id)?),
    };
    let limit = known(parameters, "limit", limit, "a number from 1 to 100")?;
    Ok(UsageQuery {
        range: Range::new(from, to, step.unwrap_or_else(|| Step::fitting(from, to)))?,
        grouping: grouping.unwrap_or(Grouping::Actor),
        callers,
        token_id: parameters.find("tokenId").map(Id::parse).transpose()?,
        route: parameters.find("route").map(str::to_owned),
        status_class: known(
            parameters,
            "statusClass",
            StatusClass::parse,
            "one like 2xx",
        )?,
        limit: limit.unwrap_or(STANDARD_LIMIT),
    })
}

/// A parameter that is one of what is known; refused when it is something else.
fn known<T>(
    parameters: &Parameters<UsageParameters>,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
    wanted: &str,
) -> Result<Option<T>, Rejected> {
    let Some(given) = parameters.find(name) else {
        return Ok(None);
    };
    let parsed = parse(given).map(Some);
    parsed.ok_or_else(|| Rejected::field(name, format!("{name} must be {wanted}.")))
}

fn moment(
    parameters: &Parameters<UsageParameters>,
    name: &str,
) -> Result<Option<Timestamp>, Rejected> {
    let millis = |text: &str| text.parse().ok().map(Timestamp::from_millis);
    known(
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

/// Calls, counted. The range is widened to whole steps, and told as it was counted.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Usage", deny_unknown_fields)]
struct UsageBody {
    #[schemars(with = "GroupingLabel")]
    group_by: &'static str,
    /// In milliseconds since 1970.
    from: i64,
    /// In milliseconds since 1970; what happened then is not counted any more.
    to: i64,
    #[schemars(with = "StepLabel")]
    step: &'static str,
    step_ms: i64,
    /// How many groups there are, those that are told as others too.
    count: i64,
    total: CountBody,
    /// The groups with the most calls, the most first.
    results: Vec<GroupBody>,
    /// What all other groups have together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "SeriesBody")]
    others: Option<SeriesBody>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UsageCount", deny_unknown_fields)]
struct CountBody {
    calls: i64,
    /// Of the calls, those answered with 4xx.
    refused: i64,
    /// Of the calls, those answered with 5xx.
    failed: i64,
    /// How long they took in all.
    duration_micros: i64,
    /// Bytes of the answers' bodies.
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

/// Calls that have something in common: one of the members tells what. None does for calls of which nobody knows.
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

/// A user or an org token, as it was called when it called.
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
    /// Whose it is; an org token is its own.
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
        let told = i64::try_from(usage.groups.len()).unwrap_or(i64::MAX);
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
            others: (usage.count > told).then(|| usage.others.into()),
        }
    }
}

impl From<UsageCount> for CountBody {
    fn from(count: UsageCount) -> Self {
        Self {
            calls: count.calls,
            refused: count.refused,
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
            UsageKey::Nobody => {}
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
