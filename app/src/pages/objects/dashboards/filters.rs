//! The filters and variables of a dashboard as texts.

use domain::platform::document::Document;
use leptos::serde_json::Value;

use crate::model::document::{items, text};

/// A text for each filter and variable of a dashboard: `env = prod`, `not host = db1`, `Env: any`.
pub(super) fn filter_texts(document: &Document) -> Vec<String> {
    let Some(filters) = document.get("filters").and_then(Value::as_object) else {
        return Vec::new();
    };
    let objects = |field| items(filters, field).filter_map(Value::as_object);
    let sources = objects("sources").map(source);
    sources.chain(objects("variables").map(variable)).collect()
}

fn source(filter: &Document) -> String {
    let is_negated = filter.get("NOT").and_then(Value::as_bool).unwrap_or(false);
    let not = if is_negated { "not " } else { "" };
    format!("{not}{} = {}", text(filter, "property"), values_of(filter))
}

fn variable(filter: &Document) -> String {
    let name = match text(filter, "alias") {
        "" => text(filter, "property"),
        alias => alias,
    };
    match values_of(filter).as_str() {
        "" => format!("{name}: any"),
        values => format!("{name}: {values}"),
    }
}

/// The values of a filter. Clients send one text or a list of texts.
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
    fn filters_and_variables_become_texts() {
        let document = json!({"filters": {
            "sources": [{"property": "host", "value": ["a", "b"]}, {"property": "env", "value": "dev", "NOT": true}],
            "variables": [{"property": "env", "alias": "Env", "value": ["prod"]}, {"property": "zone"}],
        }});
        let texts = filter_texts(document.as_object().unwrap());
        assert_eq!(
            texts,
            ["host = a or b", "not env = dev", "Env: prod", "zone: any"]
        );
        assert_eq!(filter_texts(&Document::new()), Vec::<String>::new());
    }
}
