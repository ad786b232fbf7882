//! The Info dialog: who created and last updated an object, and when. Administrators also see the token, the client and
//! the history.

use domain::audit::event::ObjectType;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::audit::info::{InfoEvent, InfoView},
    pages::platform::frame::carry_context,
    ui::{
        audit::events::{AttributionLine, Events, Person},
        dialog::{modal::Modal, request::Asked},
        object::return_to,
        time::DateTime,
    },
};

/// The Info dialog, when the address asks for it.
#[component]
pub fn InfoDialog(
    /// The dialog that the address asks for.
    asked: Option<Asked>,
    /// The type of the page's objects.
    kind: ObjectType,
    /// The address of the page without a dialog.
    here: String,
) -> impl IntoView {
    let asked = asked.filter(|asked| asked.show == "info");
    asked.map(|asked| {
        let return_to = return_to(&asked.of);
        view! {
            <Modal heading="Info".to_owned() close_href=here return_to>
                <LoadedInfo kind id=asked.of />
            </Modal>
        }
    })
}

#[component]
fn LoadedInfo(kind: ObjectType, id: String) -> impl IntoView {
    let provide = carry_context();
    Suspend::new(async move {
        let found = find_info(kind.label().to_owned(), id).await;
        provide();
        match found {
            Ok(info) => view! { <Info info kind /> }.into_any(),
            Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
        }
    })
}

#[component]
fn Info(info: InfoView, kind: ObjectType) -> impl IntoView {
    view! {
        <p><strong>{info.name}</strong> " " <span class="quiet">{kind.words()} " " <code>{info.id}</code></span></p>
        <dl class="definitions">
            <div><dt>"Created"</dt><dd><InfoEventLine event=info.created /></dd></div>
            <div><dt>"Last updated"</dt><dd><InfoEventLine event=info.updated /></dd></div>
        </dl>
        {match info.history {
            Some(events) => view! {
                <h3>"History"</h3>
                <Events events />
            }
            .into_any(),
            None => view! { <p class="hint">"Administrators also see the token, the client and what changed."</p> }.into_any(),
        }}
    }
}

#[component]
fn InfoEventLine(event: InfoEvent) -> impl IntoView {
    let InfoEvent {
        at,
        actor_name,
        by,
        state,
    } = event;
    let actor = match &by {
        Some(by) => view! { <Person id=by.actor_id.to_string() who=actor_name /> }.into_any(),
        None => view! { <strong>{actor_name}</strong> }.into_any(),
    };
    view! {
        {actor} ", " <DateTime at />
        {by.map(|by| view! { <br /> <AttributionLine by state /> })}
    }
}

/// Info of an object.
///
/// # Errors
/// [`UiError::NotFound`] or [`UiError::Denied`] when the caller cannot read the object.
#[server(prefix = "/ui", endpoint = "info")]
pub async fn find_info(
    /// The type of the object.
    kind: String,
    /// The object.
    id: String,
) -> Result<InfoView, UiError> {
    use crate::request::{parameters, report, signed_in};
    let (service, caller) = signed_in()?;
    let (kind, id) = (parameters::kind(&kind)?, parameters::id(&id)?);
    let subject = report(service.find_subject(&caller, kind, id).await)?;
    let info = service.audit().info(&caller, subject).await;
    report(info).map(InfoView::from)
}
