//! Requests about dimensions, metrics and tags (docs/contract.md#metric-catalog).

use serde_json::Value;

use crate::{
    audit::event::CatalogKind,
    ingest::data::{MetricType, is_name},
    platform::{
        document::{Document, kept},
        fields::Fields,
        limits,
        rejection::Rejected,
    },
};

/// A parsed request.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryDraft {
    /// The type of a metric; `None` when the request has none.
    pub metric_type: Option<MetricType>,
    /// Description, properties and tags, as given.
    pub document: Document,
}

impl EntryDraft {
    /// Parses a request. Its name, key, value and managed fields are ignored: the path names the entry.
    ///
    /// # Errors
    /// [`Rejected`] names the field that breaks a rule of docs/contract.md#metric-catalog.
    pub fn read(kind: CatalogKind, given: &Document) -> Result<Self, Rejected> {
        let fields = Fields::of(given);
        fields.text_within("description", limits::CATALOG_DESCRIPTION_CHARACTERS)?;
        fields.within("customProperties", check_properties)?;
        let mut known = vec!["description", "customProperties"];
        if kind != CatalogKind::Tag {
            fields.check_tags()?;
            known.push("tags");
        }
        let metric_type = if kind == CatalogKind::Metric {
            let label = fields.word("type", &MetricType::ALL.map(MetricType::label))?;
            label.and_then(MetricType::from_label)
        } else {
            None
        };
        let mut document = kept(given, &known);
        if let Some(Value::Object(properties)) = document.get_mut("customProperties") {
            // `null` is absent (docs/contract.md#json).
            properties.retain(|_, value| !value.is_null());
        }
        Ok(Self {
            metric_type,
            document,
        })
    }
}

fn check_properties(properties: Fields<'_>) -> Result<(), Rejected> {
    let most = limits::CATALOG_PROPERTIES;
    if properties.names().count() > most {
        return Err(properties.reject_all(format!("has more than {most} properties")));
    }
    for name in properties.names() {
        let most = limits::DIMENSION_NAME_CHARACTERS;
        if !is_name(name, most) {
            let what =
                format!("the name of a property must have 1 to {most} characters, not only blanks");
            return Err(properties.reject_all(what));
        }
        properties.text_within(name, limits::DIMENSION_VALUE_CHARACTERS)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(kind: CatalogKind, given: &Value) -> Result<EntryDraft, Rejected> {
        EntryDraft::read(kind, given.as_object().unwrap())
    }

    #[test]
    fn known_fields_are_kept() {
        let given = json!({"name": "cpu", "type": "COUNTER", "description": null, "tags": ["a"], "creator": "AAAAAAAAAAA",
            "customProperties": {"owner": "ops", "gone": null}});
        let draft = read(CatalogKind::Metric, &given).unwrap();
        assert_eq!(draft.metric_type, Some(MetricType::Counter));
        let kept = json!({"tags": ["a"], "customProperties": {"owner": "ops"}});
        assert_eq!(Value::Object(draft.document), kept);
        let draft = read(CatalogKind::Tag, &given).unwrap();
        assert_eq!(draft.metric_type, None);
        assert_eq!(
            Value::Object(draft.document),
            json!({"customProperties": {"owner": "ops"}})
        );
    }

    #[test]
    fn a_request_that_breaks_a_rule_is_rejected_with_the_field() {
        let many: Document = (0..76)
            .map(|number| (number.to_string(), json!("x")))
            .collect();
        let check = |given: Value, field: &str| {
            let rejected = read(CatalogKind::Metric, &given).unwrap_err();
            assert_eq!(rejected.field, field, "{}", rejected.message);
        };
        check(json!({"type": "gauge"}), "type");
        check(json!({"description": "x".repeat(1_025)}), "description");
        check(json!({"description": 1}), "description");
        check(json!({"tags": "a"}), "tags");
        check(json!({"tags": ["t".repeat(257)]}), "tags");
        check(json!({"tags": (0..51).collect::<Vec<_>>()}), "tags[0]");
        check(json!({"customProperties": []}), "customProperties");
        check(json!({"customProperties": many}), "customProperties");
        check(json!({"customProperties": {"": "x"}}), "customProperties");
        check(json!({"customProperties": {"k": 1}}), "customProperties.k");
        check(
            json!({"customProperties": {"k": "v".repeat(257)}}),
            "customProperties.k",
        );
    }
}
