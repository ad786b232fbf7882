//! `/audit`: the trail, for administrators: what was done and which calls were made, newest first, by whom, with what,
//! to what, from where. What is looked for is the address.

use domain::{
    audit::{
        event::{Action, ObjectType},
        query::EntryKind,
    },
    platform::timestamp::Timestamp,
};
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::audit::log::TrailView,
    ui::{
        empty::ForAdministrators,
        frame::{Frame, Section},
        head::PageHead,
        record::{Record, Tabs},
        trail_query::TrailQuery,
    },
};

const PATH: &str = "/audit";

/// The trail.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = TrailQuery::read();
    view! {
        <Frame title="Audit trail" section=Section::Audit>
            <PageHead title="Audit trail" />
            <ForAdministrators words="Only administrators read the audit trail. What your own tokens did is on the page of each, from your Account Settings.">
                {Suspend::new(async move {
                    let found = list_trail(query.clone()).await;
                    view! { <Trail query found /> }
                })}
            </ForAdministrators>
        </Frame>
    }
}

#[component]
fn Trail(query: TrailQuery, found: Result<TrailView, UiError>) -> impl IntoView {
    let now = found.as_ref().ok().map(|view| view.now);
    view! {
        <Tabs path=PATH.to_owned() query=query.clone() />
        <Questions query=query.clone() />
        {now.map(|now| view! { <Presets query=query.clone() now /> })}
        {match found {
            Ok(view) => view! { <Found query view /> }.into_any(),
            Err(error) => view! { <p class="banner banner-error" role="alert">{error.to_string()}</p> }.into_any(),
        }}
    }
}

#[component]
fn Found(query: TrailQuery, view: TrailView) -> impl IntoView {
    view! {
        {(!view.meant.is_empty()).then(|| view! { <p class="prose">{view.meant.join(" · ")}</p> })}
        <Record path=PATH.to_owned() query=query.clone() rows=view.rows />
        <TakeAway query />
    }
}

/// The way to have all of what is asked for as a file. Following it is recorded.
#[component]
fn TakeAway(query: TrailQuery) -> impl IntoView {
    let all = query.from_the_newest();
    let link = |format: &str| {
        let address = all.address("/audit/export");
        let glue = if address.contains('?') { '&' } else { '?' };
        format!("{address}{glue}format={format}")
    };
    view! {
        <p class="prose space-above">
            "Take away all of this as "
            <a href=link("ndjson") download rel="external">"NDJSON"</a>
            " or "
            <a href=link("csv") download rel="external">"CSV"</a>
            ". That it was taken is recorded."
        </p>
    }
}

/// The form that asks: what few people ask is folded away until it is asked.
#[component]
fn Questions(query: TrailQuery) -> impl IntoView {
    let acts = query.what() == EntryKind::Events;
    let folded = ["token", "object", "address", "from", "to"];
    let open = folded.iter().any(|name| !query.get(name).is_empty());
    let text = |name: &'static str, label: &'static str, kind: &'static str| {
        let value = shown(kind, query.get(name));
        view! {
            <div class="field">
                <label for=format!("trail-{name}")>{label}</label>
                <input id=format!("trail-{name}") name=name type=kind value=value maxlength="100" autocomplete="off" />
            </div>
        }
    };
    view! {
        <form class="audit-log-form" method="get" action=PATH role="search">
            {(!acts).then(|| view! { <input type="hidden" name="what" value=EntryKind::Calls.label() /> })}
            <div class="search">
                <label class="visually-hidden" for="trail-person">"Person"</label>
                <input id="trail-person" name="person" type="search" value=query.get("person").to_owned() placeholder="Person: mail address or ID" maxlength="255" autocomplete="off" />
                {acts.then(|| view! {
                    <Select query=query.clone() name="kind" label="Kind of object" choices=kinds() />
                    <Select query=query.clone() name="action" label="Action" choices=actions() />
                })}
                <Select query=query.clone() name="outcome" label="Outcome" choices=outcomes(acts) />
                <button type="submit" class="button">"Show"</button>
            </div>
            <details class="disclosure" open=open>
                <summary>{if acts { "More: token, object, address, time" } else { "More: token, address, time" }}</summary>
                <div class="pairs">
                    {text("token", "Token ID", "text")}
                    {acts.then(|| text("object", "Object ID", "text"))}
                    {text("address", "Network address", "text")}
                    {text("from", "From (UTC)", "datetime-local")}
                    {text("to", "To (UTC)", "datetime-local")}
                </div>
            </details>
        </form>
    }
}

