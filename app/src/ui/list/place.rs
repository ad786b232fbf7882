//! The URL of a list: search, filters, sort order, page, and the open dialog.

use domain::platform::limits;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::model::platform::address::address;
use crate::{model::platform::list::PAGE_SIZE, ui::dialog::request::Asked};

/// The last page: what a list counts at most.
const LAST_PAGE: i64 = limits::PAGE_OBJECTS / PAGE_SIZE;

/// The parsed URL of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPlace {
    /// The path of the list.
    pub path: String,
    /// Search text.
    pub search: String,
    /// Sort field, with `-` in front for descending order.
    pub sort: String,
    /// Page number; the first is 1.
    pub page: i64,
    /// Filters by name; an empty value does not filter.
    filters: Vec<(&'static str, String)>,
    /// The open dialog.
    pub asked: Option<Asked>,
}

impl ListPlace {
    /// Parses the URL of the current page: a list at this path with these filters.
    #[must_use]
    pub fn read(path: impl Into<String>, filters: &[&'static str], sort: &str) -> Self {
        use_query_map().with_untracked(|query| Self {
            path: path.into(),
            search: query.get("q").unwrap_or_default().trim().to_owned(),
            sort: query.get("sort").unwrap_or_else(|| sort.to_owned()),
            page: asked_page(query.get_str("page")),
            filters: filters
                .iter()
                .map(|name| (*name, query.get(name).unwrap_or_default()))
                .collect(),
            asked: Asked::read(query.get("show"), query.get("of")),
        })
    }

    /// The value of a filter; empty when it is not set.
    #[must_use]
    pub fn filter(&self, name: &str) -> &str {
        let set = self.filters.iter().find(|(known, _)| *known == name);
        set.map_or("", |(_, value)| value.as_str())
    }

    /// A copy with this value of a filter.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut place = self.clone();
        let set = place.filters.iter_mut().find(|(known, _)| *known == name);
        if let Some((_, now)) = set {
            value.clone_into(now);
        }
        place
    }

    /// The URL of this page without a dialog.
    #[must_use]
    pub fn here(&self) -> String {
        self.address(&self.sort, self.page)
    }

    /// The query parameters as hidden fields of a form that returns to this page.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        self.pairs(&self.sort, self.page)
    }

    fn pairs(&self, sort: &str, page: i64) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("q", self.search.clone())];
        pairs.extend(self.filters.iter().cloned());
        pairs.push(("sort", sort.to_owned()));
        if page > 1 {
            pairs.push(("page", page.to_string()));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    pub(crate) fn address(&self, sort: &str, page: i64) -> String {
        let pairs = self.pairs(sort, page);
        address(
            &self.path,
            pairs.iter().map(|(name, value)| (*name, value.as_str())),
        )
    }

    pub(crate) fn is_narrowed(&self) -> bool {
        !self.search.is_empty() || self.filters.iter().any(|(_, value)| !value.is_empty())
    }
}

/// The page number; the first page for an invalid one.
fn asked_page(text: Option<&str>) -> i64 {
    text.and_then(|text| text.parse().ok())
        .filter(|page| (1..=LAST_PAGE).contains(page))
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> ListPlace {
        ListPlace {
            path: "/teams".to_owned(),
            search: String::new(),
            sort: String::new(),
            page: 1,
            filters: vec![("state", String::new())],
            asked: None,
        }
    }

    #[test]
    fn nonsense_asks_for_the_first_page() {
        for (text, page) in [
            (None, 1),
            (Some("0"), 1),
            (Some("-1"), 1),
            (Some("x"), 1),
            (Some("7"), 7),
            (Some("201"), 1),
        ] {
            assert_eq!(asked_page(text), page, "{text:?}");
        }
    }

    #[test]
    fn an_address_says_what_is_asked_for_and_no_more() {
        assert_eq!(place().here(), "/teams");
        let asked = ListPlace {
            search: "a & b".to_owned(),
            sort: "-lastUpdated".to_owned(),
            page: 3,
            filters: vec![("state", "live".to_owned())],
            ..place()
        };
        assert_eq!(
            asked.here(),
            "/teams?q=a%20%26%20b&state=live&sort=-lastUpdated&page=3"
        );
        assert_eq!(asked.filter("state"), "live");
        assert!(asked.is_narrowed() && !place().is_narrowed());
    }
}
