//! Groups of calls as rows of the tables, with the names of users, tokens and routes.

use domain::identity::{actor::Caller, credential::TokenKind};
use service::{Usage, UsageActor, UsageCount, UsageGroup, UsageKey, UsageToken};

use crate::{
    model::usage::{ActiveFilter, CallCounts, UsageRow},
    pages::usage::address::UsageAddress,
};

/// The filter value for calls of unknown users.
pub(super) const UNKNOWN: &str = "unknown";

/// The groups, and at the end all further groups in one row.
pub(super) fn rows(usage: Usage) -> Vec<UsageRow> {
    let others = usage.count - i64::try_from(usage.groups.len()).unwrap_or(i64::MAX);
    let mut rows: Vec<_> = usage.groups.iter().map(row).collect();
    if others > 0 {
        rows.push(UsageRow {
            value: String::new(),
            title: "Others".to_owned(),
            detail: format!("{others} more"),
            counts: usage.others.total.into(),
            series: usage.others.calls,
        });
    }
    rows
}

/// Removes the link of the group without a token: calls can be filtered by an unknown user, not by an unknown token.
pub(super) fn without_unknown(mut tokens: Vec<UsageRow>) -> Vec<UsageRow> {
    for row in &mut tokens {
        if row.value == UNKNOWN {
            row.value.clear();
            "No known token".clone_into(&mut row.title);
        }
    }
    tokens
}

/// The user, token and route filters that are set, with pages that the caller may open. A name is found among the groups,
/// because the calls are filtered.
pub(super) fn active_filters(
    address: &UsageAddress,
    people: &Usage,
    tokens: &Usage,
    caller: &Caller,
) -> Vec<ActiveFilter> {
    let UsageAddress {
        person,
        token,
        route,
        ..
    } = address;
    let filters = [
        (
            "person",
            "User",
            person,
            title_of(people, person),
            person_page(person, people).filter(|_| caller.is_administrator()),
        ),
        (
            "token",
            "Token",
            token,
            title_of(tokens, token),
            Some(token_page(token, tokens)).filter(|_| may_open_token(tokens, caller)),
        ),
        ("route", "Route", route, route.clone(), None),
    ];
    filters
        .into_iter()
        .filter(|(_, _, value, _, _)| !value.is_empty())
        .map(|(parameter, label, _, name, page)| ActiveFilter {
            parameter: parameter.to_owned(),
            label: label.to_owned(),
            name,
            page,
        })
        .collect()
}

fn title_of(usage: &Usage, value: &str) -> String {
    let mut rows = usage.groups.iter().map(row);
    rows.find(|row| row.value == value)
        .map_or_else(|| value.to_owned(), |row| row.title)
}

/// The page of a member; an org token's calls have none.
fn person_page(person: &str, people: &Usage) -> Option<String> {
    let is_user = people
        .groups
        .iter()
        .any(|group| matches!(&group.of, UsageKey::Actor(actor) if actor.is_user));
    is_user.then(|| format!("/organization/members/{person}"))
}

/// Members open the pages of their own tokens, administrators those of all.
fn may_open_token(tokens: &Usage, caller: &Caller) -> bool {
    let is_own = |key: &UsageKey| matches!(key, UsageKey::Token(token) if token.actor_id == caller.actor().id());
    caller.is_administrator() || tokens.groups.iter().any(|group| is_own(&group.of))
}

fn token_page(token: &str, tokens: &Usage) -> String {
    let is_org = tokens
        .groups
        .iter()
        .any(|group| matches!(&group.of, UsageKey::Token(token) if token.kind == TokenKind::Org));
    let list = if is_org { "/access-tokens" } else { "/tokens" };
    format!("{list}/{token}")
}

fn row(group: &UsageGroup) -> UsageRow {
    let (value, title, detail) = texts(&group.of);
    UsageRow {
        value,
        title,
        detail,
        counts: group.series.total.into(),
        series: group.series.calls.clone(),
    }
}

/// The filter value, title and detail of a group.
fn texts(key: &UsageKey) -> (String, String, String) {
    match key {
        UsageKey::Unknown => (
            UNKNOWN.to_owned(),
            "Unknown user".to_owned(),
            "sign-ins and unknown tokens".to_owned(),
        ),
        UsageKey::Actor(actor) => (
            actor.id.to_string(),
            actor.name.clone(),
            actor_detail(actor),
        ),
        UsageKey::Token(token) => (
            token.id.to_string(),
            token_title(token),
            token.kind.words().to_owned(),
        ),
        UsageKey::Route { method, route } => {
            let name = format!("{method} {route}");
            (name.clone(), name, String::new())
        }
        UsageKey::Status(class) => (
            class.label(),
            class.label(),
            status_detail(class.digit()).to_owned(),
        ),
    }
}

fn actor_detail(actor: &UsageActor) -> String {
    if actor.is_user {
        actor.email.clone()
    } else {
        "org token".to_owned()
    }
}

fn token_title(token: &UsageToken) -> String {
    match token.name.as_str() {
        "" => format!("…{}", token.last4),
        name => format!("{name} …{}", token.last4),
    }
}

const fn status_detail(digit: u8) -> &'static str {
    match digit {
        2 => "succeeded",
        3 => "redirected",
        4 => "rejected",
        _ => "failed",
    }
}

impl From<UsageCount> for CallCounts {
    fn from(count: UsageCount) -> Self {
        Self {
            calls: count.calls,
            rejected: count.rejected,
            failed: count.failed,
            duration_us: count.duration_us,
            bytes: count.bytes,
        }
    }
}
