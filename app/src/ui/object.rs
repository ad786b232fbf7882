//! The Actions menu of an object, and which of its dialogs the address opens.

use leptos::prelude::*;

use crate::ui::menu::ActionsMenu;

/// Something an Actions menu offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// A dialog over the page: its words, and how the address asks for it.
    Dialog(&'static str, &'static str),
    /// A page of its own.
    Page(&'static str, String),
}

impl Offer {
    /// Who made and changed it.
    pub const INFO: Self = Self::Dialog("Info", "info");
    /// Who may read and write it.
    pub const PERMISSIONS: Self = Self::Dialog("Permissions", "permissions");
    /// Confirmation before it is deleted.
    pub const DELETE: Self = Self::Dialog("Delete", "delete");
}

/// The Actions menu of an object. The dialogs it offers open over `here`.
#[component]
pub fn Actions(
    /// The object's id.
    id: String,
    /// Its name.
    name: String,
    /// The page without a dialog.
    here: String,
    /// What it offers.
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

/// What gets the focus when a dialog closes that an Actions menu opened.
#[must_use]
pub fn return_to(id: &str) -> String {
    format!("actions-{id}")
}
