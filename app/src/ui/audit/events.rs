//! Audit events, newest first: actor, time, token, origin and changes.

use domain::{
    audit::event::{Action, ActorType, Attribution, AuditEvent, FieldChange, Outcome},
    identity::{
        actor::RequestMeta,
        credential::{Credential, TokenKind},
    },
    tokens::token::TokenState,
};
use leptos::{prelude::*, serde_json::Value};

use crate::{
    model::{
        audit::query::AuditQuery,
        platform::{
            paths::{ACCESS_TOKENS, AUDIT, USER_TOKENS, object_page},
            viewer::administrates,
        },
    },
    ui::{
        isolated::Isolated,
        time::{Minute, Origin},
    },
};

/// Maximum length of a value in characters. The charts of a dashboard can be longer.
const VALUE_CHARACTERS: usize = 600;

/// Maximum length of a value on one line, in characters.
const LINE_CHARACTERS: usize = 90;

/// A list of audit events.
#[component]
pub fn Events(
    /// The events, newest first.
    events: Vec<AuditEvent>,
    /// Whether each event names its object.
    #[prop(optional)]
    with_object: bool,
) -> impl IntoView {
    view! {
        <ol class="events">
            {events.into_iter().map(|event| view! { <Event event with_object /> }).collect_view()}
        </ol>
    }
}

#[component]
fn Event(event: AuditEvent, with_object: bool) -> impl IntoView {
    let denied = event.outcome == Outcome::Denied;
    let (id, who) = (event.by.actor_id.to_string(), event.by.actor_name.clone());
    let changes = event.changes.clone();
    // The content of a creation is long and all of it is new, so it is folded.
    let changes = if event.action == Action::Create && !changes.is_empty() {
        view! {
            <details>
                <summary>"Initial values"</summary>
                <Changes changes />
            </details>
        }
        .into_any()
    } else {
        view! { <Changes changes /> }.into_any()
    };
    view! {
        <li class="event" class:event-denied=denied>
            <p class="event-head">
                <Person id who />
                " "
                {if denied { event.action.denied_words() } else { event.action.words() }}
                {with_object.then(|| view! { " " <Object event=event.clone() /> })}
                ", "
                <Minute at=event.at />
            </p>
            <p class="event-by"><AttributionLine by=event.by /></p>
            {changes}
        </li>
    }
}

/// The actor; for administrators with a link to all their activity.
#[component]
pub fn Person(
    /// Actor id.
    id: String,
    /// Actor name.
    who: String,
) -> impl IntoView {
    if administrates() {
        let href = AuditQuery::default().with("person", id).address(AUDIT);
        view! { <a class="person" href=href title="All activity of this actor"><strong>{who}</strong></a> }
            .into_any()
    } else {
        view! { <strong>{who}</strong> }.into_any()
    }
}

/// The object of an event, with a link to its page if it has one.
#[component]
pub fn Object(
    /// The event.
    event: AuditEvent,
) -> impl IntoView {
    let object = event.object;
    let name = if object.name.is_empty() {
        object.id.to_string()
    } else {
        object.name
    };
    let named = match object_page(object.kind, &object.id.to_string()) {
        Some(page) => view! { <a href=page><Isolated text=name /></a> }.into_any(),
        None => view! { <Isolated text=name /> }.into_any(),
    };
    view! { {object.kind.words()} " " {named} }
}

/// Credential, address and program behind an event.
#[component]
fn AttributionLine(by: Attribution) -> impl IntoView {
    let actor = described(by.actor_type, by.actor_email, Some(&by.request));
    let operator = by.request.operator().map(str::to_owned);
    view! {
        <span class="quiet">{actor}</span>
        {by.credential.map(|credential| view! { " · " <CredentialLink credential /> })}
        {operator.map(|operator| view! { " · " <Isolated text=operator /> })}
        {(!by.request.address.is_empty()).then(|| view! {
            " · "
            <Origin address=by.request.address.to_string() client=by.request.client.to_string() />
        })}
    }
}

