//! The dialog that a URL opens.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The dialog that a URL opens, and its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The dialog: `info`, `permissions`, or one of the page's own.
    pub show: String,
    /// The object's id.
    pub of: String,
}

impl Asked {
    /// Parses the query parameters of a list.
    #[must_use]
    pub fn read(show: Option<String>, of: Option<String>) -> Option<Self> {
        Some(Self {
            show: show?,
            of: of?,
        })
    }

    /// Parses the URL of an object's own page.
    #[must_use]
    pub fn read_of(id: &str) -> Option<Self> {
        let show = use_query_map().with_untracked(|query| query.get("show"));
        Self::read(show, Some(id.to_owned()))
    }
}
