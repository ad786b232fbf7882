//! Usage: every call of the API, counted by whom, with what token, to which route, and how it was answered.
//!
//! Calls are stored in blocks ([`crate::audit::calls`]); a task counts them into minutes and hours, so that nobody who asks how
//! many there were has to read them. Whoever asks makes it count first, and finds the call they just made.

use std::{collections::HashMap, time::Duration};

use domain::{
    identity::actor::Caller,
    platform::{id::Id, limits},
    usage::query::{Grouping, Range, StatusClass},
};
use store::{UsageActor, UsageCount, UsageFilter, UsagePart, UsageToken, Whose};

use crate::{
    platform::{error::ServiceError, tasks::Tasks},
    usage::handle::UsageCounts,
};

/// How often calls are counted when nobody asks.
const COUNT_INTERVAL: Duration = Duration::from_secs(10);

/// Blocks counted in one transaction: a million calls.
const BLOCKS: usize = 1_024;

/// Which calls are asked for, and how they are gathered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageQuery {
    /// When, in which steps.
    pub range: Range,
    /// What they are gathered by.
    pub grouping: Grouping,
    /// Whose. Whoever is no administrator has only their own, whether they ask for them or for everybody's.
    pub whose: Whose,
    /// With which token.
    pub token_id: Option<Id>,
    /// Of which route: its template, with or without the method before it.
    pub route: Option<String>,
    /// Answered how.
    pub status_class: Option<StatusClass>,
    /// Groups told by themselves, at most; no more than [`limits::USAGE_GROUPS`].
    pub limit: i64,
}

/// Calls, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// When, in which steps.
    pub range: Range,
    /// How many groups there are in all.
    pub count: i64,
    /// All of them together.
    pub total: UsageCount,
    /// The groups with the most calls, the most first.
    pub groups: Vec<UsageGroup>,
    /// What the other groups have together.
    pub others: UsageSeries,
}

/// Counts over a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageSeries {
    /// All steps together.
    pub total: UsageCount,
    /// Calls in each step of the range.
    pub calls: Vec<i64>,
}

/// What some calls have in common, and how many they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageGroup {
    /// What they have in common.
    pub of: UsageKey,
    /// How many they are.
    pub series: UsageSeries,
}

/// What calls that are counted together have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageKey {
    /// Nobody is known to have made them, or no token: credentials that never were ours, and routes that ask for none.
    Nobody,
    /// A user or an org token made them.
    Actor(UsageActor),
    /// They were made with a token.
    Token(UsageToken),
    /// They asked for this.
    Route {
        /// The HTTP method.
        method: String,
        /// The route's template.
        route: String,
    },
    /// They were answered like this.
    Status(StatusClass),
}

impl UsageCounts {
    /// How many calls there were. Administrators see everybody's, others their own.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when somebody who is no administrator asks for another's;
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn query(&self, caller: &Caller, query: &UsageQuery) -> Result<Usage, ServiceError> {
        let filter = UsageFilter {
            range: query.range,
            grouping: query.grouping,
            whose: visible(caller, query.whose)?,
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

    /// Counts every call that is stored and not counted yet, but for those stored meanwhile.
    pub(crate) async fn count_calls(&self) -> Result<(), ServiceError> {
        // Up to now and no further: on a busy server there is no end of what comes meanwhile.
        let newest = self
            .platform
            .store()
            .read()
            .await?
            .newest_uncounted_block()
            .await?;
        let Some(newest) = newest else { return Ok(()) };
        loop {
            // What is in a block never changes, so it is read and counted while others write.
            let mut read = self.platform.store().read().await?;
            let tally = read.tally_uncounted_blocks(newest, BLOCKS).await?;
            drop(read);
            if tally.is_empty() {
                return Ok(());
            }
            let mut housekeeping = self.platform.store().housekeep().await?;
            if housekeeping.add_tally(&tally).await? {
                housekeeping.finish().await?;
                if tally.unreadable() > 0 {
                    tracing::error!(
                        blocks = tally.unreadable(),
                        "Calls could not be read and are not counted. `countersign audit verify` tells whether somebody changed them."
                    );
                }
            }
        }
    }

    /// Starts counting calls in the background.
    pub(crate) fn start(&self, tasks: &Tasks) {
        let usage = self.clone();
        tasks.every("count calls", COUNT_INTERVAL, move || {
            let usage = usage.clone();
            async move { usage.count_calls().await }
        });
    }
}

/// Whose calls the caller sees of those they ask for.
fn visible(caller: &Caller, whose: Whose) -> Result<Whose, ServiceError> {
    let actor = caller.actor();
    let own = Whose::Actor(actor.id());
    if actor.is_administrator() || whose == own {
        Ok(whose)
    } else if whose == Whose::Everybody {
        Ok(own)
    } else {
        Err(ServiceError::Denied(
            "Only an administrator sees the usage of others.".to_owned(),
        ))
    }
}

/// What groups are called, where they are stored by their ids.
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
        found.unwrap_or(UsageKey::Nobody)
    }
}

/// Puts the parts of each group together.
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
