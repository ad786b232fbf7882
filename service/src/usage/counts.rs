//! Usage: the calls of the API, counted by caller, token, route and status.
//!
//! Calls are stored in blocks ([`crate::audit::calls`]). A task adds them up by minute and hour, so that a usage query
//! does not read them. A query counts new calls first, so that it includes the caller's latest calls.

use std::collections::HashMap;

use domain::{
    identity::actor::Caller,
    platform::{id::Id, limits},
    usage::query::{Grouping, Range, StatusClass},
};
use store::{CallerFilter, UsageActor, UsageCount, UsageFilter, UsagePart, UsageToken};

use crate::{platform::error::ServiceError, usage::handle::UsageCounts};

/// A usage query: which calls to count and how to group them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageQuery {
    /// The time range and its steps.
    pub range: Range,
    /// What to group by.
    pub grouping: Grouping,
    /// By these callers. Callers who are not administrators get only their own, also when they request everyone's.
    pub callers: CallerFilter,
    /// Only calls with this token.
    pub token_id: Option<Id>,
    /// Only calls of this route: its template, with or without the method before it.
    pub route: Option<String>,
    /// Only calls with this status class.
    pub status_class: Option<StatusClass>,
    /// Maximum number of groups that are listed separately; at most [`limits::USAGE_GROUPS`].
    pub limit: i64,
}

/// The result of a usage query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The time range and its steps.
    pub range: Range,
    /// The total number of groups.
    pub count: i64,
    /// The sum of all groups.
    pub total: UsageCount,
    /// The groups with the most calls, in descending order.
    pub groups: Vec<UsageGroup>,
    /// The sum of the groups that are not listed.
    pub others: UsageSeries,
}

/// Counts over a time range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageSeries {
    /// The sum of all steps.
    pub total: UsageCount,
    /// The number of calls in each step of the range.
    pub calls: Vec<i64>,
}

/// A group and its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageGroup {
    /// What the calls of the group have in common.
    pub of: UsageKey,
    /// The counts of the group.
    pub series: UsageSeries,
}

/// The key of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageKey {
    /// The caller or the token is unknown: unknown credentials, and routes without authentication.
    Unknown,
    /// Calls of a user or an org token.
    Actor(UsageActor),
    /// Calls with a token.
    Token(UsageToken),
    /// Calls of a route.
    Route {
        /// The HTTP method.
        method: String,
        /// The route template.
        route: String,
    },
    /// Calls with a status class.
    Status(StatusClass),
}

impl UsageCounts {
    /// Counts calls. Administrators see all calls, other callers their own.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when a caller who is not an administrator requests the calls of another;
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn query(&self, caller: &Caller, query: &UsageQuery) -> Result<Usage, ServiceError> {
        let filter = UsageFilter {
            range: query.range,
            grouping: query.grouping,
            callers: visible(caller, query.callers)?,
            token_id: query.token_id,
            route: query.route.clone(),
            status_class: query.status_class,
            limit: query.limit.clamp(1, limits::USAGE_GROUPS),
        };
        self.audit.flush_calls().await?;
        self.count_calls().await?;
        let mut read = self.platform.store().read().await?;
        let parts = read.list_usage(caller.organization_id(), &filter).await?;
        let ids = || {
            parts
                .iter()
                .filter_map(|part| Id::parse(part.group.as_deref()?).ok())
        };
        let mut names = Names::default();
        match query.grouping {
            Grouping::Actor => {
                names.actors = read.list_usage_actors(&ids().collect::<Vec<_>>()).await?
            }
            Grouping::Token => {
                names.tokens = read.list_usage_tokens(&ids().collect::<Vec<_>>()).await?
            }
            Grouping::Route | Grouping::Status => {}
        }
        Ok(gathered(&filter, parts, &names))
    }
}

/// The calls that the caller may see of those requested.
fn visible(caller: &Caller, callers: CallerFilter) -> Result<CallerFilter, ServiceError> {
    let actor = caller.actor();
    let own = CallerFilter::Actor(actor.id());
    if caller.is_administrator() || callers == own {
        Ok(callers)
    } else if callers == CallerFilter::Any {
        Ok(own)
    } else {
        Err(ServiceError::Denied(
            "Only an administrator sees the usage of others.".to_owned(),
        ))
    }
}

/// The display names of groups that are stored by id.
#[derive(Default)]
struct Names {
    actors: Vec<UsageActor>,
    tokens: Vec<UsageToken>,
}

impl Names {
    fn key(&self, grouping: Grouping, stored: &str) -> UsageKey {
        let id = Id::parse(stored).ok();
        let found = match grouping {
            Grouping::Actor => {
                let actor = self.actors.iter().find(|actor| Some(actor.id) == id);
                actor.cloned().map(UsageKey::Actor)
            }
            Grouping::Token => {
                let token = self.tokens.iter().find(|token| Some(token.id) == id);
                token.cloned().map(UsageKey::Token)
            }
            Grouping::Route => stored
                .split_once(' ')
                .map(|(method, route)| UsageKey::Route {
                    method: method.to_owned(),
                    route: route.to_owned(),
                }),
            Grouping::Status => StatusClass::parse(&format!("{stored}xx")).map(UsageKey::Status),
        };
        found.unwrap_or(UsageKey::Unknown)
    }
}

/// Combines the parts of each group.
fn gathered(filter: &UsageFilter, parts: Vec<UsagePart>, names: &Names) -> Usage {
    let range = filter.range;
    let empty = || UsageSeries {
        total: UsageCount::default(),
        calls: vec![0; range.steps()],
    };
    let count = parts.first().map_or(0, |part| part.groups);
    let (mut total, mut others) = (UsageCount::default(), empty());
    let mut groups: HashMap<String, UsageSeries> = HashMap::new();
    for part in parts {
        total.add(&part.count);
        let series = match part.group {
            Some(group) => groups.entry(group).or_insert_with(empty),
            None => &mut others,
        };
        series.total.add(&part.count);
        if let Some(calls) = range
            .place(part.at)
            .and_then(|place| series.calls.get_mut(place))
        {
            *calls += part.count.calls;
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(one, first), (other, second)| {
        (second.total.calls, one).cmp(&(first.total.calls, other))
    });
    let groups = groups.into_iter().map(|(stored, series)| UsageGroup {
        of: names.key(filter.grouping, &stored),
        series,
    });
    Usage {
        range,
        count,
        total,
        groups: groups.collect(),
        others,
    }
}
