//! Fields of JSON documents, read without regard to their type: a field of another type counts as missing.

use domain::platform::document::Document;
use leptos::serde_json::Value;

/// A text field; empty when it is missing.
pub(crate) fn text<'a>(document: &'a Document, field: &str) -> &'a str {
    document
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The values of a list; none when it is missing.
pub(crate) fn items<'a>(document: &'a Document, field: &str) -> impl Iterator<Item = &'a Value> {
    document
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// A document of text fields, from names and values.
pub(crate) fn from_texts(fields: &[(&str, &str)]) -> Document {
    fields
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Value::from(*text)))
        .collect()
}
