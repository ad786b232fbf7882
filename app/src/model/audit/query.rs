//! The query string of the audit page: which log, filters, and the row to start at.

use std::collections::BTreeMap;

use domain::audit::query::EntryKind;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::model::platform::address::address;

/// Names of the query parameters.
pub const NAMES: &[&str] = &[
    "what", "person", "token", "kind", "object", "action", "outcome", "address", "request", "from",
    "to", "before", "after",
];

/// The query string of the audit page, unparsed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuditQuery {
    /// Parameters by name, without empty ones.
    pub given: BTreeMap<String, String>,
}

impl AuditQuery {
    /// Reads the query string of the current page.
    #[must_use]
    pub fn read() -> Self {
        let mut read = Self::default();
        use_query_map().with_untracked(|query| {
            for name in NAMES {
                read = read.clone().with(name, query.get(name).unwrap_or_default());
            }
        });
        read
    }

    /// The value of a parameter; empty when it is missing.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.given.get(name).map_or("", String::as_str)
    }

    /// A copy with this parameter set, or without it when the value is empty.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        let value = value.into().trim().to_owned();
        if value.is_empty() {
            self.given.remove(name);
        } else {
            self.given.insert(name.to_owned(), value);
        }
        self
    }

    /// A copy that starts at the newest row.
    #[must_use]
    pub fn from_the_newest(self) -> Self {
        self.with("before", "").with("after", "")
    }

    /// Which log to show.
    #[must_use]
    pub fn what(&self) -> EntryKind {
        EntryKind::from_label(self.get("what")).unwrap_or_default()
    }

    /// Whether there are filters.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        let known = |name: &&String| !["what", "before", "after"].contains(&name.as_str());
        self.given.keys().any(|name| known(&name))
    }

    /// The address of the page at this path with this query string.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let given = self.given.iter();
        address(
            path,
            given.map(|(name, value)| (name.as_str(), value.as_str())),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_was_given_and_no_more() {
        let query = AuditQuery::default()
            .with("person", " a&b ")
            .with("kind", "");
        assert_eq!(query.address("/audit"), "/audit?person=a%26b");
        assert!(query.is_narrowed() && query.what() == EntryKind::Events);
        let calls = AuditQuery::default()
            .with("what", "calls")
            .with("before", "5.7");
        assert_eq!(
            (calls.what(), calls.is_narrowed()),
            (EntryKind::Calls, false)
        );
        assert_eq!(
            calls.from_the_newest().address("/audit"),
            "/audit?what=calls"
        );
    }
}
