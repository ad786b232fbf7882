//! Rows of the audit log, newest first, each of which opens to its details, with links to older and newer rows. The
//! address holds the position, so that it works with scripts off and can be shared.

use domain::{
    audit::{
        event::{ActorType, Attribution, AuditEvent, ObjectType, Outcome},
        query::{AuditPosition, EntryKind},
    },
    identity::credential::Credential,
    platform::id::Id,
};
use leptos::prelude::*;

use crate::{
    model::{
        audit::{
            log::{CallRow, LogRows},
            query::AuditQuery,
        },
        platform::{paths::AUDIT, viewer::administrates},
    },
    ui::{
        audit::events::{Changes, CredentialLink, Object, described, last_four},
        isolated::Isolated,
        list::listing::grouped,
        page::empty::Empty,
        time::{Minute, Origin, Second},
    },
};

/// The tabs for the audit log and the call log.
#[component]
pub fn Tabs(
    /// The page's path.
    path: String,
    /// The query of the page.
    query: AuditQuery,
) -> impl IntoView {
    let tab = move |what: EntryKind, words: &'static str| {
        // Calls have no kind, object or action, and other outcomes.
        let there = query.clone().from_the_newest().with("outcome", "");
        let there = there.with("kind", "").with("object", "").with("action", "");
        let label = if what == EntryKind::Events {
            ""
        } else {
            what.label()
        };
        let current = (query.what() == what).then_some("page");
        view! { <li><a href=there.with("what", label).address(&path) aria-current=current>{words}</a></li> }
    };
    view! {
        <nav class="tabs" aria-label="Log">
            <ul>
                {tab(EntryKind::Events, "Changes")}
                {tab(EntryKind::Calls, "API calls")}
            </ul>
        </nav>
    }
}

/// A page of rows, with links to the pages before and after.
#[component]
pub fn LogList(
    /// The page's path.
    path: String,
    /// The query of the page.
    query: AuditQuery,
    /// The rows.
    rows: LogRows,
) -> impl IntoView {
    let (newer, older, gave_up) = rows.positions();
    let here = query.clone().from_the_newest();
    let link =
        |name: &str, place: AuditPosition| here.clone().with(name, place.label()).address(&path);
    let back = newer
        .map(|place| view! { <a class="button" rel="prev" href=link("after", place)>"Newer"</a> });
    let on = older.map(|place| {
        let href = link("before", place);
        if gave_up {
            view! {
                <a class="button" rel="next" href=href>"Keep searching further back"</a>
                <span>"Searched back to " <Minute at=place.at /></span>
            }
            .into_any()
        } else {
            view! { <a class="button" rel="next" href=href>"Older"</a> }.into_any()
        }
    });
    let list = match rows {
        LogRows::Events(page) => page
            .rows
            .into_iter()
            .map(|event| view! { <EventItem event query=query.clone() /> }.into_any())
            .collect::<Vec<_>>(),
        LogRows::Calls(page) => page
            .rows
            .into_iter()
            .map(|call| view! { <Call call /> }.into_any())
            .collect(),
    };
    let narrowed = query.is_narrowed();
    let is_empty = list.is_empty();
    view! {
        {if !is_empty {
            view! { <ol class="audit-log">{list}</ol> }.into_any()
        } else if gave_up {
            view! { <Empty title="Nothing yet">"No matching rows so far. Older rows have not been searched yet."</Empty> }.into_any()
        } else if narrowed {
            view! { <Empty title="Nothing matches">"No rows match the filters."</Empty> }.into_any()
        } else {
            view! { <Empty title="Nothing here">"New activity is listed here."</Empty> }.into_any()
        }}
        {(newer.is_some() || older.is_some()).then(|| view! { <nav class="pages" aria-label="Pages">{back} {on}</nav> })}
    }
}

#[component]
fn EventItem(event: AuditEvent, query: AuditQuery) -> impl IntoView {
    let denied = event.outcome == Outcome::Denied;
    let object = &event.object;
    let name = object.name.clone();
    // Sign-ins do not name the session.
    let kind = (object.kind != ObjectType::Session).then(|| object.kind.words());
    view! {
        <li class="audit-log-row" class:audit-log-denied=denied>
            <details>
                <summary>
                    <Second at=event.at />
                    <span class="audit-log-summary">
                        <strong><Isolated text=event.by.actor_name.clone() /></strong>
                        " " {if denied { event.action.denied_words() } else { event.action.words() }}
                        " " <span class="quiet">{kind}</span> " " <Isolated text=name />
                    </span>
                    <span class="audit-log-origin">
                        {denied.then(|| view! { <span class="state state-soon">"Denied"</span> " " })}
                        {short(event.by.credential.as_ref(), &event.by.request.address)}
                    </span>
                </summary>
                <EventDetail event query />
            </details>
        </li>
    }
}

/// The name of the token, its last four characters, and the network address.
fn short(credential: Option<&Credential>, address: &str) -> String {
    let ending = credential.map(last_four);
    let name = credential.map(|credential| credential.name.clone());
    let parts = [name, ending, Some(address.to_owned())];
    let parts: Vec<_> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" · ")
}

