//! The dialogs that the Actions menu of an object opens.

use leptos::prelude::*;

use crate::{
    model::objects::{content_kind::ContentKind, object::ObjectRow},
    pages::{
        audit::info::InfoDialog,
        objects::{delete::DeleteDialog, permissions::dialog::PermissionsDialog},
    },
    ui::dialog::request::Asked,
};

/// The dialog that the address asks for: Info, Permissions or, where the viewer may delete the object, Delete.
#[component]
pub fn ObjectDialogs(
    /// The dialog that the address asks for.
    asked: Option<Asked>,
    /// The kind of the page's objects.
    #[prop(into)]
    kind: ContentKind,
    /// The page's objects.
    rows: Vec<ObjectRow>,
    /// The address of the page without a dialog.
    here: String,
) -> impl IntoView {
    let deletes = asked.as_ref().filter(|asked| asked.show == "delete");
    let deleted = deletes.and_then(|asked| rows.into_iter().find(|row| row.id == asked.of));
    let deleted = deleted.filter(|row| row.rights.delete);
    view! {
        <InfoDialog asked=asked.clone() kind=kind.object_type() here=here.clone() />
        {match kind {
            ContentKind::Item(kind) => Some(view! { <PermissionsDialog asked kind here=here.clone() /> }),
            ContentKind::Shared(_) => None,
        }}
        {deleted.map(|row| view! { <DeleteDialog kind row here /> })}
    }
}
