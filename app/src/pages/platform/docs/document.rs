//! Reads an OpenAPI document for the API reference. All references must point to its own components.

use leptos::serde_json::{Map, Value};

/// The OpenAPI document, generated on first use.
#[derive(Debug, Clone, Copy)]
pub struct ApiDocument(pub fn() -> &'static Value);

/// A tag of the API with its operations.
pub(super) struct Subject {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) calls: Vec<Call>,
}

/// An operation of the API.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) operation: &'static Value,
}

/// A field of a schema, or a parameter.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) place: &'static str,
    pub(super) required: bool,
    pub(super) words: Vec<Piece>,
    pub(super) description: &'static str,
}

/// A part of a type's description: text, or the name of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    Shape(&'static str),
}

/// A response of an operation.
pub(super) struct Answer {
    pub(super) status: &'static str,
    pub(super) description: &'static str,
    pub(super) words: Vec<Piece>,
}

/// The text under a key; empty if absent.
pub(super) fn text(value: &'static Value, key: &str) -> &'static str {
    value[key].as_str().unwrap_or_default()
}

fn members(value: &'static Value) -> impl Iterator<Item = (&'static String, &'static Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn items(value: &'static Value) -> impl Iterator<Item = &'static Value> {
    value.as_array().into_iter().flatten()
}

/// The tags in their order, with their operations.
pub(super) fn subjects(document: &'static Value) -> Vec<Subject> {
    let calls: Vec<Call> = members(&document["paths"])
        .flat_map(|(path, item)| {
            members(item).map(|(method, operation)| Call {
                method,
                path,
                operation,
            })
        })
        .collect();
    let subjects = items(&document["tags"]).map(|tag| {
        let name = text(tag, "name");
        let is_of = |call: &&Call| items(&call.operation["tags"]).any(|tag| tag == name);
        Subject {
            name,
            description: text(tag, "description"),
            calls: calls.iter().filter(is_of).copied().collect(),
        }
    });
    subjects.collect()
}

/// The parameters of an operation.
pub(super) fn parameters(call: Call) -> Vec<Field> {
    let parameters = items(&call.operation["parameters"]).map(|parameter| Field {
        name: text(parameter, "name").to_owned(),
        place: text(parameter, "in"),
        required: parameter["required"] == true,
        words: words(&parameter["schema"]),
        description: text(parameter, "description"),
    });
    parameters.collect()
}

/// The type of the request body; empty if absent.
pub(super) fn body(call: Call) -> Vec<Piece> {
    content(&call.operation["requestBody"])
}

/// The responses of an operation.
pub(super) fn answers(document: &'static Value, call: Call) -> Vec<Answer> {
    let answers = members(&call.operation["responses"]).map(|(status, response)| {
        let response = resolve(document, response);
        Answer {
            status,
            description: text(response, "description"),
            words: content(response),
        }
    });
    answers.collect()
}

/// The named schemas.
pub(super) fn shapes(
    document: &'static Value,
) -> impl Iterator<Item = (&'static String, &'static Value)> {
    members(&document["components"]["schemas"])
}

/// The fields of a schema.
pub(super) fn fields(schema: &'static Value) -> Vec<Field> {
    let fields = members(&schema["properties"]).map(|(name, field)| Field {
        name: name.clone(),
        place: "",
        required: items(&schema["required"]).any(|required| required == name),
        words: words(field),
        description: text(field, "description"),
    });
    fields.collect()
}

/// The alternatives of a schema.
pub(super) fn choices(schema: &'static Value) -> Vec<&'static Value> {
    let choices = items(&schema["oneOf"]).chain(items(&schema["anyOf"]));
    choices.collect()
}

fn resolve(document: &'static Value, value: &'static Value) -> &'static Value {
    match value["$ref"].as_str().and_then(|it| it.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).unwrap_or(value),
        None => value,
    }
}

fn content(value: &'static Value) -> Vec<Piece> {
    let media = members(&value["content"]).next();
    media.map_or_else(Vec::new, |(_, media)| words(&media["schema"]))
}

