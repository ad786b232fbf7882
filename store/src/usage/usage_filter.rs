//! The filter and the grouping of queries of the counts.

use domain::{
    platform::id::{Id, OrganizationId},
    usage::query::{Grouping, Range, StatusClass},
};

use crate::platform::{Value, values};

/// The value of a filter that passes every call: no id and no route equals it.
const ANY: &str = "*";

/// The callers whose calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerFilter {
    /// All callers.
    Any,
    /// Unknown callers: with an unknown credential, or to routes that require none.
    Unknown,
    /// A user or an org token.
    Actor(Id),
}

/// A filter on the counts of calls. All given conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageFilter {
    /// The time range, and its steps.
    pub range: Range,
    /// What the calls are grouped by.
    pub grouping: Grouping,
    /// By these callers.
    pub callers: CallerFilter,
    /// With this token.
    pub token_id: Option<Id>,
    /// To this route: its template, with or without the method before it.
    pub route: Option<String>,
    /// With a status of this class.
    pub status_class: Option<StatusClass>,
    /// The maximum number of groups; all others are returned as one.
    pub limit: i64,
}

impl UsageFilter {
    /// The ten values of a statement.
    pub(crate) fn values(&self, organization_id: OrganizationId) -> Vec<Value<'_>> {
        let any = || Value::from(ANY);
        let actor = match self.callers {
            CallerFilter::Any => any(),
            CallerFilter::Unknown => Value::from(""),
            CallerFilter::Actor(id) => Value::from(id),
        };
        values![
            self.range.step().micros(),
            self.range.from(),
            self.range.to(),
            organization_id,
            actor,
            self.token_id.map_or_else(any, Value::from),
            self.route.as_deref().map_or_else(any, Value::from),
            self.status_class
                .map_or(0, |class| i64::from(class.digit())),
            self.grouping.label(),
            self.limit,
        ]
    }
}
