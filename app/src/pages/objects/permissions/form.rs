//! `/dashboards/{id}/permissions` and the same for groups and detectors: the form of an object's permissions. Changes
//! are previewed before they are saved.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::permissions::PermissionsForm,
    pages::{
        objects::{
            kind::{object_path, section_of, steps_to},
            parts::{BaseUpdatedAt, Confirmation},
            permissions::{changes::PermissionChanges, fields::Fields},
        },
        platform::frame::Frame,
    },
    ui::{
        form::{notice::Banner, token::FormToken},
        page::{
            head::PageHead,
            load::{id_in_path, loaded},
        },
    },
};

/// The permissions of a dashboard.
#[component]
pub fn DashboardPermissionsPage() -> impl IntoView {
    view! { <PermissionsPage kind=ItemKind::Dashboard /> }
}

/// The permissions of a dashboard group.
#[component]
pub fn GroupPermissionsPage() -> impl IntoView {
    view! { <PermissionsPage kind=ItemKind::DashboardGroup /> }
}

/// The permissions of a detector.
#[component]
pub fn DetectorPermissionsPage() -> impl IntoView {
    view! { <PermissionsPage kind=ItemKind::Detector /> }
}

#[component]
fn PermissionsPage(kind: ItemKind) -> impl IntoView {
    let form = fill_permissions(kind.label().to_owned(), id_in_path());
    view! {
        <Frame title="Permissions" section=section_of(kind)>
            {loaded(form, |form| {
                provide_context(form.notice.clone());
                view! { <PermissionFormBody form /> }
            })}
        </Frame>
    }
}

#[component]
fn PermissionFormBody(form: PermissionsForm) -> impl IntoView {
    let page = object_path(form.kind, &form.id);
    let breadcrumbs = steps_to(form.kind, &form.id, &form.name);
    view! {
        <PageHead title=format!("Permissions of {}", form.name) breadcrumbs />
        <Banner />
        {if form.preview.is_some() {
            view! { <PermissionPreview form page /> }.into_any()
        } else {
            view! { <Editor form page /> }.into_any()
        }}
    }
}

#[component]
fn Editor(form: PermissionsForm, page: String) -> impl IntoView {
    view! {
        <form method="post" class="form permissions-form">
            <FormToken />
            <BaseUpdatedAt at=form.base_updated_at />
            <Fields form />
            <div class="form-actions">
                <button type="submit" class="button button-main" name="step" value="preview">"See what will change"</button>
                <a class="button" href=page>"Cancel"</a>
            </div>
        </form>
    }
}

/// What saving changes, with the button that saves.
#[component]
fn PermissionPreview(form: PermissionsForm, page: String) -> impl IntoView {
    let preview = form.preview.unwrap_or_default();
    let is_changed = !preview.changes.is_empty();
    let rows = form
        .rows
        .into_iter()
        .map(|row| view! { <input type="hidden" name=format!("right.{}", row.principal) value=row.right /> })
        .collect_view();
    view! {
        <section class="panel confirmation" aria-labelledby="changes-heading">
            <h2 id="changes-heading">"What will change"</h2>
            {(!is_changed).then(|| view! { <p>"No rights change."</p> })}
            <PermissionChanges preview />
            <Confirmation base_updated_at=form.base_updated_at save=is_changed.then_some("Save permissions") page>
                <input type="hidden" name="mode" value=form.mode />
                <input type="hidden" name="others" value=form.others />
                {rows}
            </Confirmation>
        </section>
    }
}

/// The form of an object's permissions. When it was posted, it has another user or team or a preview, or the
/// permissions are stored and the response redirects to the object's page.
///
/// # Errors
/// [`UiError::NotFound`]; [`UiError::Denied`] when the caller cannot change the permissions.
#[server(prefix = "/ui", endpoint = "permissions/form")]
pub async fn fill_permissions(
    /// The kind of object.
    kind: String,
    /// The object.
    id: String,
) -> Result<PermissionsForm, UiError> {
    use crate::{
        pages::objects::permissions::form_server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let (kind, id) = (parameters::item_kind(&kind)?, parameters::id(&id)?);
    form_server::fill(&service, &caller, kind, id).await
}
