//! Offset pagination of `/v2` lists (docs/contract.md#lists).

use crate::platform::limits;

/// Limit and offset of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OffsetPage {
    /// Maximum number of objects, 1 to [`limits::PAGE_OBJECTS`].
    pub limit: i64,
    /// Number of objects to skip.
    pub offset: i64,
}

impl OffsetPage {
    /// Parses `limit` and `offset`: a value that is not a positive number is the default, a larger one than the maximum
    /// is the maximum. There are no errors.
    #[must_use]
    pub fn parse(limit: Option<&str>, offset: Option<&str>, default_limit: i64) -> Self {
        let number = |text: Option<&str>| text.and_then(|text| text.trim().parse::<i64>().ok());
        Self {
            limit: number(limit)
                .filter(|limit| *limit > 0)
                .unwrap_or(default_limit)
                .min(limits::PAGE_OBJECTS),
            offset: number(offset).filter(|offset| *offset >= 0).unwrap_or(0),
        }
    }

    /// The offset of the next page of a list of `count` objects; `None` after the last page.
    #[must_use]
    pub fn next_offset(self, count: i64) -> Option<i64> {
        let next = self.offset.saturating_add(self.limit);
        (next < count).then_some(next)
    }

    /// The offset of the page before; `None` for the first page.
    #[must_use]
    pub fn previous_offset(self) -> Option<i64> {
        (self.offset > 0).then(|| (self.offset - self.limit).max(0))
    }
}

/// The field that `orderBy` names, without the prefix `sf_`, which has no effect, and whether its `-` asks for the
/// reverse order (docs/contract.md#lists).
#[must_use]
pub fn order_field(order_by: &str) -> (&str, bool) {
    let (field, is_descending) = match order_by.strip_prefix('-') {
        Some(field) => (field, true),
        None => (order_by, false),
    };
    (field.strip_prefix("sf_").unwrap_or(field), is_descending)
}

/// A page of a list, and the length of the whole list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Length of the whole list, at most [`limits::PAGE_OBJECTS`].
    pub count: i64,
    /// The objects of the page.
    pub results: Vec<T>,
}

impl<T> Page<T> {
    /// A page of a list that has at most one object.
    pub fn of_one(found: Option<T>, page: OffsetPage) -> Self {
        let count = i64::from(found.is_some());
        let results = found.into_iter().filter(|_| page.offset == 0).collect();
        Self { count, results }
    }

    /// A page of a list that is already in memory. The count is at most [`limits::PAGE_OBJECTS`].
    pub fn of_all(all: Vec<T>, page: OffsetPage) -> Self {
        let count = i64::try_from(all.len()).unwrap_or(limits::PAGE_OBJECTS);
        let offset = usize::try_from(page.offset).unwrap_or(usize::MAX);
        let limit = usize::try_from(page.limit).unwrap_or_default();
        Self {
            count: count.min(limits::PAGE_OBJECTS),
            results: all.into_iter().skip(offset).take(limit).collect(),
        }
    }

    /// The page with each object converted.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            count: self.count,
            results: self.results.into_iter().map(make).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_values_are_the_default_and_large_ones_the_maximum() {
        let check = |limit, offset, expected: (i64, i64)| {
            let page = OffsetPage::parse(limit, offset, 50);
            assert_eq!((page.limit, page.offset), expected, "{limit:?} {offset:?}");
        };
        check(None, None, (50, 0));
        check(Some(""), Some("x"), (50, 0));
        check(Some("0"), Some("-3"), (50, 0));
        check(Some("20000"), Some("7"), (10_000, 7));
        check(Some("1"), Some("99999999999999999999"), (1, 0));
    }

    #[test]
    fn the_pages_around_one_are_known_at_any_offset() {
        let around = |limit, offset, count| {
            let page = OffsetPage { limit, offset };
            (page.previous_offset(), page.next_offset(count))
        };
        assert_eq!(around(2, 0, 2), (None, None));
        assert_eq!(around(2, 1, 4), (Some(0), Some(3)));
        assert_eq!(around(2, i64::MAX, 4), (Some(i64::MAX - 2), None));
    }
}
