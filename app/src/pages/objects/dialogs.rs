//! The dialogs that the Actions menu of an object opens.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    pages::{
        audit::info::InfoDialog,
        objects::{
            actions::{AskDelete, DoomedObject},
            permissions::dialog::PermissionsDialog,
        },
    },
    ui::dialog_request::Asked,
};

/// The dialog that the address asks for: Info, Permissions or Delete.
#[component]
pub fn ObjectDialogs(
    /// The dialog that the address asks for.
    asked: Option<Asked>,
    /// The kind of the page's objects.
    kind: ItemKind,
    /// The object that the address asks to delete, where the viewer may.
    doomed: Option<DoomedObject>,
    /// The address of the page without a dialog.
    here: String,
) -> impl IntoView {
    view! {
        <InfoDialog asked=asked.clone() kind=kind.object_type() here=here.clone() />
        <PermissionsDialog asked kind here=here.clone() />
        {doomed.map(|object| view! { <AskDelete kind object here /> })}
    }
}
