//! Permissions, from the Actions menu: who may read and write an object, by name, in plain words.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    error::UiError,
    model::objects::permissions::{Allowed, PermissionsView},
    pages::objects::kind::list_path,
    ui::{dialog_request::Asked, modal::Modal, object::return_to},
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
                <FoundPermissions kind id=asked.of />
            </Modal>
        }
    })
}

#[component]
fn FoundPermissions(kind: ItemKind, id: String) -> impl IntoView {
    let page = format!("{}/{id}/permissions", list_path(kind));
    Suspend::new(async move {
        match find_permissions(kind.label().to_owned(), id).await {
            Ok(view) => view! { <Permissions view kind page /> }.into_any(),
            Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
        }
    })
}

#[component]
fn Permissions(view: PermissionsView, kind: ItemKind, page: String) -> impl IntoView {
    let source = match view.inherited_from {
        Some((id, group)) => view! {
            "The " {kind.words()} " has the permissions of its group, "
            <a href=format!("/dashboard-groups/{id}?show=permissions")>{group}</a> "."
        }
        .into_any(),
        None => view! { "The " {kind.words()} " has permissions of its own." }.into_any(),
    };
    view! {
        <p><strong>{view.name}</strong></p>
        <p>{source}</p>
        <dl class="definitions">
            <div>
                <dt>"May read"</dt>
                <dd>
                    <Who allowed=view.readers everybody="Everybody in the organization" />
                    <p class="hint">"Administrators may always read."</p>
                </dd>
            </div>
            <div>
                <dt>"May write"</dt>
                <dd>
                    <Who allowed=view.writers everybody="Everybody with the role power user or administrator" />
                    <p class="hint">
                        "Writing always needs the role power user or administrator. An administrator who is not listed may "
                        "change the permissions, but nothing else."
                    </p>
                </dd>
            </div>
        </dl>
        {if view.may_change {
            view! { <p><a class="button" href=page>"Change permissions"</a></p> }.into_any()
        } else {
            view! { <p class="hint">"Whoever may write it can change its permissions, and so can administrators."</p> }.into_any()
        }}
    }
}

/// Those who may do something, by name.
#[component]
pub fn Who(
    /// Who may.
    allowed: Allowed,
    /// The words for everybody.
    everybody: &'static str,
    /// The words for nobody.
    #[prop(default = "Nobody")]
    nobody: &'static str,
) -> impl IntoView {
    match allowed {
        Allowed::Everybody => everybody.into_any(),
        Allowed::These(names) if names.is_empty() => nobody.into_any(),
        Allowed::These(names) => {
            let items = names
                .into_iter()
                .map(|name| view! { <li>{name}</li> })
                .collect_view();
            view! { <ul class="plain-list">{items}</ul> }.into_any()
        }
    }
}

/// Who may read and write an object.
///
/// # Errors
/// [`UiError::NotFound`] or [`UiError::Denied`] for whoever may not read it.
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
    server::of(
        &service,
        &caller,
        parameters::item_kind(&kind)?,
        parameters::id(&id)?,
    )
    .await
}
