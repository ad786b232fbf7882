//! Calls, counted, gathered from the service as the page shows them.

use domain::{
    identity::{actor::Caller, credential::TokenKind},
    platform::{id::Id, timestamp::Timestamp},
    usage::query::{Grouping, Range, StatusClass, Step},
};
use service::{Service, Usage, UsageCount, UsageGroup, UsageKey, UsageQuery, Whose};

use crate::{
    error::UiError,
    model::usage::{Narrowed, UsageFound, UsageGroups, UsageNumbers, UsageRow},
    pages::usage::query::UsageAsked,
    request::context::told,
};

/// Groups told by themselves in a table.
const ROWS: i64 = 20;

/// How the address asks for calls of nobody who is known.
const NOBODY: &str = "unknown";

/// Calls, counted in every way.
pub(crate) async fn find(
    service: &Service,
    caller: &Caller,
    asked: &UsageAsked,
) -> Result<UsageFound, UiError> {
    let query = read(asked, service.now())?;
    let by = async |grouping| {
        let query = UsageQuery {
            grouping,
            ..query.clone()
        };
        told(service.usage().query(caller, &query).await)
    };
    let of_one = !asked.person.is_empty() || !caller.actor().is_administrator();
    let people = by(Grouping::Actor).await?;
    let tokens = by(Grouping::Token).await?;
    let narrowed = narrowed(asked, &people, &tokens);
    Ok(UsageFound {
        from: query.range.from(),
        to: query.range.to(),
        step_micros: query.range.step().micros(),
        total: people.total.into(),
        people: (!of_one).then(|| groups(people)),
        tokens: without_links_to_nobody(groups(tokens)),
        routes: groups(by(Grouping::Route).await?),
        statuses: groups(by(Grouping::Status).await?),
        narrowed,
    })
}

fn read(asked: &UsageAsked, now: Timestamp) -> Result<UsageQuery, UiError> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let id = |text: &str| given(text).map(|text| Id::parse(&text)).transpose();
    let whose = match asked.person.as_str() {
        NOBODY => Whose::Nobody,
        person => id(person)?.map_or(Whose::Everybody, Whose::Actor),
    };
    Ok(UsageQuery {
        range: range(asked, now)?,
        grouping: Grouping::Actor,
        whose,
        token_id: id(&asked.token)?,
        route: given(&asked.route),
        status_class: StatusClass::parse(&asked.status),
        limit: ROWS,
    })
}

/// The range that is asked for: by name as many steps as fit a picture, the last of them still running; or from one
/// moment to another.
fn range(asked: &UsageAsked, now: Timestamp) -> Result<Range, UiError> {
    let end = now.plus_millis(1);
    let back = |step: Step, steps: i64| {
        let begin = step.begin_of(now).as_micros() - (steps - 1) * step.micros();
        Range::new(Timestamp::from_micros(begin), end, step)
    };
    let moment = |text: &str| text.parse().ok().map(Timestamp::from_millis);
    let range = match (asked.range.as_str(), moment(&asked.from), moment(&asked.to)) {
        ("", Some(from), to) => between(from, to.unwrap_or(end)),
        ("", None, Some(to)) => between(to.plus_days(-1), to),
        ("hour", ..) => back(Step::Minute, 60),
        ("week", ..) => back(Step::QuarterDay, 28),
        ("month", ..) => back(Step::Day, 30),
        (_, _, _) => back(Step::Hour, 24),
    };
    range.map_err(|refused| {
        crate::request::context::set_status(400);
        UiError::Rejected {
            field: refused.field,
            message: "This range of time cannot be shown. Choose one above.".to_owned(),
        }
    })
}

/// A range in steps that fit a picture.
fn between(from: Timestamp, to: Timestamp) -> Result<Range, domain::platform::rejection::Rejected> {
    let micros = to.as_micros().saturating_sub(from.as_micros());
    let fits = |step: &Step| micros / step.micros() <= 96;
    let step = Step::ALL.into_iter().find(fits).unwrap_or(Step::Day);
    Range::new(from, to, step)
}

