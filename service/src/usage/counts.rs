//! Usage: the calls of the API, counted by caller, token, route and status.
//!
//! Calls are stored in blocks ([`crate::audit::calls`]). A task adds them up by minute and hour, so that a usage query
//! does not read them. A query counts new calls first, so that it includes the caller's latest calls.

use domain::{
    identity::actor::Caller,
    platform::{id::Id, limits},
    usage::query::{Grouping, Range, StatusClass},
};
use store::{CallerFilter, UsageFilter};

use crate::{
    platform::error::ServiceError,
    usage::{
        handle::UsageCounts,
        usage_groups::{GroupNames, Usage, gathered},
    },
};

/// A usage query: which calls to count and how to group them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageQuery {
    /// The time range and its steps.
    pub range: Range,
    /// What to group by.
    pub grouping: Grouping,
    /// By these callers. Callers who may not read the usage of others get only their own, also when they request
    /// everyone's.
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

impl UsageCounts {
    /// Counts calls. Administrators and callers with the role `usage` see all calls, others their own.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when another caller requests the calls of others;
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
        let mut names = GroupNames::default();
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
    if caller.reads_usage_of_others() || callers == own {
        Ok(callers)
    } else if callers == CallerFilter::Any {
        Ok(own)
    } else {
        Err(ServiceError::Denied(
            "Only administrators and users with the role usage see the usage of others.".to_owned(),
        ))
    }
}
