//! The fields in which two documents differ, as audit events list them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A field that an operation changed. `None` where the field was absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name in the API.
    pub field: String,
    /// Its value before.
    pub before: Option<Value>,
    /// Its value after.
    pub after: Option<Value>,
}

/// The fields in which two documents differ, in the order of the first, then the fields that only the second has.
#[must_use]
pub fn changes_between(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Vec<FieldChange> {
    let kept = before
        .iter()
        .filter(|(field, value)| after.get(*field) != Some(*value));
    let added = after
        .iter()
        .filter(|(field, _)| !before.contains_key(*field));
    kept.map(|(field, value)| FieldChange {
        field: field.clone(),
        before: Some(value.clone()),
        after: after.get(field).cloned(),
    })
    .chain(added.map(|(field, value)| FieldChange {
        field: field.clone(),
        before: None,
        after: Some(value.clone()),
    }))
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_fields_that_differ_are_changes() {
        let document = |value: Value| value.as_object().unwrap().clone();
        let before = document(json!({"name": "a", "tags": ["x"], "old": 1}));
        let after = document(json!({"name": "b", "tags": ["x"], "new": null}));
        let fields: Vec<_> = changes_between(&before, &after)
            .into_iter()
            .map(|change| change.field)
            .collect();
        assert_eq!(fields, ["name", "old", "new"]);
        assert_eq!(changes_between(&before, &before), []);
    }
}
