//! Tables `usage_minute` and `usage_hour`: calls, counted, and gathered by whom, what with, what for or how answered.

use domain::{
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
    usage::query::{Grouping, Range, StatusClass, Step},
};

use crate::platform::{dialect::on, error::StoreError, transaction::Conn};

/// Counts by group and step, of the groups with the most calls; those of all others under no name.
///
/// Each filter is a value to compare with, or `*` for any. What a search begins with is spelled as a plain comparison,
/// so that its index is found: `$5` is the caller, `$6` the token.
macro_rules! counts {
    ($table:literal, $scope:literal) => {
        concat!(
            "WITH wanted AS MATERIALIZED (SELECT CASE $9 WHEN 'user' THEN actor_id WHEN 'token' THEN token_id \
             WHEN 'route' THEN method || ' ' || route ELSE CAST(status_class AS TEXT) END AS name, \
             begins_at / $1 * $1 AS step_at, SUM(calls) AS calls, \
             SUM(CASE WHEN status_class = 4 THEN calls ELSE 0 END) AS refused, \
             SUM(CASE WHEN status_class = 5 THEN calls ELSE 0 END) AS failed, \
             SUM(duration_us) AS duration_us, SUM(bytes) AS bytes FROM ",
            $table,
            " WHERE ",
            $scope,
            " AND begins_at >= $2 AND begins_at < $3 AND organization_id IN ($4, '') AND ($5 = '*' OR actor_id = $5) \
             AND ($6 = '*' OR token_id = $6) AND ($7 = '*' OR route = $7 OR method || ' ' || route = $7) \
             AND ($8 = 0 OR status_class = $8) GROUP BY 1, 2), \
             top AS (SELECT name FROM wanted GROUP BY name ORDER BY SUM(calls) DESC, name LIMIT $10) \
             SELECT top.name AS name, wanted.step_at AS step_at, CAST(SUM(calls) AS BIGINT) AS calls, \
             CAST(SUM(refused) AS BIGINT) AS refused, CAST(SUM(failed) AS BIGINT) AS failed, \
             CAST(SUM(duration_us) AS BIGINT) AS duration_us, CAST(SUM(bytes) AS BIGINT) AS bytes, \
             (SELECT COUNT(DISTINCT name) FROM wanted) AS groups \
             FROM wanted LEFT JOIN top ON top.name = wanted.name GROUP BY top.name, wanted.step_at"
        )
    };
}

const MINUTES: [&str; 3] = [
    counts!("usage_minute", "organization_id IN ($4, '')"),
    counts!("usage_minute", "actor_id = $5"),
    counts!("usage_minute", "token_id = $6"),
];
const HOURS: [&str; 3] = [
    counts!("usage_hour", "organization_id IN ($4, '')"),
    counts!("usage_hour", "actor_id = $5"),
    counts!("usage_hour", "token_id = $6"),
];

/// Any value of a filter: no id, no route is written so.
const ANY: &str = "*";

/// Whose calls are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    Everybody,
    /// Those of nobody who is known: credentials that never were ours, and routes that ask for none.
    Nobody,
    /// Those of a user or an org token.
    Actor(Id),
}

/// Which calls are counted, and how they are gathered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageFilter {
    /// When, in which steps.
    pub range: Range,
    /// What they are gathered by.
    pub grouping: Grouping,
    /// Whose.
    pub whose: Whose,
    /// With which token.
    pub token_id: Option<Id>,
    /// Of which route: its template, with or without the method before it.
    pub route: Option<String>,
    /// Answered how.
    pub status_class: Option<StatusClass>,
    /// Groups told by themselves, at most.
    pub limit: i64,
}

/// How many calls, and what they came to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct UsageCount {
    /// Calls.
    pub calls: i64,
    /// Of them, those the caller was refused (4xx).
    pub refused: i64,
    /// Of them, those that failed on our side (5xx).
    pub failed: i64,
    /// How long they took in all, in microseconds.
    pub duration_us: i64,
    /// Bytes answered.
    pub bytes: i64,
}

impl UsageCount {
    /// Adds more.
    pub fn add(&mut self, more: &Self) {
        self.calls += more.calls;
        self.refused += more.refused;
        self.failed += more.failed;
        self.duration_us = self.duration_us.saturating_add(more.duration_us);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }
}

/// The calls of one group in one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsagePart {
    /// What they have in common, as it is stored: an id (empty for nobody), method and route, a digit. `None` for all
    /// groups that are not told by themselves.
    pub group: Option<String>,
    /// When the step begins.
    pub at: Timestamp,
    /// How many.
    pub count: UsageCount,
    /// How many groups there are in all.
    pub groups: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    name: Option<String>,
    step_at: i64,
    calls: i64,
    refused: i64,
    failed: i64,
    duration_us: i64,
    bytes: i64,
    groups: i64,
}

impl From<Row> for UsagePart {
    fn from(row: Row) -> Self {
        Self {
            group: row.name,
            at: Timestamp::from_micros(row.step_at),
            count: UsageCount {
                calls: row.calls,
                refused: row.refused,
                failed: row.failed,
                duration_us: row.duration_us,
                bytes: row.bytes,
            },
            groups: row.groups,
        }
    }
}

impl Conn {
    /// The counts of an organization's calls, and of those whose organization nobody can tell.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_usage(
        &mut self,
        organization_id: OrganizationId,
        filter: &UsageFilter,
    ) -> Result<Vec<UsagePart>, StoreError> {
        let any = || ANY.to_owned();
        let actor = match filter.whose {
            Whose::Everybody => any(),
            Whose::Nobody => String::new(),
            Whose::Actor(id) => id.to_string(),
        };
        let rows = on!(self, c => sqlx::query_as::<_, Row>(statement(filter))
            .bind(filter.range.step().micros())
            .bind(filter.range.from().as_micros())
            .bind(filter.range.to().as_micros())
            .bind(organization_id.to_string())
            .bind(&actor)
            .bind(filter.token_id.map_or_else(any, |id| id.to_string()))
            .bind(filter.route.clone().unwrap_or_else(any))
            .bind(filter.status_class.map_or(0, |class| i64::from(class.digit())))
            .bind(filter.grouping.label())
            .bind(filter.limit)
            .fetch_all(c)
            .await)?;
        Ok(rows.into_iter().map(UsagePart::from).collect())
    }
}

/// The statement that begins with the narrowest index.
const fn statement(filter: &UsageFilter) -> &'static str {
    let [all, of_actor, of_token] = match filter.range.step() {
        Step::Minute => MINUTES,
        Step::Hour | Step::QuarterDay | Step::Day => HOURS,
    };
    match (filter.token_id, filter.whose) {
        (Some(_), _) => of_token,
        (None, Whose::Actor(_)) => of_actor,
        (None, Whose::Everybody | Whose::Nobody) => all,
    }
}
