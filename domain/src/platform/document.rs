//! JSON objects of requests: which fields are stored, and comparing two of them. `fields` parses single fields.
//!
//! `null` is absent (docs/contract.md#json), unknown fields are ignored, and given values are stored as given
//! (docs/contract.md#updates).

use serde_json::{Map, Value};

use crate::platform::rejection::Rejected;

/// A JSON object: the fields a client sent, in its order.
pub type Document = Map<String, Value>;

/// The rejection of one field, with the message format of all documents.
pub fn reject(field: impl Into<String>, what: impl AsRef<str>) -> Rejected {
    let field = field.into();
    let message = format!("{field}: {}", what.as_ref());
    Rejected::field(field, message)
}

/// The given fields of a request that an object stores, in the order of the request.
pub(crate) fn kept(given: &Document, known: &[&str]) -> Document {
    let kept = given
        .iter()
        .filter(|(field, value)| known.contains(&field.as_str()) && !value.is_null());
    kept.map(|(field, value)| (field.clone(), value.clone()))
        .collect()
}

/// The fields of a document that differ from their default. An absent, `null` or empty field has its default value:
/// clients send back what a response showed, including defaults, and that must not count as a change.
#[must_use]
pub fn beyond_defaults(document: &Document, defaults: &[(&str, Value)]) -> Document {
    let is_default = |field: &str, value: &Value| {
        is_empty(value)
            || defaults
                .iter()
                .any(|(default, default_value)| *default == field && default_value == value)
    };
    let said = document
        .iter()
        .filter(|(field, value)| !is_default(field, value));
    said.map(|(field, value)| (field.clone(), value.clone()))
        .collect()
}

/// Whether two documents are equal apart from defaults.
#[must_use]
pub fn same_content(before: &Document, after: &Document, defaults: &[(&str, Value)]) -> bool {
    beyond_defaults(before, defaults) == beyond_defaults(after, defaults)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(value: Value) -> Document {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn null_is_absent_and_unknown_fields_are_ignored() {
        let given = document(json!({"b": 1, "tags": null, "legacy": true, "a": ""}));
        let kept = kept(&given, &["a", "b", "tags"]);
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["b", "a"]);
    }

    #[test]
    fn a_default_sent_back_is_no_change() {
        let defaults = [("chartDensity", json!("DEFAULT"))];
        let check = |before: Value, after: Value, expected| {
            let same = same_content(&document(before), &document(after), &defaults);
            assert_eq!(same, expected);
        };
        check(
            json!({}),
            json!({"chartDensity": "DEFAULT", "tags": [], "description": ""}),
            true,
        );
        check(json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), true);
        check(json!({}), json!({"maxDelay": 0}), false);
        check(json!({"tags": ["a"]}), json!({}), false);
    }
}
