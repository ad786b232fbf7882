//! `/dashboards/new`, `/dashboards/{id}/edit` and the same for groups and detectors: the most used settings of an
//! object. All settings are in its JSON document ([`crate::pages::objects::document::page`]).

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::form::ObjectForm,
    pages::{
        objects::{
            form::fields::Fields,
            kind::{list_path, list_title, object_path, section_of, steps_to},
            parts::{BaseUpdatedAt, NewFrame},
        },
        platform::frame::Frame,
    },
    ui::{
        form::{notice::Banner, token::FormToken},
        page::{
            head::{PageHead, step},
            load::{id_in_path, loaded},
        },
    },
};

/// The form of a new dashboard.
#[component]
pub fn NewDashboardPage() -> impl IntoView {
    view! { <NewPage kind=ItemKind::Dashboard /> }
}

/// The form of a new dashboard group.
#[component]
pub fn NewGroupPage() -> impl IntoView {
    view! { <NewPage kind=ItemKind::DashboardGroup /> }
}

/// The form of a new detector.
#[component]
pub fn NewDetectorPage() -> impl IntoView {
    view! { <NewPage kind=ItemKind::Detector /> }
}

/// The form of a dashboard.
#[component]
pub fn EditDashboardPage() -> impl IntoView {
    view! { <EditPage kind=ItemKind::Dashboard /> }
}

/// The form of a dashboard group.
#[component]
pub fn EditGroupPage() -> impl IntoView {
    view! { <EditPage kind=ItemKind::DashboardGroup /> }
}

/// The form of a detector.
#[component]
pub fn EditDetectorPage() -> impl IntoView {
    view! { <EditPage kind=ItemKind::Detector /> }
}

#[component]
fn NewPage(kind: ItemKind) -> impl IntoView {
    view! {
        <NewFrame kind><LoadedForm kind id=String::new() /></NewFrame>
    }
}

#[component]
fn EditPage(kind: ItemKind) -> impl IntoView {
    view! {
        <Frame title=format!("Edit {}", kind.words()) section=section_of(kind)>
            <LoadedForm kind id=id_in_path() />
        </Frame>
    }
}

#[component]
fn LoadedForm(kind: ItemKind, id: String) -> impl IntoView {
    loaded(fill_object(kind.label().to_owned(), id), |form| {
        provide_context(form.notice.clone());
        if form.id.is_empty() {
            view! { <NewObject form /> }.into_any()
        } else {
            view! { <StoredObject form /> }.into_any()
        }
    })
}

#[component]
fn NewObject(form: ObjectForm) -> impl IntoView {
    let (list, words) = (list_path(form.kind), form.kind.words());
    let breadcrumbs = vec![step(list, list_title(form.kind))];
    view! {
        <PageHead title=format!("New {words}") breadcrumbs />
        <ObjectFormBody form submit=format!("Create {words}") cancel=list.to_owned() />
        <DocumentLink href=format!("{list}/new/document") />
    }
}

#[component]
fn StoredObject(form: ObjectForm) -> impl IntoView {
    let page = object_path(form.kind, &form.id);
    let breadcrumbs = steps_to(form.kind, &form.id, &form.stored_name);
    view! {
        <PageHead title=format!("Edit {}", form.stored_name) breadcrumbs />
        <ObjectFormBody form submit="Save".to_owned() cancel=page.clone() />
        <DocumentLink href=format!("{page}/document") />
    }
}

#[component]
fn ObjectFormBody(form: ObjectForm, submit: String, cancel: String) -> impl IntoView {
    view! {
        <Banner />
        <form method="post" class="form object-form">
            <FormToken />
            <BaseUpdatedAt at=form.base_updated_at />
            <Fields form />
            <div class="form-actions">
                <button type="submit" class="button button-main">{submit}</button>
                <a class="button" href=cancel>"Cancel"</a>
            </div>
        </form>
    }
}

#[component]
fn DocumentLink(href: String) -> impl IntoView {
    view! { <p class="prose">"All other settings are in the JSON document. " <a href=href>"Edit as JSON"</a></p> }
}

/// The form of an object, or of a new one. When it was posted and the object is stored, the response redirects to the
/// object's page.
///
/// # Errors
/// [`UiError::NotFound`]; [`UiError::Denied`] without write permission.
#[server(prefix = "/ui", endpoint = "object/form")]
pub async fn fill_object(
    /// The kind of object.
    kind: String,
    /// The object; empty for a new one.
    id: String,
) -> Result<ObjectForm, UiError> {
    use crate::{
        pages::objects::form::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    server::fill(&service, &caller, parameters::item_kind(&kind)?, &id).await
}
