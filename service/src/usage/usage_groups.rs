//! Adds counted calls up into groups and time series.

use std::collections::HashMap;

use domain::{
    platform::id::Id,
    usage::query::{Grouping, Range, StatusClass},
};
use store::{UsageActor, UsageCount, UsageFilter, UsagePart, UsageToken};

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

/// The display names of groups that are stored by id.
#[derive(Default)]
pub(crate) struct GroupNames {
    pub(super) actors: Vec<UsageActor>,
    pub(super) tokens: Vec<UsageToken>,
}

impl GroupNames {
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
pub(crate) fn gathered(filter: &UsageFilter, parts: Vec<UsagePart>, names: &GroupNames) -> Usage {
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
