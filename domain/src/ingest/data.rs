//! Datapoints, and the rules for valid ones (docs/contract.md#ingest). Invalid items are dropped without an error to
//! the sender.

use crate::platform::{document::Document, limits};

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

    /// The name in the metric catalog (docs/contract.md#metric-catalog).
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gauge => "GAUGE",
            Self::Counter => "COUNTER",
            Self::Enum => "ENUM",
            Self::CumulativeCounter => "CUMULATIVE_COUNTER",
        }
    }

    /// The type with this name in the metric catalog.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.label() == label)
    }

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

/// Datapoints per minute that an org token may send, from its document; `None` is no limit. Clients send a negative
/// number for "no limit".
#[must_use]
pub fn datapoints_per_minute(document: &Document) -> Option<i64> {
    let quota = document.get("limits")?.get("dpmQuota")?.as_i64()?;
    Some(quota).filter(|quota| *quota >= 0)
}

/// Whether a text is the name of a metric.
#[must_use]
pub fn is_metric(text: &str) -> bool {
    is_name(text, limits::METRIC_NAME_CHARACTERS)
}

/// Whether these texts are the key and the value of a dimension.
#[must_use]
pub fn is_dimension(key: &str, value: &str) -> bool {
    is_name(key, limits::DIMENSION_NAME_CHARACTERS)
        && is_within(value, limits::DIMENSION_VALUE_CHARACTERS)
}

pub(crate) fn are_dimensions(dimensions: &Pairs<String>) -> bool {
    dimensions.len() <= limits::DIMENSIONS
        && dimensions
            .iter()
            .all(|(name, value)| is_dimension(name, value))
}

pub(crate) fn is_name(text: &str, characters: usize) -> bool {
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
    fn a_text_may_spell_a_number() {
        assert_eq!(Datum::number(" 7 "), Some(Datum::Whole(7)));
        assert_eq!(Datum::number("1e3"), Some(Datum::Real(1_000.0)));
        assert_eq!(Datum::number("seven"), None);
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