#[component]
fn EventDetail(event: AuditEvent, query: AuditQuery) -> impl IntoView {
    let by = event.by.clone();
    let is_known = by.actor_type != ActorType::Unauthenticated;
    let actor_id = by.actor_id.to_string();
    let request = by.request;
    let role = described(by.actor_type, by.actor_email, Some(&request));
    let asked = [request.method.to_string(), request.path].join(" ");
    let object_id = event.object.id.to_string();
    let about = object_id.clone();
    let info = query
        .with("show", "info")
        .with("of", &object_id)
        .with("type", event.object.kind.label())
        .address(AUDIT);
    let changes = event.changes.clone();
    view! {
        <dl class="definitions">
            <div><dt>"Who"</dt><dd><Isolated text=by.actor_name /> " " <span class="quiet">{role}</span> {is_known.then(|| view! { " " <FilterLink name="person" value=actor_id words="All activity of this actor" /> })}</dd></div>
            {by.credential.map(|credential| view! { <Used credential /> })}
            {(event.object.id != Id::SYSTEM).then(|| view! {
                <div><dt>"Object"</dt><dd><Object event /> " " <code class="quiet">{object_id}</code> " " <FilterLink name="object" value=about words="All activity on this object" /> {administrates().then(|| view! { " " <a class="audit-log-filter" href=info>"Info"</a> })}</dd></div>
            })}
            {(!asked.trim().is_empty()).then(|| view! { <div><dt>"Request"</dt><dd><code>{asked}</code></dd></div> })}
            <div><dt>"Request ID"</dt><dd><code>{request.id.to_string()}</code></dd></div>
            <div><dt>"From"</dt><dd><LinkedOrigin address=request.address.to_string() client=request.client.to_string() /></dd></div>
        </dl>
        <Changes changes />
    }
}

#[component]
fn Used(credential: Credential) -> impl IntoView {
    let id = credential.id.to_string();
    view! {
        <div><dt>"Credential"</dt><dd><CredentialLink credential /> " " <FilterLink name="token" value=id words="All activity of this token" /></dd></div>
    }
}

#[component]
fn LinkedOrigin(address: String, client: String) -> impl IntoView {
    let from = address.clone();
    view! {
        <Origin address client />
        {(!from.is_empty()).then(|| view! { " " <FilterLink name="address" value=from words="All activity from this address" /> })}
    }
}

/// A link to all rows with this value.
#[component]
fn FilterLink(name: &'static str, value: String, words: &'static str) -> impl IntoView {
    let href = AuditQuery::default().with(name, value).address(AUDIT);
    administrates().then(|| view! { <a class="audit-log-filter" href=href>{words}</a> })
}

#[component]
fn Call(call: CallRow) -> impl IntoView {
    let rejected = matches!(call.status, 401 | 403);
    let failed = call.status >= 400;
    let who = caller_name(&call);
    view! {
        <li class="audit-log-row" class:audit-log-denied=rejected>
            <details>
                <summary>
                    <Second at=call.at />
                    <span class="audit-log-summary">
                        <code>{call.method.clone()} " " {call.path.clone()}</code>
                        " " <span class="quiet"><Isolated text=who /></span>
                    </span>
                    <span class="audit-log-origin">
                        <span class="state" class:state-live=!failed class:state-soon=failed>{call.status}</span>
                        " " {short(None, &call.address)}
                    </span>
                </summary>
                <CallDetail call />
            </details>
        </li>
    }
}

#[component]
fn CallDetail(call: CallRow) -> impl IntoView {
    let who = caller_name(&call);
    // Calls that an earlier version stored have the address as the name.
    let email = Some(call.actor_email).filter(|email| *email != who);
    let role = described(call.actor_type, email.unwrap_or_default(), None);
    view! {
        <dl class="definitions">
            <div><dt>"Who"</dt><dd><Isolated text=who /> " " <span class="quiet">{role}</span> {call.actor_id.map(|id| view! { " " <FilterLink name="person" value=id words="All activity of this actor" /> })}</dd></div>
            {call.credential.map(|credential| view! { <Used credential /> })}
            {(!call.fingerprint.is_empty()).then(|| view! {
                <div><dt>"Rejected token"</dt><dd>"its SHA-256 begins with " <code>{call.fingerprint}</code></dd></div>
            })}
            <div><dt>"Route"</dt><dd><code>{call.method} " " {call.route}</code></dd></div>
            <div><dt>"Request ID"</dt><dd><code>{call.request_id}</code></dd></div>
            <div><dt>"Response"</dt><dd>{call.status} ", " {grouped(call.bytes)} " bytes in " {millis(call.duration_us)}</dd></div>
            <div><dt>"From"</dt><dd><LinkedOrigin address=call.address client=call.client /></dd></div>
        </dl>
    }
}

fn caller_name(call: &CallRow) -> String {
    if call.actor_name.is_empty() {
        Attribution::UNAUTHENTICATED.to_owned()
    } else {
        call.actor_name.clone()
    }
}

/// A duration in milliseconds, to a tenth.
fn millis(micros: i64) -> String {
    format!("{}.{} ms", grouped(micros / 1_000), micros % 1_000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_written_to_a_tenth_of_a_millisecond() {
        assert_eq!(millis(1_234_567), "1,234.5 ms");
        assert_eq!(millis(90), "0.0 ms");
    }
}
