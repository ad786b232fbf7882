//! Events, and the rules for valid ones.

use crate::{
    ingest::data::{Datum, Pairs, are_dimensions, is_name},
    platform::limits,
};

/// The category of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventCategory {
    /// Its protobuf number.
    pub number: i32,
    /// The name in JSON.
    pub word: &'static str,
}

const fn category(number: i32, word: &'static str) -> EventCategory {
    EventCategory { number, word }
}

impl EventCategory {
    /// The category of an event without one.
    pub const USER_DEFINED: Self = category(1_000_000, "USER_DEFINED");

    /// All categories. The reference names `COLLECTED` what clients call `COLLECTD`.
    pub const ALL: [Self; 9] = [
        Self::USER_DEFINED,
        category(100_000, "ALERT"),
        category(200_000, "AUDIT"),
        category(300_000, "JOB"),
        category(400_000, "COLLECTD"),
        category(400_000, "COLLECTED"),
        category(500_000, "SERVICE_DISCOVERY"),
        category(700_000, "EXCEPTION"),
        category(2_000_000, "AGENT"),
    ];

    /// The category with this protobuf number.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.number == number)
    }

    /// The category with this name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word == word)
    }
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The type of the event.
    pub event_type: String,
    /// The category.
    pub category: EventCategory,
    /// Milliseconds since 1970; `None` is the time of receipt.
    pub at_ms: Option<i64>,
    /// The dimensions.
    pub dimensions: Pairs<String>,
    /// The properties.
    pub properties: Pairs<Datum>,
}

impl Event {
    /// Whether it is accepted.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let is_property = |(name, value): &(String, Datum)| {
            is_name(name, limits::DIMENSION_NAME_CHARACTERS)
                && match value {
                    Datum::Real(value) => value.is_finite(),
                    Datum::Whole(_) | Datum::Truth(_) | Datum::Text(_) => true,
                }
        };
        is_name(&self.event_type, limits::EVENT_TYPE_CHARACTERS)
            && !self.event_type.contains(char::is_whitespace)
            && are_dimensions(&self.dimensions)
            && self.properties.len() <= limits::EVENT_PROPERTIES
            && self.properties.iter().all(is_property)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_requires_a_type_without_whitespace() {
        let event = |event_type: &str| Event {
            event_type: event_type.to_owned(),
            category: EventCategory::USER_DEFINED,
            at_ms: None,
            dimensions: Vec::new(),
            properties: vec![("version".to_owned(), Datum::Truth(true))],
        };
        assert!(event("deployed").is_valid());
        assert!(!event("was deployed").is_valid());
        assert!(!event("").is_valid());
        assert!(!event(&"e".repeat(257)).is_valid());
        assert_eq!(EventCategory::from_word("ALERT").unwrap().number, 100_000);
        assert_eq!(
            EventCategory::from_number(400_000).unwrap().word,
            "COLLECTD"
        );
        assert_eq!(EventCategory::from_word("alert"), None);
    }
}
