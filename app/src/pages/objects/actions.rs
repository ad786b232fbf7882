//! The Actions menu of an object.

use leptos::prelude::*;

use crate::{
    model::objects::{content_kind::ContentKind, object::ObjectRow},
    pages::objects::{
        import::links::{export_offer, import_offer},
        kind::object_path,
    },
    ui::object::{Actions, Offer},
};

/// Info, Permissions where the kind has them, and what the viewer may do with the object.
#[component]
pub fn ObjectActions(
    /// The kind of object.
    #[prop(into)]
    kind: ContentKind,
    /// The object.
    row: ObjectRow,
    /// The address of the page without a dialog.
    here: String,
) -> impl IntoView {
    let ObjectRow {
        id, name, rights, ..
    } = row;
    let is_item = matches!(kind, ContentKind::Item(_));
    let mut offers = vec![Offer::INFO];
    if is_item {
        offers.push(Offer::PERMISSIONS);
    }
    if rights.edit {
        let page = object_path(kind, &id);
        if is_item {
            offers.push(Offer::Page("Edit", format!("{page}/edit")));
        }
        offers.push(Offer::Page("Edit as JSON", format!("{page}/document")));
        offers.extend(import_offer(kind, &id));
    }
    offers.extend(export_offer(kind, &id));
    if rights.delete {
        offers.push(Offer::DELETE);
    }
    view! { <Actions id name here offers /> }
}
