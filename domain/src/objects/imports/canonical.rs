//! A document as bytes that do not depend on the order of its members.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::platform::document::Document;

/// The bytes of a document with its members in order, to compare digests of documents.
#[must_use]
pub fn canonical_bytes(document: &Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_object(document, &mut bytes);
    bytes
}

fn write_object(document: &Document, bytes: &mut Vec<u8>) {
    let ordered: BTreeMap<_, _> = document.iter().collect();
    bytes.push(b'{');
    for (name, value) in ordered {
        bytes.extend(Value::from(name.as_str()).to_string().bytes());
        bytes.push(b':');
        write_value(value, bytes);
        bytes.push(b',');
    }
    bytes.push(b'}');
}

fn write_value(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::Object(members) => write_object(members, bytes),
        Value::Array(items) => {
            bytes.push(b'[');
            for item in items {
                write_value(item, bytes);
                bytes.push(b',');
            }
            bytes.push(b']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            bytes.extend(value.to_string().bytes());
        }
    }
}
