//! Which part of the metric catalog a search has to read: a condition that everything found meets may name a range of
//! names. Such a condition is about a name only while no property has the name of its field.

use super::{
    names::EntryName,
    query::{Query, Term, TextRange},
};
use crate::audit::event::CatalogKind;

/// Fields of every entry that are not names of dimensions.
const FIELDS: [&str; 9] = [
    "name",
    "metric",
    "type",
    "value",
    "description",
    "tags",
    "sf_metric",
    "sf_type",
    "sf_tags",
];

/// The entries of a kind from one name and value up to, and not including, others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRange {
    /// The first name, or key of a dimension, and value.
    pub from: (String, String),
    /// The name and value after the last.
    pub to: (String, String),
}

impl EntryRange {
    /// All entries.
    #[must_use]
    pub fn everything() -> Self {
        Self::of_names(TextRange::everything())
    }

    fn of_names(names: TextRange) -> Self {
        Self {
            from: (names.from, String::new()),
            to: (names.to, String::new()),
        }
    }

    fn of_key(key: &str, values: TextRange) -> Self {
        Self {
            from: (key.to_owned(), values.from),
            to: (key.to_owned(), values.to),
        }
    }

    /// Removes the entries up to this one, which were read.
    pub fn continue_after(&mut self, last: &EntryName) {
        self.from = (last.name.clone(), TextRange::only(&last.value).to);
    }
}

/// A range of series that a search may be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeriesOf<'a> {
    /// The series of these metrics.
    Metrics(TextRange),
    /// The series of a dimension, while no property is named like its key.
    Dimension(&'a str, &'a str),
}

/// The ranges of entries that contain everything that a query finds, the narrowest first; each while no property is named
/// like the field.
#[must_use]
pub fn entries_of(kind: CatalogKind, query: &Query) -> Vec<(&str, EntryRange)> {
    let required = query.required();
    let ranges = required
        .into_iter()
        .filter_map(|term| Some((is_narrow(term), entries_of_term(kind, term)?)));
    narrowest_first(ranges.collect())
}

fn entries_of_term(kind: CatalogKind, term: &Term) -> Option<(&str, EntryRange)> {
    let field = term.field.as_deref()?;
    let range = term.pattern.range();
    match (kind, field) {
        (CatalogKind::Metric, "name" | "metric" | "sf_metric")
        | (CatalogKind::Tag, "name" | "sf_tag")
        | (CatalogKind::Dimension, "key") => Some((field, EntryRange::of_names(range))),
        (CatalogKind::Dimension, key) if !FIELDS.contains(&key) => {
            Some((field, EntryRange::of_key(key, range)))
        }
        (CatalogKind::Metric | CatalogKind::Tag | CatalogKind::Dimension, _) => None,
    }
}

/// The ranges of series that contain everything that a query finds, the narrowest first.
#[must_use]
pub fn series_of(query: &Query) -> Vec<SeriesOf<'_>> {
    let required = query.required();
    let ranges = required
        .into_iter()
        .filter_map(|term| Some((is_narrow(term), series_of_term(term)?)));
    narrowest_first(ranges.collect())
}

fn series_of_term(term: &Term) -> Option<SeriesOf<'_>> {
    match (term.field.as_deref()?, term.pattern.whole()) {
        ("sf_metric", _) => Some(SeriesOf::Metrics(term.pattern.range())),
        (key, Some(value)) if !FIELDS.contains(&key) => Some(SeriesOf::Dimension(key, value)),
        (_, _) => None,
    }
}

fn is_narrow(term: &Term) -> bool {
    term.pattern.whole().is_some()
}

fn narrowest_first<T>(mut ranges: Vec<(bool, T)>) -> Vec<T> {
    ranges.sort_by_key(|(is_narrow, _)| !is_narrow);
    ranges.into_iter().map(|(_, range)| range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_that_everything_found_meets_narrow_a_search() {
        let check = |kind, query: &str, expected: &[(&str, &str, &str)]| {
            let query = Query::parse(query).unwrap();
            let ranges = entries_of(kind, &query);
            let ranges: Vec<_> = ranges
                .iter()
                .map(|(field, range)| (*field, range.from.0.as_str(), range.from.1.as_str()))
                .collect();
            assert_eq!(ranges, expected, "{query}");
        };
        check(CatalogKind::Metric, "name:cpu*", &[("name", "cpu", "")]);
        check(CatalogKind::Metric, "cpu*", &[]);
        check(CatalogKind::Metric, "name:a OR name:b", &[]);
        check(CatalogKind::Metric, "type:GAUGE AND NOT name:a", &[]);
        check(
            CatalogKind::Dimension,
            "key:h* host:a",
            &[("host", "host", "a"), ("key", "h", "")],
        );
        check(CatalogKind::Dimension, "value:a tags:b", &[]);
        check(CatalogKind::Tag, "name:a", &[("name", "a", "")]);
        let query = Query::parse("sf_metric:cpu* AND host:a AND region:e*").unwrap();
        let metrics = SeriesOf::Metrics(query.required()[0].pattern.range());
        assert_eq!(
            series_of(&query),
            [SeriesOf::Dimension("host", "a"), metrics]
        );
        assert_eq!(series_of(&Query::parse("name:cpu type:GAUGE").unwrap()), []);
    }

    #[test]
    fn a_range_ends_where_no_more_entries_can_match() {
        let query = Query::parse("host:web-1").unwrap();
        let (_, mut range) = entries_of(CatalogKind::Dimension, &query).remove(0);
        let contains = |range: &EntryRange, key: &str, value: &str| {
            let place = (key.to_owned(), value.to_owned());
            range.from <= place && place < range.to
        };
        assert!(contains(&range, "host", "web-1"));
        for (key, value) in [
            ("host", "web-10"),
            ("host", "web-0"),
            ("hos", "x"),
            ("hosts", ""),
        ] {
            assert!(!contains(&range, key, value), "{key} {value}");
        }
        range.continue_after(&EntryName::dimension("host", "web-1"));
        assert!(!contains(&range, "host", "web-1"));
        let mut all = EntryRange::everything();
        all.continue_after(&EntryName::metric("cpu"));
        assert!(!contains(&all, "cpu", "") && contains(&all, "cpu.load", ""));
    }
}
