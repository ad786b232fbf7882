//! The form that filters the audit log. Rarely used fields are behind "More filters" while they are empty.

use domain::{
    audit::{
        event::{Action, ObjectType},
        query::EntryKind,
    },
    platform::timestamp::Timestamp,
};
use leptos::prelude::*;

use crate::model::{
    audit::query::AuditQuery,
    platform::{list::Choices, paths::AUDIT},
};

/// The form.
#[component]
pub(super) fn Filters(query: AuditQuery) -> impl IntoView {
    let is_events = query.what() == EntryKind::Events;
    view! {
        <form class="audit-log-form" method="get" action=AUDIT role="search">
            {(!is_events).then(|| view! { <input type="hidden" name="what" value=EntryKind::Calls.label() /> })}
            <div class="search">
                <label class="visually-hidden" for="audit-person">"Person"</label>
                <input
                    id="audit-person"
                    name="person"
                    type="search"
                    value=query.get("person").to_owned()
                    placeholder="Person: email or ID"
                    maxlength="255"
                    autocomplete="off"
                />
                {is_events.then(|| view! {
                    <AuditSelect query=query.clone() name="kind" label="Object type" choices=object_types() />
                    <AuditSelect query=query.clone() name="action" label="Action" choices=actions() />
                })}
                <AuditSelect query=query.clone() name="outcome" label="Outcome" choices=outcomes(is_events) />
                <button type="submit" class="button">"Show"</button>
            </div>
            <MoreFilters query is_events />
        </form>
    }
}

#[component]
fn MoreFilters(query: AuditQuery, is_events: bool) -> impl IntoView {
    let names = ["token", "object", "address", "request", "from", "to"];
    let is_open = names.iter().any(|name| !query.get(name).is_empty());
    let summary = if is_events {
        "More filters: token, object, address, request, time"
    } else {
        "More filters: token, address, request, time"
    };
    let text = |name: &'static str, label: &'static str| view! { <TextField query=query.clone() name label kind="text" /> };
    let time = |name: &'static str, label: &'static str| view! { <TextField query=query.clone() name label kind="datetime-local" /> };
    view! {
        <details class="disclosure" open=is_open>
            <summary>{summary}</summary>
            <div class="pairs">
                {text("token", "Token ID")}
                {is_events.then(|| text("object", "Object ID"))}
                {text("address", "Network address")}
                {text("request", "Request ID")}
                {time("from", "From (UTC)")}
                {time("to", "To (UTC)")}
            </div>
        </details>
    }
}

#[component]
fn TextField(
    query: AuditQuery,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
) -> impl IntoView {
    let id = format!("audit-{name}");
    let value = field_value(kind, query.get(name));
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name type=kind value=value maxlength="100" autocomplete="off" />
        </div>
    }
}

/// The value of a field. A time in the address may be in milliseconds since 1970.
fn field_value(kind: &str, given: &str) -> String {
    match given.parse() {
        Ok(millis) if kind == "datetime-local" => Timestamp::from_millis(millis).to_field(),
        _ => given.to_owned(),
    }
}

#[component]
fn AuditSelect(
    query: AuditQuery,
    name: &'static str,
    label: &'static str,
    choices: Choices,
) -> impl IntoView {
    let id = format!("audit-{name}");
    let current = query.get(name).to_owned();
    let options = choices.into_iter().map(|(value, words)| {
        let selected = value == current;
        view! { <option value=value selected=selected>{words}</option> }
    });
    view! {
        <label class="visually-hidden" for=id.clone()>{label}</label>
        <select id=id name=name>{options.collect_view()}</select>
    }
}

fn choices<'a>(any: &'a str, some: impl IntoIterator<Item = (&'a str, &'a str)>) -> Choices {
    std::iter::once(("", any))
        .chain(some)
        .map(|(value, words)| (value.to_owned(), words.to_owned()))
        .collect()
}

fn object_types() -> Choices {
    let types = ObjectType::all().map(|kind| (kind.label(), kind.words()));
    choices("Any object type", types)
}

fn actions() -> Choices {
    let actions = Action::ALL.map(|action| (action.label(), action.words()));
    choices("Any action", actions)
}

fn outcomes(is_events: bool) -> Choices {
    if is_events {
        let outcomes = [("success", "Succeeded"), ("denied", "Denied")];
        return choices("Any outcome", outcomes);
    }
    let classes = [
        ("success", "Succeeded (below 400)"),
        ("denied", "Denied (401, 403)"),
        ("failed", "Other failure"),
        ("2xx", "Status 2xx"),
        ("4xx", "Status 4xx"),
        ("5xx", "Status 5xx"),
    ];
    choices("Any status", classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_the_address_may_be_in_milliseconds() {
        assert_eq!(
            field_value("datetime-local", "1798034709123"),
            "2026-12-23T14:05"
        );
        assert_eq!(
            field_value("datetime-local", "2026-12-23T14:05"),
            "2026-12-23T14:05"
        );
        assert_eq!(field_value("text", "1798034709123"), "1798034709123");
    }
}
