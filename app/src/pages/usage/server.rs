//! Counts of calls, read from the service as the page shows them.

use domain::{
    identity::actor::Caller,
    platform::{id::Id, rejection::Rejected, timestamp::Timestamp},
    usage::query::{Grouping, Range, StatusClass, Step},
};
use service::{CallerFilter, Service, Usage, UsageQuery};

use crate::{
    error::UiError,
    model::usage::UsageReport,
    pages::usage::{
        address::UsageAddress,
        rows::{UNKNOWN, active_filters, rows, without_unknown},
    },
    request::{report, set_status},
};

/// Groups with a row of their own in a table.
const ROWS: i64 = 20;

/// Steps of a period that fit the chart.
const STEPS: i64 = 96;

/// The calls of a period, counted in every way the page shows.
pub(super) async fn find(
    service: &Service,
    caller: &Caller,
    address: &UsageAddress,
) -> Result<UsageReport, UiError> {
    let query = query_of(address, service.now())?;
    let by = async |grouping| -> Result<Usage, UiError> {
        let query = UsageQuery {
            grouping,
            ..query.clone()
        };
        report(service.usage().query(caller, &query).await)
    };
    let covers_all_users = caller.reads_usage_of_others();
    let is_of_one = !address.person.is_empty() || !covers_all_users;
    let people = by(Grouping::Actor).await?;
    let tokens = by(Grouping::Token).await?;
    Ok(UsageReport {
        from: query.range.from(),
        to: query.range.to(),
        step_micros: query.range.step().micros(),
        covers_all_users,
        total: people.total.into(),
        active_filters: active_filters(address, &people, &tokens, caller),
        people: (!is_of_one).then(|| rows(people)),
        tokens: without_unknown(rows(tokens)),
        routes: rows(by(Grouping::Route).await?),
        statuses: rows(by(Grouping::Status).await?),
    })
}

fn query_of(address: &UsageAddress, now: Timestamp) -> Result<UsageQuery, UiError> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let id = |text: &str| given(text).map(|text| Id::parse(&text)).transpose();
    let callers = match address.person.as_str() {
        UNKNOWN => CallerFilter::Unknown,
        person => id(person)?.map_or(CallerFilter::Any, CallerFilter::Actor),
    };
    Ok(UsageQuery {
        range: range(address, now)?,
        grouping: Grouping::Actor,
        callers,
        token_id: id(&address.token)?,
        route: given(&address.route),
        status_class: StatusClass::parse(&address.status),
        limit: ROWS,
    })
}

/// The period in steps. A period by name ends now, so its last step is incomplete.
fn range(address: &UsageAddress, now: Timestamp) -> Result<Range, UiError> {
    let end = now.plus_millis(1);
    let back = |step: Step, steps: i64| {
        let begin = step.begin_of(now).as_micros() - (steps - 1) * step.micros();
        Range::new(Timestamp::from_micros(begin), end, step, now)
    };
    let parse = |text: &str| text.parse().ok().map(Timestamp::from_millis);
    let ends = (parse(&address.from), parse(&address.to));
    let range = match (address.range.as_str(), ends) {
        ("", (Some(from), to)) => between(from, to.unwrap_or(end), now),
        ("", (None, Some(to))) => between(to.plus_days(-1), to, now),
        ("hour", _) => back(Step::Minute, 60),
        ("week", _) => back(Step::QuarterDay, 28),
        ("month", _) => back(Step::Day, 30),
        (_, _) => back(Step::Hour, 24),
    };
    range.map_err(|rejected| {
        set_status(400);
        UiError::rejected(
            rejected.field,
            "This period cannot be shown. Choose another one.",
        )
    })
}

/// A period in the smallest steps of which all fit the chart and are kept.
fn between(from: Timestamp, to: Timestamp, now: Timestamp) -> Result<Range, Rejected> {
    let micros = to.as_micros().saturating_sub(from.as_micros());
    let shortest = Step::shortest_kept(from, now);
    let fits = |step: &Step| *step >= shortest && micros / step.micros() <= STEPS;
    let step = Step::ALL.into_iter().find(fits).unwrap_or(Step::Day);
    Range::new(from, to, step, now)
}
