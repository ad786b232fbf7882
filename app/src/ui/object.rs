//! What lists say of a dashboard or a dashboard group, and the dialogs its Actions menu opens.

use domain::{audit::ObjectType, timestamp::Timestamp};
use leptos::prelude::*;
use leptos_router::location::Url;
use serde::{Deserialize, Serialize};

use super::{menu::ActionsMenu, modal::Modal};
use crate::pages::{info::InfoDialog, permissions::PermissionsDialog};

/// An object in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// The id and the name of the group it is in, where the reader may read it.
    pub group: Option<(String, String)>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
}

/// A page of a list of objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectPage {
    /// How many the whole list has.
    pub count: i64,
    /// Those of this page.
    pub rows: Vec<ObjectRow>,
}

/// What an address asks for: which dialog, of which object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The dialog: `info` or `permissions`.
    pub show: String,
    /// The object's id.
    pub of: String,
}

impl Asked {
    /// Reads what a list's address asks for.
    #[must_use]
    pub fn read(show: Option<String>, of: Option<String>) -> Option<Self> {
        Some(Self {
            show: show?,
            of: of?,
        })
    }
}

/// The address of a list with what was searched for.
#[must_use]
pub fn list_address(path: &str, search: &str, page: i64) -> String {
    format!("{path}?q={}&page={page}", Url::escape(search))
}

/// The Actions menu of an object: its items lead to `here` with a dialog open.
#[component]
pub fn Actions(
    /// The object's id.
    id: String,
    /// Its name.
    name: String,
    /// The page without a dialog.
    here: String,
) -> impl IntoView {
    let glue = if here.contains('?') { '&' } else { '?' };
    let item =
        |words: &str, show: &str| (words.to_owned(), format!("{here}{glue}show={show}&of={id}"));
    let items = vec![item("Info", "info"), item("Permissions", "permissions")];
    view! { <ActionsMenu id name items /> }
}

/// The dialog that the address asks for.
#[component]
pub fn AskedDialog(
    /// What the address asks for.
    asked: Option<Asked>,
    /// What kind of objects the page is about.
    kind: ObjectType,
    /// The page without the dialog.
    here: String,
) -> impl IntoView {
    asked.map(|Asked { show, of }| {
        let return_to = format!("actions-{of}");
        match show.as_str() {
            "info" => view! {
                <Modal heading="Info".to_owned() close_href=here return_to>
                    <InfoDialog kind id=of />
                </Modal>
            }
            .into_any(),
            "permissions" => view! {
                <Modal heading="Permissions".to_owned() close_href=here return_to>
                    <PermissionsDialog kind id=of />
                </Modal>
            }
            .into_any(),
            _ => ().into_any(),
        }
    })
}
