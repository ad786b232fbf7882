//! The Permissions dialog of the Actions menu: the users and teams that may read and write an object.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::permissions::PermissionsView,
    pages::objects::{kind::object_path, permissions::allowed::AllowedList},
    ui::{
        dialog::{modal::Modal, request::Asked},
        isolated::Isolated,
        object::return_to,
    },
};

/// The Permissions dialog, when the address asks for it.
#[component]
pub fn PermissionsDialog(
    /// The dialog that the address asks for.
    asked: Option<Asked>,
    /// The kind of the page's objects.
    kind: ItemKind,
    /// The address of the page without a dialog.
    here: String,
) -> impl IntoView {
    let asked = asked.filter(|asked| asked.show == "permissions");
    asked.map(|asked| {
        let return_to = return_to(&asked.of);
        view! {
            <Modal heading="Permissions".to_owned() close_href=here return_to>
                <LoadedPermissions kind id=asked.of />
            </Modal>
        }
    })
}

#[component]
fn LoadedPermissions(kind: ItemKind, id: String) -> impl IntoView {
    let page = format!("{}/permissions", object_path(kind, &id));
    Suspend::new(async move {
        match find_permissions(kind.label().to_owned(), id).await {
            Ok(view) => view! { <PermissionPanel view kind page /> }.into_any(),
            Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
        }
    })
}

#[component]
fn PermissionPanel(view: PermissionsView, kind: ItemKind, page: String) -> impl IntoView {
    let source = match view.inherited_from {
        Some((id, group)) => view! {
            "The " {kind.words()} " inherits the permissions of its group, "
            <a href=format!("/dashboard-groups/{id}?show=permissions")>{group}</a> "."
        }
        .into_any(),
        None => view! { "The " {kind.words()} " has its own permissions." }.into_any(),
    };
    view! {
        <p><strong><Isolated text=view.name /></strong></p>
        <p>{source}</p>
        <dl class="definitions">
            <div>
                <dt>"Can read"</dt>
                <dd>
                    <AllowedList allowed=view.readers all_members="All members of the organization" />
                    <p class="hint">"Administrators can always read."</p>
                </dd>
            </div>
            <div>
                <dt>"Can write"</dt>
                <dd>
                    <AllowedList allowed=view.writers all_members="All members with the role power user or administrator" />
                    <p class="hint">
                        "Writing always requires the role power user or administrator. An administrator who is not listed "
                        "can change the permissions, but nothing else."
                    </p>
                </dd>
            </div>
        </dl>
        {if view.may_change {
            view! { <p><a class="button" href=page>"Change permissions"</a></p> }.into_any()
        } else {
            view! { <p class="hint">"Only members with write permission and administrators can change the permissions."</p> }.into_any()
        }}
    }
}

/// The permissions of an object.
///
/// # Errors
/// [`UiError::NotFound`] or [`UiError::Denied`] without read permission.
#[server(prefix = "/ui", endpoint = "permissions")]
pub async fn find_permissions(
    /// The kind of object.
    kind: String,
    /// The object.
    id: String,
) -> Result<PermissionsView, UiError> {
    use crate::{
        pages::objects::permissions::server,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let (kind, id) = (parameters::item_kind(&kind)?, parameters::id(&id)?);
    server::permissions(&service, &caller, kind, id).await
}