/// What stands beside the name of an actor: the email address of a user, or the type of another actor.
#[must_use]
pub fn described(kind: ActorType, email: String, request: Option<&RequestMeta>) -> String {
    let is_command = request.is_some_and(|request| request.operator().is_some());
    match kind {
        ActorType::User => email,
        ActorType::OrgToken => "org token".to_owned(),
        ActorType::System if is_command => "command line".to_owned(),
        ActorType::System => "the server".to_owned(),
        ActorType::Unauthenticated => String::new(),
    }
}

/// A credential: its name, its last four characters, its state and its kind, with a link to the page of a token.
#[component]
pub fn CredentialLink(
    /// The credential.
    credential: Credential,
    /// Current state, if known.
    #[prop(optional_no_strip)]
    state: Option<TokenState>,
) -> impl IntoView {
    let kind = credential.kind.words();
    let page = match credential.kind {
        TokenKind::Ui | TokenKind::ApiSession => Some(USER_TOKENS),
        TokenKind::Org => Some(ACCESS_TOKENS),
        TokenKind::UiLogin => None,
    };
    let href = page.map(|page| format!("{page}/{}", credential.id));
    let ending = last_four(&credential);
    // A credential without a name is called by its kind.
    let named = !credential.name.is_empty();
    let name = if named {
        credential.name
    } else {
        kind.to_owned()
    };
    let ending = (!ending.is_empty()).then(|| view! { " · " <code>{ending}</code> });
    let title = view! { <Isolated text=name /> {ending} };
    view! {
        {match href {
            Some(href) => view! { <a href=href>{title}</a> }.into_any(),
            None => title.into_any(),
        }}
        {state.map(|state| view! { " · " <crate::ui::token_row::State state /> })}
        {named.then(|| view! { " · " <span class="quiet">{kind}</span> })}
    }
}

/// The last four characters of a token, after an ellipsis; empty where they are not known.
pub(super) fn last_four(credential: &Credential) -> String {
    match credential.last4.as_str() {
        "" => String::new(),
        last4 => format!("…{last4}"),
    }
}

/// The changed fields of an event.
#[component]
pub fn Changes(
    /// The fields.
    changes: Vec<FieldChange>,
) -> impl IntoView {
    (!changes.is_empty()).then(|| {
        view! {
            <dl class="changes">
                {changes
                    .into_iter()
                    .map(|change| view! {
                        <div class="change">
                            <dt>{change.field}</dt>
                            <dd>
                                {change.before.map(|value| view! { <del><FieldValue value /></del> })}
                                {change.after.map(|value| view! { <ins><FieldValue value /></ins> })}
                            </dd>
                        </div>
                    })
                    .collect_view()}
            </dl>
        }
    })
}

/// The fields of an object that does not change, with their values.
#[component]
pub fn Values(
    /// The fields, as changes from nothing.
    fields: Vec<FieldChange>,
) -> impl IntoView {
    let values = fields.into_iter().filter_map(|field| {
        let value = field.after?;
        Some(view! {
            <div class="change"><dt>{field.field}</dt><dd><FieldValue value /></dd></div>
        })
    });
    view! { <dl class="changes">{values.collect_view()}</dl> }
}

#[component]
fn FieldValue(value: Value) -> impl IntoView {
    view! { <code>{readable(&value)}</code> }
}

/// Formats a value: a text without quotes, anything else as JSON, truncated when very long.
#[must_use]
pub fn readable(value: &Value) -> String {
    let text = match value {
        Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        Value::String(text) => text.clone(),
        Value::Null => "(none)".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) | Value::Object(_) => {
            let line = value.to_string();
            if line.len() <= LINE_CHARACTERS {
                line
            } else {
                leptos::serde_json::to_string_pretty(value).unwrap_or(line)
            }
        }
    };
    match text.char_indices().nth(VALUE_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use leptos::serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_for_people() {
        assert_eq!(readable(&json!("a b")), "a b");
        assert_eq!(readable(&json!("")), "(empty)");
        assert_eq!(readable(&json!(null)), "(none)");
        assert_eq!(readable(&json!(["x"])), "[\"x\"]");
        assert_eq!(
            readable(&json!(["x".repeat(90)])),
            format!("[\n  \"{}\"\n]", "x".repeat(90))
        );
        assert_eq!(
            readable(&json!("é".repeat(700))).chars().count(),
            VALUE_CHARACTERS + 1
        );
    }
}
