//! Collects a page of entries in sort order, without keeping the rest in memory.

use std::collections::BTreeMap;

use super::entry::Entry;
use crate::api::platform::error::ApiError;

/// The sort order of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    by: SortField,
    descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SortField {
    Timestamp,
    Category,
    Kind,
}

impl Order {
    /// Parses `sortBy`. The default is by time, oldest first.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        };
        let by = match name {
            "" | "timestamp" | "sf_timestamp" => SortField::Timestamp,
            "sf_eventCategory" => SortField::Category,
            "sf_eventType" => SortField::Kind,
            _ => {
                return Err(ApiError::bad_request(
                    "sortBy is timestamp, sf_eventCategory or sf_eventType.",
                ));
            }
        };
        Ok(Self { by, descending })
    }

    /// Parses an order; an unknown one is the default (docs/contract.md#lists).
    pub(super) fn parse_or_default(text: &str) -> Self {
        Self::parse(text).unwrap_or(OLDEST_FIRST)
    }

    pub(super) fn is_newest_first(self) -> bool {
        self == NEWEST_FIRST
    }

    pub(super) fn is_by_time(self) -> bool {
        self.by == SortField::Timestamp
    }

    fn key(self, entry: &Entry) -> Key {
        let text = match self.by {
            SortField::Timestamp => "",
            SortField::Category => entry.category.label(),
            SortField::Kind => entry.kind,
        };
        (text, entry.timestamp, entry.id.bits())
    }
}

/// The place after an entry of a list by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EntryCursor {
    /// In milliseconds since 1970.
    pub(super) millis: i64,
    id: u64,
}

impl EntryCursor {
    pub(super) const fn after(entry: &Entry) -> Self {
        Self {
            millis: entry.timestamp,
            id: entry.id.bits(),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        let parsed = text.split_once('.').and_then(|(millis, id)| {
            Some(Self {
                millis: millis.parse().ok()?,
                id: id.parse().ok()?,
            })
        });
        parsed.ok_or_else(|| ApiError::bad_request("cursor is not one of a response."))
    }

    pub(super) fn label(self) -> String {
        format!("{}.{}", self.millis, self.id)
    }

    /// Whether an entry follows in this order, which is one by time.
    pub(super) fn is_before(self, entry: &Entry, order: Order) -> bool {
        let (here, there) = ((self.millis, self.id), (entry.timestamp, entry.id.bits()));
        if order.descending {
            there < here
        } else {
            there > here
        }
    }
}

type Key = (&'static str, i64, u64);

/// The first entries in sort order, up to the end of the page.
pub(super) struct Window {
    order: Order,
    offset: usize,
    size: usize,
    entries: BTreeMap<Key, Entry>,
}

impl Window {
    pub(super) fn new(order: Order, offset: i64, limit: i64) -> Self {
        let size = |number: i64| usize::try_from(number).unwrap_or(0);
        Self {
            order,
            offset: size(offset),
            size: size(offset.saturating_add(limit)),
            entries: BTreeMap::new(),
        }
    }

    /// Keeps the entry if it is among the first.
    pub(super) fn offer(&mut self, entry: Entry) {
        let key = self.order.key(&entry);
        self.entries.insert(key, entry);
        if self.entries.len() > self.size {
            if self.order.descending {
                self.entries.pop_first();
            } else {
                self.entries.pop_last();
            }
        }
    }

    /// Whether no entry after this time, in milliseconds, can be on the page, when entries are offered in order of
    /// time. With any other sort order this is never certain.
    pub(super) fn is_full_before(&self, millis: i64) -> bool {
        let is_full = self.entries.len() >= self.size;
        match self.order {
            OLDEST_FIRST => {
                let last = self.entries.last_key_value();
                is_full && last.is_none_or(|((_, at, _), _)| *at < millis)
            }
            NEWEST_FIRST => {
                let first = self.entries.first_key_value();
                is_full && first.is_none_or(|((_, at, _), _)| *at > millis)
            }
            Order { .. } => false,
        }
    }

    /// Returns the page.
    pub(super) fn into_page(self) -> Vec<Entry> {
        let ordered: Box<dyn Iterator<Item = Entry>> = if self.order.descending {
            Box::new(self.entries.into_values().rev())
        } else {
            Box::new(self.entries.into_values())
        };
        ordered.skip(self.offset).collect()
    }
}

const OLDEST_FIRST: Order = Order {
    by: SortField::Timestamp,
    descending: false,
};

const NEWEST_FIRST: Order = Order {
    by: SortField::Timestamp,
    descending: true,
};

#[cfg(test)]
mod tests {
    use domain::platform::id::Id;

    use super::{super::entry::EntryCategory, *};

    fn page(order: &str, offset: i64, limit: i64, times: &[i64]) -> Vec<i64> {
        let mut window = Window::new(Order::parse(order).unwrap(), offset, limit);
        for time in times {
            let kind = if time % 2 == 0 { "even" } else { "odd" };
            window.offer(Entry::new(
                Id::from_bits(time.unsigned_abs()),
                *time,
                EntryCategory::Audit,
                kind,
            ));
        }
        window
            .into_page()
            .iter()
            .map(|entry| entry.timestamp)
            .collect()
    }

    #[test]
    fn a_page_is_a_part_of_the_whole_order() {
        let times: Vec<i64> = (1..=10).collect();
        assert_eq!(page("", 0, 3, &times), [1, 2, 3]);
        assert_eq!(page("timestamp", 8, 5, &times), [9, 10]);
        assert_eq!(page("-timestamp", 1, 2, &times), [9, 8]);
        assert_eq!(page("sf_eventType", 4, 3, &times), [10, 1, 3]);
        assert_eq!(page("-sf_eventType", 0, 1, &times), [9]);
        assert_eq!(page("", 20, 5, &times), [0_i64; 0]);
    }

    #[test]
    fn a_full_page_in_order_of_time_needs_no_more_entries() {
        let filled = |order: &str, times: &[i64]| {
            let mut window = Window::new(Order::parse(order).unwrap(), 0, 2);
            for time in times {
                let id = Id::from_bits(time.unsigned_abs());
                window.offer(Entry::new(id, *time, EntryCategory::Audit, "any"));
            }
            window
        };
        assert!(!filled("", &[5]).is_full_before(9), "there is room");
        assert!(filled("", &[5, 7]).is_full_before(8));
        assert!(
            !filled("", &[5, 7]).is_full_before(7),
            "an entry of the same time may sort before"
        );
        assert!(filled("-timestamp", &[7, 5]).is_full_before(4));
        assert!(!filled("-timestamp", &[7, 5]).is_full_before(5));
        assert!(!filled("sf_eventType", &[5, 7]).is_full_before(9));
    }

    #[test]
    fn an_unknown_order_is_rejected() {
        assert!(Order::parse("size").is_err());
    }
}
