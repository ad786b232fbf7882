//! Info, from the Actions menu: who made and last changed an object, when, with which token, from where, and its
//! history. Administrators see all of it; others who and when.

use domain::audit::event::ObjectType;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::audit::info::{Did, InfoView},
    ui::{
        events::{By, Events, Person},
        frame::carry_context,
        modal::Modal,
        moment::Moment,
        object::{Asked, return_to},
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
                <FoundInfo kind id=asked.of />
            </Modal>
        }
    })
}

#[component]
fn FoundInfo(kind: ObjectType, id: String) -> impl IntoView {
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
            <div><dt>"Created"</dt><dd><DidView did=info.created /></dd></div>
            <div><dt>"Last updated"</dt><dd><DidView did=info.updated /></dd></div>
        </dl>
        {match info.history {
            Some(events) => view! {
                <h3>"History"</h3>
                <Events events />
            }
            .into_any(),
            None => view! { <p class="hint">"Administrators also see with which token, from where, and what changed."</p> }.into_any(),
        }}
    }
}

#[component]
fn DidView(did: Did) -> impl IntoView {
    let state = did.state;
    view! {
        {match &did.by {
            Some(by) => view! { <Person id=by.actor_id.to_string() who=did.who /> }.into_any(),
            None => view! { <strong>{did.who}</strong> }.into_any(),
        }}
        ", " <Moment at=did.at />
        {did.by.map(|by| view! { <br /> <By by state /> })}
    }
}

/// Who made and last changed an object, and its history.
///
/// # Errors
/// [`UiError::NotFound`] or [`UiError::Denied`] for whoever may not read it.
#[server(prefix = "/ui", endpoint = "info")]
pub async fn find_info(
    /// The kind of object.
    kind: String,
    /// The object.
    id: String,
) -> Result<InfoView, UiError> {
    use crate::request::{context, parameters};
    let (service, caller) = context::signed_in()?;
    let (kind, id) = (parameters::kind(&kind)?, parameters::id(&id)?);
    let subject = context::told(service.find_subject(&caller, kind, id).await)?;
    let found = service.audit().info(&caller, subject);
    context::told(found.await).map(InfoView::from)
}
