//! The order of lists of the metric catalog (docs/contract.md#lists).

use crate::platform::{page::order_field, timestamp::Timestamp};

/// The field that a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogOrder {
    /// The name of a metric or tag, the key of a dimension, the metric of a series.
    Name,
    /// The value of a dimension.
    Value,
    /// The type of a metric.
    Type,
    /// When it was created, or first seen.
    Created,
    /// When it was last changed, or last seen.
    Updated,
}

/// What one item is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// A time.
    At(Timestamp),
    /// A text, then another.
    Text(String, String),
}

impl CatalogOrder {
    /// Parses `orderBy`; whether the order is reversed. An unknown field is the default, the time of the last change.
    #[must_use]
    pub fn parse(order_by: &str) -> (Self, bool) {
        let (field, is_descending) = order_field(order_by);
        let order = match field {
            "name" | "metric" | "key" | "tag" => Self::Name,
            "value" => Self::Value,
            "type" => Self::Type,
            "created" | "createdOnMs" | "timestamp" => Self::Created,
            _ => Self::Updated,
        };
        (order, is_descending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_a_field_with_an_optional_sign() {
        assert_eq!(
            CatalogOrder::parse("-sf_timestamp"),
            (CatalogOrder::Created, true)
        );
        assert_eq!(
            CatalogOrder::parse("sf_metric"),
            (CatalogOrder::Name, false)
        );
        assert_eq!(CatalogOrder::parse("-value"), (CatalogOrder::Value, true));
        assert_eq!(CatalogOrder::parse("shoe"), (CatalogOrder::Updated, false));
        assert_eq!(CatalogOrder::parse(""), (CatalogOrder::Updated, false));
    }
}