/// What the user, the token and the route are called to which the calls are narrowed.
fn narrowed(asked: &UsageAsked, people: &Usage, tokens: &Usage) -> Vec<Narrowed> {
    let called = |usage: &Usage, value: &str| {
        let mut rows = usage.groups.iter().map(row);
        rows.find(|row| row.value == value)
            .map_or_else(|| value.to_owned(), |row| row.title)
    };
    let is_person = people
        .groups
        .iter()
        .any(|group| matches!(&group.of, UsageKey::Actor(actor) if actor.is_user));
    let is_org = tokens
        .groups
        .iter()
        .any(|group| matches!(&group.of, UsageKey::Token(token) if token.kind == TokenKind::Org));
    let token_page = if is_org { "/access-tokens" } else { "/tokens" };
    let of = |filter: &str, label: &str, value: &str, words: String, page: Option<String>| {
        (!value.is_empty()).then(|| Narrowed {
            filter: filter.to_owned(),
            label: label.to_owned(),
            words,
            page,
        })
    };
    let (person, token) = (&asked.person, &asked.token);
    let person_page = is_person.then(|| format!("/organization/members/{person}"));
    [
        of(
            "person",
            "User",
            person,
            called(people, person),
            person_page,
        ),
        of(
            "token",
            "Token",
            token,
            called(tokens, token),
            Some(format!("{token_page}/{token}")),
        ),
        of("route", "Route", &asked.route, asked.route.clone(), None),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn groups(usage: Usage) -> UsageGroups {
    let others = usage.count - i64::try_from(usage.groups.len()).unwrap_or(i64::MAX);
    let mut rows: Vec<_> = usage.groups.iter().map(row).collect();
    if others > 0 {
        rows.push(UsageRow {
            value: String::new(),
            title: "Others".to_owned(),
            detail: format!("{others} more"),
            numbers: usage.others.total.into(),
            series: usage.others.calls,
        });
    }
    UsageGroups { rows }
}

/// Calls of nobody who is known are narrowed to by their user; a token they have not.
fn without_links_to_nobody(mut tokens: UsageGroups) -> UsageGroups {
    for row in &mut tokens.rows {
        if row.value == NOBODY {
            row.value.clear();
            "No known token".clone_into(&mut row.title);
        }
    }
    tokens
}

fn row(group: &UsageGroup) -> UsageRow {
    let (value, title, detail) = match &group.of {
        UsageKey::Nobody => {
            let detail = "sign-ins and unknown tokens".to_owned();
            (NOBODY.to_owned(), "Nobody known".to_owned(), detail)
        }
        UsageKey::Actor(actor) if actor.is_user => (
            actor.id.to_string(),
            actor.name.clone(),
            actor.email.clone(),
        ),
        UsageKey::Actor(actor) => (
            actor.id.to_string(),
            actor.name.clone(),
            "org token".to_owned(),
        ),
        UsageKey::Token(token) => {
            let title = match token.name.as_str() {
                "" => format!("…{}", token.last4),
                name => format!("{name} …{}", token.last4),
            };
            (token.id.to_string(), title, token.kind.words().to_owned())
        }
        UsageKey::Route { method, route } => {
            let name = format!("{method} {route}");
            (name.clone(), name, String::new())
        }
        UsageKey::Status(class) => {
            let words = match class.digit() {
                2 => "done",
                3 => "led elsewhere",
                4 => "refused",
                _ => "failed",
            };
            (class.label(), class.label(), words.to_owned())
        }
    };
    UsageRow {
        value,
        title,
        detail,
        numbers: group.series.total.into(),
        series: group.series.calls.clone(),
    }
}

impl From<UsageCount> for UsageNumbers {
    fn from(count: UsageCount) -> Self {
        Self {
            calls: count.calls,
            refused: count.refused,
            failed: count.failed,
            duration_us: count.duration_us,
            bytes: count.bytes,
        }
    }
}
