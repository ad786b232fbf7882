//! The filters of a dashboard, in words.

use domain::platform::document::Document;
use leptos::serde_json::Value;

use crate::model::document::{items, text};

/// The filters and variables of a dashboard, one text each: `env = prod`, `not host = db1`, `Env: any`.
pub(crate) fn filters_in_words(document: &Document) -> Vec<String> {
    let Some(filters) = document.get("filters").and_then(Value::as_object) else {
        return Vec::new();
    };
    let source = |filter: &Document| {
        let not = filter.get("NOT").and_then(Value::as_bool).unwrap_or(false);
        let not = if not { "not " } else { "" };
        format!("{not}{} = {}", text(filter, "property"), values_of(filter))
    };
    let variable = |filter: &Document| {
        let alias = text(filter, "alias");
        let name = if alias.is_empty() {
            text(filter, "property")
        } else {
            alias
        };
        let values = values_of(filter);
        format!(
            "{name}: {}",
            if values.is_empty() { "any" } else { &values }
        )
    };
    let objects = |field: &'static str| items(filters, field).filter_map(Value::as_object);
    objects("sources")
        .map(source)
        .chain(objects("variables").map(variable))
        .collect()
}

/// The values of a filter: clients send one text, or several.
fn values_of(filter: &Document) -> String {
    match filter.get("value") {
        Some(Value::String(value)) => value.clone(),
        Some(Value::Array(values)) => values
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" or "),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => {
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use leptos::serde_json::json;

    use super::*;

    #[test]
    fn filters_are_told_in_words() {
        let document = json!({"filters": {
            "sources": [{"property": "host", "value": ["a", "b"]}, {"property": "env", "value": "dev", "NOT": true}],
            "variables": [{"property": "env", "alias": "Env", "value": ["prod"]}, {"property": "zone"}],
        }});
        let told = filters_in_words(document.as_object().unwrap());
        assert_eq!(
            told,
            ["host = a or b", "not env = dev", "Env: prod", "zone: any"]
        );
        assert_eq!(filters_in_words(&Document::new()), Vec::<String>::new());
    }
}
