//! The links that export and import an object.

use domain::objects::permissions::ItemKind;
use leptos::prelude::*;

use crate::{
    model::objects::content_kind::ContentKind,
    pages::objects::kind::{list_path, object_path},
    ui::object::Offer,
};

/// The item of the Actions menu that downloads an object as one document, for kinds that have one.
#[must_use]
pub fn export_offer(kind: ContentKind, id: &str) -> Option<Offer> {
    has_package(kind).then(|| Offer::Page("Export", format!("{}/export", object_path(kind, id))))
}

/// The item of the Actions menu that imports a dashboard into a group.
#[must_use]
pub fn import_offer(kind: ContentKind, id: &str) -> Option<Offer> {
    match kind {
        ContentKind::Item(ItemKind::DashboardGroup) => {
            let page = format!("{}/import?groupId={id}", list_path(ItemKind::Dashboard));
            Some(Offer::Page("Import a dashboard", page))
        }
        ContentKind::Item(ItemKind::Dashboard | ItemKind::Detector) | ContentKind::Shared(_) => {
            None
        }
    }
}

/// The link to the page that imports an object of a kind.
#[component]
pub fn ImportLink(
    /// The kind of object.
    kind: ContentKind,
) -> impl IntoView {
    has_package(kind).then(|| {
        let href = format!("{}/import", list_path(kind));
        view! { <a class="button" href=href>"Import"</a> }
    })
}

const fn has_package(kind: ContentKind) -> bool {
    match kind {
        ContentKind::Item(ItemKind::Dashboard | ItemKind::DashboardGroup) => true,
        ContentKind::Item(ItemKind::Detector) | ContentKind::Shared(_) => false,
    }
}
