//! Pages of lists by offset, as `/v2` has them (docs/contract.md#lists).

use crate::platform::limits;

/// A stretch of a list: so many objects, after so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OffsetPage {
    /// Objects to give at most, 1 to [`limits::PAGE_OBJECTS`].
    pub limit: i64,
    /// Objects to leave out first.
    pub offset: i64,
}

impl OffsetPage {
    /// Reads `limit` and `offset` as the API does: what is not a positive number is the default, what is too large is
    /// cut, and neither is ever an error.
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
}

/// A page of a list, and how many objects the whole list has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// How many there are in all, at most [`limits::PAGE_OBJECTS`].
    pub count: i64,
    /// Those of the page.
    pub results: Vec<T>,
}

impl<T> Page<T> {
    /// The same page of something made from each object.
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
    fn nonsense_is_the_default_and_too_much_is_cut() {
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
}
