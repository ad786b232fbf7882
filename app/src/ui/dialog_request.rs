//! The dialog that an address asks for.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What an address asks for: which dialog, of which object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The dialog: `info`, `permissions`, or one of the page's own.
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

    /// Reads what the address of an object's own page asks for.
    #[must_use]
    pub fn read_of(id: &str) -> Option<Self> {
        let show = use_query_map().with_untracked(|query| query.get("show"));
        Self::read(show, Some(id.to_owned()))
    }
}
