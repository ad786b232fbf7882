//! Tables `usage_minute`, `usage_hour` and `usage_day`: counts of calls, grouped by caller, token, route or status.

use domain::{
    platform::{id::OrganizationId, timestamp::Timestamp},
    usage::query::Step,
};

use super::usage_filter::{CallerFilter, UsageFilter};
use crate::platform::{Conn, Sql, StoreError, Stored, statements};

/// Counts by group and step of the groups with the most calls. All other groups are one group without a name.
///
/// Each filter is a value to compare with, or `*` for any. The most selective condition is a plain comparison (`$5` is
/// the caller, `$6` the token), so that the database uses its index.
macro_rules! counts {
    ($table:literal, $scope:literal) => {
        concat!(
            "WITH matching AS MATERIALIZED (SELECT CASE $9 WHEN 'user' THEN actor_id WHEN 'token' THEN token_id \
             WHEN 'route' THEN method || ' ' || route ELSE CAST(status_class AS TEXT) END AS name, \
             begins_at / $1 * $1 AS step_at, SUM(calls) AS calls, \
             SUM(CASE WHEN status_class = 4 THEN calls ELSE 0 END) AS rejected, \
             SUM(CASE WHEN status_class = 5 THEN calls ELSE 0 END) AS failed, \
             SUM(duration_us) AS duration_us, SUM(bytes) AS bytes FROM ",
            $table,
            " WHERE ",
            $scope,
            " AND begins_at >= $2 AND begins_at < $3 AND organization_id IN ($4, '') AND ($5 = '*' OR actor_id = $5) \
             AND ($6 = '*' OR token_id = $6) AND ($7 = '*' OR route = $7 OR method || ' ' || route = $7) \
             AND ($8 = 0 OR status_class = $8) GROUP BY 1, 2), \
             top AS (SELECT name FROM matching GROUP BY name ORDER BY SUM(calls) DESC, name LIMIT $10) \
             SELECT top.name AS name, matching.step_at AS step_at, CAST(SUM(calls) AS BIGINT) AS calls, \
             CAST(SUM(rejected) AS BIGINT) AS rejected, CAST(SUM(failed) AS BIGINT) AS failed, \
             CAST(SUM(duration_us) AS BIGINT) AS duration_us, CAST(SUM(bytes) AS BIGINT) AS bytes, \
             (SELECT COUNT(DISTINCT name) FROM matching) AS groups \
             FROM matching LEFT JOIN top ON top.name = matching.name GROUP BY top.name, matching.step_at"
        )
    };
}

/// The counts of all callers, of one caller, and of one token.
macro_rules! scopes {
    ($table:literal) => {
        [
            counts!($table, "organization_id IN ($4, '')"),
            counts!($table, "actor_id = $5"),
            counts!($table, "token_id = $6"),
        ]
    };
}

statements! {
    const MINUTES: [Sql; 3] = scopes!("usage_minute");
    const HOURS: [Sql; 3] = scopes!("usage_hour");
    const DAYS: [Sql; 3] = scopes!("usage_day");
}

/// A number of calls, and sums over them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct UsageCount {
    /// Calls.
    pub calls: i64,
    /// Of them, those with a status 4xx.
    pub rejected: i64,
    /// Of them, those with a status 5xx.
    pub failed: i64,
    /// The sum of their durations, in microseconds.
    pub duration_us: i64,
    /// Bytes of the responses.
    pub bytes: i64,
}

impl UsageCount {
    /// Adds further calls.
    pub const fn add(&mut self, more: &Self) {
        self.calls += more.calls;
        self.rejected += more.rejected;
        self.failed += more.failed;
        self.duration_us = self.duration_us.saturating_add(more.duration_us);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }
}

/// The calls of one group in one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsagePart {
    /// The group's key as it is stored: an id (empty for unknown callers), method and route, or a digit. `None` for all
    /// groups beyond the limit.
    pub group: Option<String>,
    /// When the step begins.
    pub at: Timestamp,
    /// The counts.
    pub count: UsageCount,
    /// How many groups there are in all.
    pub groups: i64,
}

#[derive(sqlx::FromRow)]
pub(crate) struct UsagePartRow {
    name: Option<String>,
    step_at: i64,
    calls: i64,
    rejected: i64,
    failed: i64,
    duration_us: i64,
    bytes: i64,
    groups: i64,
}

impl Stored for UsagePart {
    type Row = UsagePartRow;

    fn from_row(row: UsagePartRow) -> Result<Self, StoreError> {
        Ok(Self {
            group: row.name,
            at: Timestamp::from_micros(row.step_at),
            count: UsageCount {
                calls: row.calls,
                rejected: row.rejected,
                failed: row.failed,
                duration_us: row.duration_us,
                bytes: row.bytes,
            },
            groups: row.groups,
        })
    }
}

impl Conn {
    /// The counts of an organization's calls and of those whose organization is unknown.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_usage(
        &mut self,
        organization_id: OrganizationId,
        filter: &UsageFilter,
    ) -> Result<Vec<UsagePart>, StoreError> {
        self.list(statement(filter), filter.values(organization_id))
            .await
    }
}

/// The statement that uses the narrowest index.
const fn statement(filter: &UsageFilter) -> Sql {
    let [all, of_actor, of_token] = match filter.range.step() {
        Step::Minute => MINUTES,
        Step::Hour | Step::QuarterDay => HOURS,
        Step::Day => DAYS,
    };
    match (filter.token_id, filter.callers) {
        (Some(_), _) => of_token,
        (None, CallerFilter::Actor(_)) => of_actor,
        (None, CallerFilter::Any | CallerFilter::Unknown) => all,
    }
}
