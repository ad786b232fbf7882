//! What a search looks at in an item of the metric catalog: names with values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    names::EntryName,
    query::{Query, Term},
};
use crate::{audit::event::CatalogKind, ingest::data::MetricType, platform::document::Document};

/// The names and values of an item. A name may occur several times.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Facts<'a> {
    /// Those of an entry.
    #[must_use]
    pub fn of_entry(
        name: &'a EntryName,
        metric_type: Option<MetricType>,
        document: &'a Document,
    ) -> Self {
        let mut facts = Self::default();
        match name.kind {
            CatalogKind::Dimension => {
                facts.add("key", &name.name);
                facts.add("value", &name.value);
                // The field `key` is the key of every dimension, so that a search for it needs no other ones.
                if name.name != "key" {
                    facts.add(&name.name, &name.value);
                }
            }
            CatalogKind::Metric => facts.add_metric(&name.name, metric_type),
            CatalogKind::Tag => {
                for field in ["name", "sf_tag"] {
                    facts.add(field, &name.name);
                }
            }
        }
        facts.add_document(document);
        facts
    }

    /// Those of a series, without what requests gave its metric and its dimensions.
    #[must_use]
    pub fn of_series(
        metric: &'a str,
        metric_type: MetricType,
        dimensions: &'a BTreeMap<String, String>,
    ) -> Self {
        let mut facts = Self::default();
        facts.add_metric(metric, Some(metric_type));
        for (key, value) in dimensions {
            facts.add(key, value);
        }
        facts
    }

    fn add_metric(&mut self, metric: &'a str, metric_type: Option<MetricType>) {
        for field in ["name", "metric", "sf_metric"] {
            self.add(field, metric);
        }
        if let Some(metric_type) = metric_type {
            for field in ["type", "sf_type"] {
                self.add(field, metric_type.label());
            }
        }
    }

    /// Adds a value under a name.
    fn add(&mut self, name: &'a str, value: &'a str) {
        self.0.push((name, value));
    }

    /// Adds what a request gave an entry: description, properties and tags.
    pub fn add_document(&mut self, document: &'a Document) {
        if let Some(description) = document.get("description").and_then(Value::as_str) {
            self.add("description", description);
        }
        let properties = document.get("customProperties").and_then(Value::as_object);
        for (name, value) in properties.into_iter().flatten() {
            self.add(name, value.as_str().unwrap_or_default());
        }
        let tags = document.get("tags").and_then(Value::as_array);
        for tag in tags.into_iter().flatten().filter_map(Value::as_str) {
            for field in ["tags", "sf_tags"] {
                self.add(field, tag);
            }
        }
    }

    /// Whether a query matches. A word without a field is compared with every value.
    #[must_use]
    pub fn meet(&self, query: &Query) -> bool {
        query.finds(|term| self.have(term))
    }

    fn have(&self, term: &Term) -> bool {
        let field = term.field.as_deref();
        let is_of_field = |name| field.is_none_or(|field| field == name);
        self.0
            .iter()
            .any(|(name, value)| is_of_field(*name) && term.pattern.matches(value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_properties_and_tags_are_found() {
        let document = json!({"description": "of the shop", "customProperties": {"owner": "ops", "sf_x": "y"},
            "tags": ["blue", "green"]});
        let dimensions = BTreeMap::from([("host".to_owned(), "web-1".to_owned())]);
        let mut facts = Facts::of_series("cpu.load", MetricType::Gauge, &dimensions);
        facts.add_document(document.as_object().unwrap());
        let check = |query: &str, expected| {
            assert_eq!(
                facts.meet(&Query::parse(query).unwrap()),
                expected,
                "{query}"
            );
        };
        for query in [
            "",
            "*",
            "cpu.load",
            "web-*",
            "metric:cpu*",
            "sf_metric:cpu.load",
            "host:web-1 AND owner:ops",
            "sf_tags:blue",
            "type:GAUGE",
            "tags:gr*n",
            "blue green",
            "sf_x:y",
            "description:\"of the shop\"",
            "NOT host:web-2",
            "owner:*",
            "(owner:dev OR owner:ops) host:web-1",
        ] {
            check(query, true);
        }
        for query in [
            "cpu",
            "load",
            "metric:CPU*",
            "host:web",
            "tags:red",
            "shoe:*",
            "NOT cpu*",
            "web-1 web-2",
        ] {
            check(query, false);
        }
    }
}
