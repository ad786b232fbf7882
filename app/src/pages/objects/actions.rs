//! The Actions menu of a dashboard, dashboard group or detector.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    model::objects::object::ObjectRow,
    pages::objects::kind::object_path,
    ui::object::{Actions, Offer},
};

/// Info, Permissions, and what the viewer may do with the object.
#[component]
pub fn ObjectActions(
    /// The kind of object.
    kind: ItemKind,
    /// The object.
    row: ObjectRow,
    /// The address of the page without a dialog.
    here: String,
) -> impl IntoView {
    let ObjectRow {
        id, name, rights, ..
    } = row;
    let mut offers = vec![Offer::INFO, Offer::PERMISSIONS];
    if rights.edit {
        let page = object_path(kind, &id);
        offers.push(Offer::Page("Edit", format!("{page}/edit")));
        offers.push(Offer::Page("Edit as JSON", format!("{page}/document")));
    }
    if rights.delete {
        offers.push(Offer::DELETE);
    }
    view! { <Actions id name here offers /> }
}
