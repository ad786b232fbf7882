//! The Actions menu of an object: its dialogs and pages as menu items.

use leptos::prelude::*;

use crate::ui::menu::ActionsMenu;

/// An item of an Actions menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// A dialog over the page: label, and value of `show` in the URL.
    Dialog(&'static str, &'static str),
    /// Another page: label and URL.
    Page(&'static str, String),
}

impl Offer {
    /// Who created and last updated the object.
    pub const INFO: Self = Self::Dialog("Info", "info");
    /// Who may read and write the object.
    pub const PERMISSIONS: Self = Self::Dialog("Permissions", "permissions");
    /// Confirmation before it is deleted.
    pub const DELETE: Self = Self::Dialog("Delete", "delete");
}

/// The Actions menu of an object. Its dialogs open over `here`.
#[component]
pub fn Actions(
    /// The object's id.
    id: String,
    /// The object's name.
    name: String,
    /// URL of the page without a dialog.
    here: String,
    /// The items.
    #[prop(default = vec![Offer::INFO, Offer::PERMISSIONS])]
    offers: Vec<Offer>,
) -> impl IntoView {
    let glue = if here.contains('?') { '&' } else { '?' };
    let items = offers
        .into_iter()
        .map(|offer| match offer {
            Offer::Dialog(words, show) => {
                (words.to_owned(), format!("{here}{glue}show={show}&of={id}"))
            }
            Offer::Page(words, href) => (words.to_owned(), href),
        })
        .collect();
    view! { <ActionsMenu id name items /> }
}

/// Id of the element that gets the focus when a dialog of the menu closes.
#[must_use]
pub fn return_to(id: &str) -> String {
    format!("actions-{id}")
}
