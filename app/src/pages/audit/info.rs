//! The Info dialog: who created, last updated and deleted an object, and when. Administrators also see the token, the
//! client and the history.

use domain::{
    audit::event::{FieldChange, ObjectType},
    identity::actor::RequestMeta,
};
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::audit::info::{InfoEvent, InfoEventDetail, InfoView},
    pages::platform::frame::carry_context,
    ui::{
        audit::events::{CredentialLink, Events, Person, Values, described},
        dialog::{modal::Modal, request::Asked},
        isolated::Isolated,
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
    let operation = |event: Option<InfoEvent>, heading: &'static str| {
        event.map(|event| view! { <Operation heading event /> })
    };
    view! {
        <p><strong><Isolated text=info.name /></strong> " " <span class="quiet">{kind.words()} " " <code>{info.id}</code></span></p>
        {operation(info.deleted, "Deleted")}
        {operation(info.created, "Created")}
        {operation(info.updated, "Last updated")}
        <LastContent content=info.content />
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

/// One operation: its facts in labelled rows.
#[component]
fn Operation(heading: &'static str, event: InfoEvent) -> impl IntoView {
    let InfoEvent {
        at,
        actor_name,
        detail,
    } = event;
    let id = format!("info-{}", heading.to_lowercase().replace(' ', "-"));
    let labelled_by = id.clone();
    let rows = match detail {
        Some(detail) => view! { <DetailRows actor_name detail /> }.into_any(),
        None => view! {
            <div><dt>"Person"</dt><dd><strong><Isolated text=actor_name /></strong></dd></div>
        }
        .into_any(),
    };
    view! {
        <section class="info-operation" aria-labelledby=labelled_by>
            <h3 id=id>{heading}</h3>
            <dl class="definitions">
                {rows}
                <div><dt>"Time"</dt><dd><DateTime at /></dd></div>
            </dl>
        </section>
    }
}

#[component]
fn DetailRows(actor_name: String, detail: InfoEventDetail) -> impl IntoView {
    let request = detail.request.as_ref();
    let role = described(detail.actor_type, detail.actor_email, request);
    let (credential, state) = (detail.credential, detail.state);
    view! {
        <div><dt>"Person"</dt><dd><Person id=detail.actor_id who=actor_name /> " " <span class="quiet">{role}</span></dd></div>
        {credential.map(|credential| view! {
            <div><dt>"Token"</dt><dd><CredentialLink credential state /></dd></div>
        })}
        {match detail.request {
            Some(request) => view! { <RequestRows request /> }.into_any(),
            None => view! {
                <div><dt>"Request"</dt><dd class="quiet">"The audit log no longer has it."</dd></div>
            }
            .into_any(),
        }}
    }
}

/// Where a request came from: an address and a program, or an operator of the command line.
#[component]
fn RequestRows(request: RequestMeta) -> impl IntoView {
    if let Some(operator) = request.operator() {
        let operator = operator.to_owned();
        return view! { <div><dt>"Operator"</dt><dd><Isolated text=operator /></dd></div> }
            .into_any();
    }
    let (address, client) = (request.address.to_string(), request.client.to_string());
    view! {
        {(!address.is_empty()).then(|| view! { <div><dt>"Address"</dt><dd>{address}</dd></div> })}
        {(!client.is_empty()).then(|| view! { <div><dt>"Program"</dt><dd><Isolated text=client /></dd></div> })}
    }
    .into_any()
}

/// The last content of a deleted object, folded, because it may be long.
#[component]
fn LastContent(content: Vec<FieldChange>) -> impl IntoView {
    (!content.is_empty()).then(|| {
        view! {
            <details class="disclosure">
                <summary>"Last content"</summary>
                <Values fields=content />
            </details>
        }
    })
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
