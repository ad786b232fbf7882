//! Templates: documents that dashboards and charts are made of, which may import one another
//! (docs/contract.md#templates).

use serde_json::{Value, json};

use super::draft::SharedDraft;
use crate::{
    objects::object::{Object, Relation},
    platform::{
        document::Document,
        fields::Fields,
        id::Id,
        rejection::Rejected,
        shape::{Member, Shape, conform, optional, required},
    },
};

/// The type of every template.
pub const TYPE: &str = "#/dashify/v1/templates/Record";

/// The kinds of documents.
pub const ROOT_ELEMENTS: &[&str] = &["Dashboard", "Chart"];

/// What the address of every template starts with.
const COLLECTION: &str = "/v2/template/";

const DATASOURCE: &[Member] = &[
    optional("type", Shape::Word(&["SPLUNK_O11Y", "SPLUNK_O11Y_SLO"])),
    optional("programText", Shape::Text),
    optional("sloId", Shape::Text),
];

const METADATA: &[Member] = &[
    required("rootElement", Shape::Word(ROOT_ELEMENTS)),
    optional("imports", Shape::Texts),
    optional("datasource", Shape::Object(DATASOURCE)),
];

const TEMPLATE: &[Member] = &[
    required("type", Shape::Word(&[TYPE])),
    required("spec", Shape::Any),
    required("metadata", Shape::Object(METADATA)),
    optional("signalview", Shape::Any),
];

pub(super) fn read(given: &Document, present: Option<&Object>) -> Result<SharedDraft, Rejected> {
    let fields = Fields::of(given);
    let name = fields.name_in("title", present.map(|present| present.name.as_str()))?;
    let mut document = conform(&fields, TEMPLATE)?;
    if let Some(Value::Object(metadata)) = document.get_mut("metadata") {
        // Responses always have `imports`, and sending one back must change nothing.
        let imports = metadata.entry("imports").or_insert(Value::Null);
        if imports.is_null() {
            *imports = json!([]);
        }
    }
    // No response has the datasource, so that a client that sends back what it read must not remove it.
    let stored = present.and_then(|present| present.document.get("metadata")?.get("datasource"));
    if let Some(stored) = stored
        && let Some(Value::Object(metadata)) = document.get_mut("metadata")
        && !metadata.contains_key("datasource")
    {
        metadata.insert("datasource".to_owned(), stored.clone());
    }
    Ok(SharedDraft {
        name,
        document,
        references: Vec::new(),
    })
}

/// The address of a template.
#[must_use]
pub fn address_of(id: Id) -> String {
    format!("{COLLECTION}{id}")
}

/// The template with this address; `None` for anything else.
#[must_use]
pub fn parse_address(address: &str) -> Option<Id> {
    Id::parse(address.strip_prefix(COLLECTION)?).ok()
}

/// The templates that a template imports. They need not exist.
#[must_use]
pub fn imports_of(document: &Document) -> Vec<Id> {
    let metadata = document.get("metadata");
    let imports = metadata.and_then(|metadata| metadata.get("imports")?.as_array());
    let addresses = imports.into_iter().flatten().filter_map(Value::as_str);
    addresses.filter_map(parse_address).collect()
}

/// The kind of document that a template is.
#[must_use]
pub fn root_element_of(document: &Document) -> &str {
    let metadata = document.get("metadata");
    let root = metadata.and_then(|metadata| metadata.get("rootElement")?.as_str());
    root.unwrap_or_default()
}

pub(super) fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("type", json!(TYPE)),
        ("spec", Value::Null),
        ("metadata", Value::Null),
        ("signalview", Value::Null),
    ]
}

/// The kind of document, which lists filter by.
pub(super) fn references(document: &Document) -> Vec<(Relation, String)> {
    vec![(Relation::Type, root_element_of(document).to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rejection_names_its_field() {
        let check = |pointer: &str, value: Value, field: &str| {
            let mut given = json!({
                "type": TYPE, "title": "T", "spec": {"<Chart>": []},
                "metadata": {"rootElement": "Chart", "imports": [], "datasource": {"type": "SPLUNK_O11Y"}}
            });
            assert!(read(given.as_object().unwrap(), None).is_ok());
            *given.pointer_mut(pointer).unwrap() = value;
            let rejected = read(given.as_object().unwrap(), None).unwrap_err();
            assert_eq!(rejected.field, field, "{given}");
        };
        check("/title", json!(" "), "title");
        check("/type", json!("other"), "type");
        check("/spec", Value::Null, "spec");
        check("/metadata", Value::Null, "metadata");
        check("/metadata/rootElement", json!(""), "metadata.rootElement");
        check(
            "/metadata/rootElement",
            json!("Page"),
            "metadata.rootElement",
        );
        check("/metadata/imports", json!([1]), "metadata.imports[0]");
        check(
            "/metadata/datasource/type",
            json!("other"),
            "metadata.datasource.type",
        );
    }

    #[test]
    fn only_addresses_of_templates_are_imports() {
        let imports = json!([
            "/v2/template/AAAAAAAAAAE",
            "/v2/template/x",
            "https://example.com",
            "AAAAAAAAAAE"
        ]);
        let document = json!({"metadata": {"imports": imports}});
        let imports = imports_of(document.as_object().unwrap());
        assert_eq!(
            imports.into_iter().map(address_of).collect::<Vec<_>>(),
            ["/v2/template/AAAAAAAAAAE"]
        );
    }
}