/// The description of a schema.
pub(super) fn words(schema: &'static Value) -> Vec<Piece> {
    let plain = |words: String| vec![Piece::Words(words)];
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or(name);
        return vec![Piece::Shape(name)];
    }
    if *schema == Value::Bool(false) {
        return plain("never shown".to_owned());
    }
    if let Some(word) = schema.get("const") {
        return plain(quoted(word));
    }
    if schema["enum"].is_array() {
        let choices: Vec<String> = items(&schema["enum"]).map(quoted).collect();
        return plain(choices.join(" or "));
    }
    let choices = choices(schema);
    if !choices.is_empty() {
        let mut pieces = Vec::new();
        for choice in choices {
            if !pieces.is_empty() {
                pieces.push(Piece::Words(" or ".to_owned()));
            }
            pieces.extend(words(choice));
        }
        return pieces;
    }
    let mut pieces = Vec::new();
    let kinds = items(&schema["type"]).chain(Some(&schema["type"]).filter(|kind| kind.is_string()));
    for kind in kinds {
        if !pieces.is_empty() {
            pieces.push(Piece::Words(" or ".to_owned()));
        }
        pieces.extend(kind_words(kind.as_str().unwrap_or_default(), schema));
    }
    if pieces.is_empty() {
        return plain("any JSON".to_owned());
    }
    pieces
}

fn kind_words(kind: &str, schema: &'static Value) -> Vec<Piece> {
    let plain = |words: String| vec![Piece::Words(words)];
    match kind {
        "string" => plain("text".to_owned()),
        "integer" => plain(format!("whole number{}", bounds(schema))),
        "number" => plain(format!("number{}", bounds(schema))),
        "boolean" => plain("true or false".to_owned()),
        "null" => plain("null".to_owned()),
        "array" if schema["maxItems"] == 0 => plain("an empty list".to_owned()),
        "array" => {
            let mut pieces = plain("list of ".to_owned());
            pieces.extend(words(&schema["items"]));
            pieces
        }
        "object" if schema["additionalProperties"].is_object() => {
            let mut pieces = plain("object of ".to_owned());
            pieces.extend(words(&schema["additionalProperties"]));
            pieces
        }
        "object" if schema["properties"].is_object() => {
            let names: Vec<_> = members(&schema["properties"])
                .map(|(name, _)| name.as_str())
                .collect();
            plain(format!("object with {}", names.join(", ")))
        }
        _ => plain("object".to_owned()),
    }
}

/// The bounds of a number, without those of its format.
fn bounds(schema: &'static Value) -> String {
    match (schema.get("minimum"), schema.get("maximum")) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(", {least} at least"),
        (None, Some(most)) => format!(", {most} at most"),
        (None, None) => String::new(),
    }
}

fn quoted(word: &Value) -> String {
    match word.as_str() {
        Some("") => "nothing".to_owned(),
        Some(word) => word.to_owned(),
        None => word.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use leptos::serde_json::json;

    use super::*;

    fn check(schema: Value, expected: &str) {
        let schema = Box::leak(Box::new(schema));
        let pieces = words(schema).into_iter().map(|piece| match piece {
            Piece::Words(words) => words,
            Piece::Shape(name) => format!("<{name}>"),
        });
        assert_eq!(pieces.collect::<String>(), expected);
    }

    #[test]
    fn a_schema_is_described_in_words() {
        check(json!({"type": "string"}), "text");
        check(
            json!({"type": ["integer", "null"], "minimum": 1}),
            "whole number, 1 at least or null",
        );
        check(json!({"$ref": "#/components/schemas/Id"}), "<Id>");
        check(
            json!({"type": "array", "items": {"$ref": "#/components/schemas/Id"}}),
            "list of <Id>",
        );
        check(
            json!({"anyOf": [{"$ref": "#/components/schemas/Id"}, {"type": "null"}]}),
            "<Id> or null",
        );
        check(json!({"enum": ["A", "", null]}), "A or nothing or null");
        check(json!({"type": "array", "maxItems": 0}), "an empty list");
        check(
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            "object of text",
        );
        check(json!(true), "any JSON");
        check(json!(false), "never shown");
    }
}
