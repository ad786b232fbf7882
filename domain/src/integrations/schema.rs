//! JSON Schemas of integrations: requests and responses of each type. Derived from the same table that validates
//! requests.

use serde_json::{Map, Value, json};

use crate::integrations::{
    field::{Field, Readers, Shape},
    kind::{Content, IntegrationKind},
    kinds::KINDS,
};

/// The schema of a create request without the name: one alternative per type. Optional fields may be null.
#[must_use]
pub fn created_schema() -> Value {
    given_schema(|field| field.required)
}

/// The schema of an update request without the name. Omitted secrets are kept.
#[must_use]
pub fn updated_schema() -> Value {
    given_schema(|field| field.required && !field.is_secret())
}

fn given_schema(is_required: impl Fn(&Field) -> bool) -> Value {
    let kinds = KINDS.iter().map(|kind| {
        let mut properties = type_of(kind);
        properties.insert("enabled".to_owned(), json!({"type": ["boolean", "null"]}));
        let mut required = vec!["type"];
        for field in kind.fields() {
            let schema = or_null(schema(field), !is_required(field));
            properties.insert(field.name.to_owned(), schema);
            if is_required(field) {
                required.push(field.name);
            }
        }
        object(properties, &required)
    });
    json!({"oneOf": kinds.collect::<Vec<_>>()})
}

/// The schema of a response, without the common fields and without secrets that are never returned.
#[must_use]
pub fn shown_schema() -> Value {
    let kinds = KINDS.iter().map(|kind| {
        let mut properties = type_of(kind);
        for field in kind.fields() {
            let schema = match field.readers {
                Readers::Members | Readers::Administrators => schema(field),
                Readers::NoOne => Value::Bool(false),
                Readers::NoneAsNull => json!({"type": "null"}),
            };
            properties.insert(field.name.to_owned(), schema);
        }
        let mut required = vec!["type"];
        for (field, _) in kind.defaults {
            required.push(field);
        }
        for field in kind.managed {
            properties.insert((*field).to_owned(), json!({"type": "null"}));
            required.push(field);
        }
        object(properties, &required)
    });
    json!({"oneOf": kinds.collect::<Vec<_>>()})
}

fn type_of(kind: &IntegrationKind) -> Map<String, Value> {
    let mut properties = Map::new();
    let description = match kind.content {
        Content::Known(_) => "The type, which cannot be changed.",
        Content::Free => {
            "The type, which cannot be changed. The other fields belong to the type and are kept as given."
        }
    };
    let name = json!({"const": kind.name, "description": description});
    properties.insert("type".to_owned(), name);
    properties
}

fn object(properties: Map<String, Value>, required: &[&str]) -> Value {
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn inner(fields: &[Field]) -> Value {
    let properties = fields.iter().map(|field| {
        let schema = or_null(schema(field), !field.required);
        (field.name.to_owned(), schema)
    });
    // A secret may be omitted: it is not returned, and is kept.
    let required = fields
        .iter()
        .filter(|field| field.required && !field.is_secret());
    let required: Vec<_> = required.map(|field| field.name).collect();
    object(properties.collect(), &required)
}

fn schema(field: &Field) -> Value {
    let texts = || json!({"type": "array", "items": {"type": "string"}});
    match field.shape {
        Shape::Text => json!({"type": "string"}),
        Shape::Address => json!({"type": "string", "pattern": "^(https?://.+)?$"}),
        // Go clients send an absent word as an empty text.
        Shape::Word(words) => {
            let optional = (!field.required).then_some("");
            let words: Vec<_> = words.iter().copied().chain(optional).collect();
            json!({"type": "string", "enum": words})
        }
        Shape::Truth => json!({"type": "boolean"}),
        Shape::Number => json!({"type": "integer", "minimum": 0, "maximum": i32::MAX}),
        Shape::PollRate(longest_ms) => {
            let (least, most) = (super::field::SHORTEST_POLL_MS, longest_ms);
            json!({"type": "integer", "minimum": least, "maximum": most})
        }
        Shape::Texts => texts(),
        Shape::TextMap => map_of(json!({"type": ["string", "null"]})),
        Shape::ListMap => map_of(or_null(texts(), true)),
        Shape::Statistics => map_of(or_null(map_of(or_null(texts(), true)), true)),
        Shape::Object(fields) => inner(fields),
        Shape::Objects(fields) => json!({"type": "array", "items": inner(fields)}),
    }
}

fn map_of(schema: Value) -> Value {
    json!({"type": "object", "additionalProperties": schema})
}

fn or_null(mut schema: Value, optional: bool) -> Value {
    if optional {
        schema["type"] = json!([schema["type"], "null"]);
        if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
            words.push(Value::Null);
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(schema: &Value, name: &str) -> Value {
        let kinds = schema["oneOf"].as_array().unwrap();
        let mut of_name = kinds
            .iter()
            .filter(|kind| kind["properties"]["type"]["const"] == name);
        of_name.next().unwrap().clone()
    }

    #[test]
    fn each_type_lists_its_required_fields() {
        let given = created_schema();
        assert_eq!(given["oneOf"].as_array().unwrap().len(), KINDS.len());
        let opsgenie = of(&given, "Opsgenie");
        assert_eq!(opsgenie["required"], json!(["type", "apiKey", "apiUrl"]));
        let opsgenie = of(&updated_schema(), "Opsgenie");
        assert_eq!(opsgenie["required"], json!(["type", "apiUrl"]));
        let azure = of(&given, "Azure");
        assert_eq!(
            azure["properties"]["pollRate"],
            json!({"type": ["integer", "null"], "minimum": 60_000, "maximum": 600_000})
        );
    }

    #[test]
    fn unreadable_secrets_are_in_no_response() {
        let shown = shown_schema();
        assert_eq!(
            of(&shown, "Slack")["properties"]["webhookUrl"],
            json!(false)
        );
        assert_eq!(
            of(&shown, "Jira")["properties"]["apiToken"],
            json!({"type": "null"})
        );
        assert_eq!(
            of(&shown, "GCP")["required"],
            json!(["type", "importGCPMetrics", "wifSplunkIdentity"])
        );
    }
}
