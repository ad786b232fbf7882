//! Ingested data (docs/contract.md#ingest): datapoints, events and spans, independent of their encoding, and the rules
//! for valid ones. Invalid items are dropped without an error to the sender.

use crate::platform::{document::Document, limits};

/// The content of one request, in the form that is stored and forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Datapoints, as a SignalFx protobuf message.
    Datapoints,
    /// Events, as a SignalFx protobuf message.
    Events,
    /// Datapoints, as an OTLP protobuf message.
    OtlpMetrics,
    /// Spans, as a Zipkin JSON list.
    Spans,
    /// Spans, as an OTLP protobuf message.
    OtlpSpans,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A value of a metric at a time.
    Datapoint,
    /// An event.
    Event,
    /// A span of a trace.
    Span,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Datapoints,
        Self::Events,
        Self::OtlpMetrics,
        Self::Spans,
        Self::OtlpSpans,
    ];

    /// The number in the database. Never changes.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Datapoints => 1,
            Self::Events => 2,
            Self::OtlpMetrics => 3,
            Self::Spans => 4,
            Self::OtlpSpans => 5,
        }
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The path of the endpoint, here and upstream.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Datapoints => "/v2/datapoint",
            Self::Events => "/v2/event",
            Self::OtlpMetrics => "/v2/datapoint/otlp",
            Self::Spans => "/v2/trace",
            Self::OtlpSpans => "/v2/trace/otlp",
        }
    }

    /// The media type of the stored form.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Spans => "application/json",
            Self::Datapoints | Self::Events | Self::OtlpMetrics | Self::OtlpSpans => {
                "application/x-protobuf"
            }
        }
    }

    /// Whether the concatenation of two payloads is a payload with the items of both. This holds for protobuf messages
    /// that have only repeated fields.
    #[must_use]
    pub const fn is_concatenable(self) -> bool {
        match self {
            Self::Datapoints | Self::Events | Self::OtlpMetrics | Self::OtlpSpans => true,
            Self::Spans => false,
        }
    }

    /// The unit that is counted.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Datapoints | Self::OtlpMetrics => Unit::Datapoint,
            Self::Events => Unit::Event,
            Self::Spans | Self::OtlpSpans => Unit::Span,
        }
    }
}

/// The type of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetricType {
    /// The current value.
    Gauge,
    /// The increase since the previous value.
    Counter,
    /// One of a few strings.
    Enum,
    /// A running total.
    CumulativeCounter,
}

impl MetricType {
    /// All types, indexed by protobuf number.
    pub const ALL: [Self; 4] = [
        Self::Gauge,
        Self::Counter,
        Self::Enum,
        Self::CumulativeCounter,
    ];

    /// The name in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Counter => "counter",
            Self::Enum => "enum",
            Self::CumulativeCounter => "cumulative_counter",
        }
    }
}

/// A value of a datapoint, or of a property of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// A whole number.
    Whole(i64),
    /// A number.
    Real(f64),
    /// A text.
    Text(String),
    /// True or false: properties only.
    Truth(bool),
}

impl Datum {
    /// Parses a text that spells a number, since senders may send one as text.
    #[must_use]
    pub fn number(text: &str) -> Option<Self> {
        let text = text.trim();
        let whole = text.parse().ok().map(Self::Whole);
        whole.or_else(|| text.parse().ok().map(Self::Real))
    }
}

/// Names and values: dimensions and properties.
pub type Pairs<T> = Vec<(String, T)>;

/// A datapoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Datapoint {
    /// The type of the metric.
    pub metric_type: MetricType,
    /// The name of the metric.
    pub metric: String,
    /// Its value.
    pub value: Datum,
    /// Milliseconds since 1970; `None` is the time of receipt.
    pub at_ms: Option<i64>,
    /// The dimensions, which identify the time series.
    pub dimensions: Pairs<String>,
}