/// What a field shows of what the address says: moments may stand there in milliseconds.
fn shown(kind: &str, given: &str) -> String {
    match given.parse() {
        Ok(millis) if kind == "datetime-local" => Timestamp::from_millis(millis).to_field(),
        _ => given.to_owned(),
    }
}

/// What can be chosen: a value of the address, and its words.
type Options = Vec<(String, String)>;

fn options<'a>(all: &str, some: impl IntoIterator<Item = (&'a str, &'a str)>) -> Options {
    let everything = (String::new(), all.to_owned());
    let some = some
        .into_iter()
        .map(|(value, words)| (value.to_owned(), words.to_owned()));
    std::iter::once(everything).chain(some).collect()
}

fn kinds() -> Options {
    options(
        "Any object",
        ObjectType::ALL.map(|kind| (kind.label(), kind.words())),
    )
}

fn actions() -> Options {
    options(
        "Any action",
        Action::ALL.map(|action| (action.label(), action.words())),
    )
}

fn outcomes(acts: bool) -> Options {
    let (success, denied) = (("success", "Done"), ("denied", "Refused"));
    if acts {
        return options("Done or refused", [success, denied]);
    }
    let classes = [
        ("success", "Answered (below 400)"),
        ("denied", "Refused (401, 403)"),
        ("failed", "Failed otherwise"),
        ("2xx", "Status 2xx"),
        ("4xx", "Status 4xx"),
        ("5xx", "Status 5xx"),
    ];
    options("Any status", classes)
}

#[component]
fn Select(
    query: TrailQuery,
    name: &'static str,
    label: &'static str,
    choices: Options,
) -> impl IntoView {
    let id = format!("trail-{name}");
    let now = query.get(name).to_owned();
    let options = choices.into_iter().map(|(value, words)| {
        let selected = value == now;
        view! { <option value=value selected=selected>{words}</option> }
    });
    view! {
        <label class="visually-hidden" for=id.clone()>{label}</label>
        <select id=id name=name>{options.collect_view()}</select>
    }
}

/// Spans of time that are asked for most: hours back, and their words.
const SPANS: [(i64, &str); 4] = [
    (1, "Last hour"),
    (24, "Last 24 hours"),
    (7 * 24, "Last 7 days"),
    (30 * 24, "Last 30 days"),
];

#[component]
fn Presets(query: TrailQuery, now: Timestamp) -> impl IntoView {
    let here = query.clone().from_the_newest().with("to", "");
    // To the minute, so that the same link is the same for a minute.
    let minute = Timestamp::from_millis(now.as_millis() - now.as_millis() % 60_000);
    let links = SPANS.map(|(hours, words)| {
        let from = minute.plus_seconds(-hours * 3_600).as_millis();
        view! { <li><a href=here.clone().with("from", from.to_string()).address(PATH)>{words}</a></li> }
    });
    let any = !query.get("from").is_empty() || !query.get("to").is_empty();
    view! {
        <ul class="presets" aria-label="Time">
            {links.into_iter().collect_view()}
            {any.then(|| view! { <li><a href=here.with("from", "").address(PATH)>"Any time"</a></li> })}
            {query.is_narrowed().then(|| view! { <li><a href=TrailQuery::default().with("what", query.get("what")).address(PATH)>"Show all"</a></li> })}
        </ul>
    }
}

/// A page of the trail.
///
/// # Errors
/// [`UiError::Denied`] for whoever is not an administrator, [`UiError::Rejected`] for a question that cannot be read.
#[server(prefix = "/ui", endpoint = "audit/list")]
pub async fn list_trail(
    /// What is asked.
    query: TrailQuery,
) -> Result<TrailView, UiError> {
    use crate::{pages::audit::server, request::context};
    let (service, caller) = context::signed_in()?;
    server::view(&service, &caller, &query).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_shows_a_moment_however_the_address_says_it() {
        assert_eq!(shown("datetime-local", "1798034709123"), "2026-12-23T14:05");
        assert_eq!(
            shown("datetime-local", "2026-12-23T14:05"),
            "2026-12-23T14:05"
        );
        assert_eq!(shown("text", "1798034709123"), "1798034709123");
    }
}
