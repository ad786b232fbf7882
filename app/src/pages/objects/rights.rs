//! What the viewer cannot do with an object, and why.

use leptos::prelude::*;

use crate::{
    error::UiError,
    model::{
        objects::{content_kind::ContentKind, object::ObjectRights},
        platform::viewer::Viewer,
    },
    pages::objects::{import::links::ImportLink, kind::list_path},
    ui::page::failure::Failure,
};

/// Why the Actions menu of an object does not offer everything.
#[component]
pub fn MissingRights(
    /// The kind of object.
    #[prop(into)]
    kind: ContentKind,
    /// What the viewer may do.
    rights: ObjectRights,
    /// The address of the page without a dialog.
    here: String,
) -> impl IntoView {
    explanation(rights).map(|text| {
        let permissions = format!("{here}?show=permissions");
        view! {
            <p class="prose">
                {text} " " <a href=permissions>"Who can write this " {kind.words()}</a>
            </p>
        }
    })
}

fn explanation(rights: ObjectRights) -> Option<&'static str> {
    match (rights.edit, rights.permit, rights.delete) {
        (true, _, true) => None,
        (true, _, false) => {
            Some("You can change it. Deleting it also requires write permission on its group.")
        }
        (false, true, _) => Some(
            "As an administrator you can change its permissions. To change or delete it, give yourself write permission first.",
        ),
        (false, false, _) if is_writer() => Some(
            "You can read it. Changing or deleting it requires write permission, which any member with write permission can give you.",
        ),
        (false, false, _) => Some(
            "You can read it. Changing or deleting it requires the role power user and write permission.",
        ),
    }
}

/// The link that creates an object; other viewers see which roles can.
#[component]
pub fn CreateLink(
    /// The kind of object.
    #[prop(into)]
    kind: ContentKind,
) -> impl IntoView {
    let words = kind.words();
    if is_writer() {
        let href = format!("{}/new", list_path(kind));
        view! {
            <ImportLink kind />
            <a class="button button-main" href=href>"New " {words}</a>
        }
        .into_any()
    } else {
        view! { <p class="quiet">"Power users and administrators can create " {words} "s."</p> }
            .into_any()
    }
}

/// A form that creates an object; other viewers get status 403 and the reason.
#[component]
pub fn ForWriters(
    /// The kind of object.
    #[prop(into)]
    kind: ContentKind,
    /// The form.
    children: Children,
) -> impl IntoView {
    if is_writer() {
        return children().into_any();
    }
    let words = kind.words();
    let error = UiError::Denied(format!(
        "Creating {words}s requires the role power user or administrator."
    ));
    #[cfg(feature = "ssr")]
    crate::request::set_status(error.status());
    view! { <Failure error /> }.into_any()
}

/// Whether the viewer's role can write objects.
fn is_writer() -> bool {
    use_context::<Viewer>().is_some_and(|viewer| viewer.is_writer)
}