impl Datapoint {
    /// Whether it is accepted.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let value_is_fit = match (&self.value, self.metric_type) {
            (Datum::Whole(_), _) => true,
            (Datum::Real(value), _) => value.is_finite(),
            (Datum::Text(text), MetricType::Enum) => {
                is_within(text, limits::DIMENSION_VALUE_CHARACTERS)
            }
            (
                Datum::Text(_),
                MetricType::Gauge | MetricType::Counter | MetricType::CumulativeCounter,
            )
            | (Datum::Truth(_), _) => false,
        };
        value_is_fit
            && is_name(&self.metric, limits::METRIC_NAME_CHARACTERS)
            && are_dimensions(&self.dimensions)
    }
}

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

/// Datapoints per minute that an org token may send, from its document; `None` is no limit. Clients send a negative
/// number for "no limit".
#[must_use]
pub fn datapoints_per_minute(document: &Document) -> Option<i64> {
    let quota = document.get("limits")?.get("dpmQuota")?.as_i64()?;
    Some(quota).filter(|quota| *quota >= 0)
}

fn are_dimensions(dimensions: &Pairs<String>) -> bool {
    dimensions.len() <= limits::DIMENSIONS
        && dimensions.iter().all(|(name, value)| {
            is_name(name, limits::DIMENSION_NAME_CHARACTERS)
                && is_within(value, limits::DIMENSION_VALUE_CHARACTERS)
        })
}

fn is_name(text: &str, characters: usize) -> bool {
    !text.trim().is_empty() && is_within(text, characters)
}

fn is_within(text: &str, characters: usize) -> bool {
    text.len() <= characters || text.chars().count() <= characters
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn datapoint(metric: &str, value: Datum) -> Datapoint {
        Datapoint {
            metric_type: MetricType::Gauge,
            metric: metric.to_owned(),
            value,
            at_ms: None,
            dimensions: vec![("host".to_owned(), "a".to_owned())],
        }
    }

    #[test]
    fn a_datapoint_requires_a_name_and_a_number() {
        let check = |point: Datapoint, fit: bool| assert_eq!(point.is_valid(), fit, "{point:?}");
        check(datapoint("cpu.load", Datum::Real(0.5)), true);
        check(datapoint(&"ä".repeat(256), Datum::Whole(1)), true);
        check(datapoint(&"ä".repeat(257), Datum::Whole(1)), false);
        check(datapoint(" ", Datum::Whole(1)), false);
        check(datapoint("cpu", Datum::Real(f64::NAN)), false);
        check(datapoint("cpu", Datum::Text("high".to_owned())), false);
        let state = Datapoint {
            metric_type: MetricType::Enum,
            ..datapoint("state", Datum::Text("high".to_owned()))
        };
        check(state, true);
        let pair = |number: usize| (number.to_string(), String::new());
        let many = |count| Datapoint {
            dimensions: (0..count).map(pair).collect(),
            ..datapoint("cpu", Datum::Whole(1))
        };
        check(many(36), true);
        check(many(37), false);
    }

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

    #[test]
    fn a_text_may_spell_a_number() {
        assert_eq!(Datum::number(" 7 "), Some(Datum::Whole(7)));
        assert_eq!(Datum::number("1e3"), Some(Datum::Real(1_000.0)));
        assert_eq!(Datum::number("seven"), None);
    }

    #[test]
    fn every_kind_parses_back_from_its_number() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(Kind::from_code(0), None);
    }

    #[test]
    fn a_quota_is_a_non_negative_number() {
        let quota =
            |limits| datapoints_per_minute(json!({ "limits": limits }).as_object().unwrap());
        assert_eq!(quota(json!({"dpmQuota": 100})), Some(100));
        assert_eq!(quota(json!({"dpmQuota": -1})), None);
        assert_eq!(quota(json!({"dpmQuota": null})), None);
        assert_eq!(datapoints_per_minute(&Document::new()), None);
    }
}
