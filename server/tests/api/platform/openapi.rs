//! The OpenAPI document: complete, current and public.

use std::{collections::BTreeSet, path::Path};

use axum::http::StatusCode;
use serde_json::{Map, Value};
use server::api::openapi;
use testbed::on_both;

use crate::support::App;

/// The checked-in copy of the document.
const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("{value}"))
}

/// Every operation, as `GET /v2/…`.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = object(&document["paths"]).iter();
    let operations = paths.flat_map(|(path, item)| {
        let methods = object(item).iter();
        methods.map(move |(method, operation)| {
            (format!("{} {path}", method.to_uppercase()), operation)
        })
    });
    operations.collect()
}

/// Collects the document's references to its own components.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                found.insert(reference.clone());
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_checked_in_document_is_current() {
    let checked_in = std::fs::read_to_string(Path::new(CHECKED_IN)).unwrap_or_default();
    assert!(
        checked_in.trim_end() == openapi::text(),
        "docs/openapi.json is out of date. Regenerate it and review the difference: \
         cargo run -p server -- openapi > docs/openapi.json"
    );
}

#[test]
fn the_document_describes_exactly_the_declared_routes() {
    let document = openapi::document();
    let described: BTreeSet<String> = operations(&document).into_iter().map(|it| it.0).collect();
    let declared: BTreeSet<String> = server::api::routes()
        .table()
        .iter()
        .map(|spec| format!("{} {}", spec.method, spec.path))
        .collect();
    assert_eq!(described, declared);
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn each_operation_has_a_summary_and_its_path_parameters() {
    let document = openapi::document();
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document) {
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty() && !summary.ends_with('.'), "{name}");
        assert!(ids.insert(operation["operationId"].to_string()), "{name}");
        let none = Vec::new();
        let parameters = operation["parameters"].as_array().unwrap_or(&none).iter();
        let named: Vec<_> = parameters
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| format!("{{{}}}", parameter["name"].as_str().unwrap()))
            .collect();
        let variables: Vec<_> = name
            .split('/')
            .filter(|part| part.starts_with('{'))
            .collect();
        assert_eq!(named, variables, "{name}");
    }
}

#[test]
fn all_references_resolve_and_all_components_are_used() {
    let document = openapi::document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for kind in ["schemas", "responses"] {
        for name in object(&document["components"][kind]).keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(found.remove(&reference), "unused component: {reference}");
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

/// The routes that anyone may read.
const PUBLIC: [&str; 5] = [
    "GET /audit/checkpoint",
    "GET /audit/consistency",
    "GET /audit/key",
    "GET /audit/key/handovers",
    "GET /audit/tile/{path}",
];

#[test]
fn only_public_routes_require_no_token() {
    let document = openapi::document();
    for (name, operation) in operations(&document) {
        let is_sign_in = name == "POST /v2/session";
        let is_public = is_sign_in || PUBLIC.contains(&name.as_str());
        assert_eq!(operation.get("security").is_none(), is_public, "{name}");
        let rejects = operation["responses"].get("401").is_some();
        assert_eq!(rejects, is_sign_in || !is_public, "{name}");
    }
}

on_both! {
    async fn any_client_may_read_the_document(database: Database) {
        let app = App::start(database).await;
        let answer = app.get("/openapi.json").send().await;
        answer.expect(StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.json(), openapi::document());
    }

    async fn a_public_page_documents_every_operation(database: Database) {
        let app = App::start(database).await;
        let answer = app.get("/docs").send().await;
        answer.expect(StatusCode::OK);
        let page = answer.text();
        for (_, operation) in operations(openapi::shared()) {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
        }
        for name in object(&openapi::shared()["components"]["schemas"]).keys() {
            assert!(page.contains(&format!("id=\"shape-{name}\"")), "{name}");
        }
    }
}
