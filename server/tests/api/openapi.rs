//! The description of the API: whole, current, and there for everybody.

use std::{collections::BTreeSet, path::Path};

use axum::http::StatusCode;
use serde_json::{Map, Value};
use server::api::platform::openapi;
use testbed::on_both;

use crate::support::App;

/// Where the repository keeps it.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");

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

/// Everything the document refers to within itself.
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
fn the_kept_description_is_the_current_one() {
    let kept = std::fs::read_to_string(Path::new(KEPT)).unwrap_or_default();
    assert!(
        kept.trim_end() == openapi::text(),
        "docs/openapi.json is not what the code says. Look at the difference after: \
         cargo run -p server -- openapi > docs/openapi.json"
    );
}

#[test]
fn every_route_is_described_and_nothing_else() {
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
fn each_operation_says_what_it_is_and_names_its_variables() {
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
fn nothing_is_referred_to_that_is_not_there_and_nothing_is_there_for_nobody() {
    let document = openapi::document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for kind in ["schemas", "responses"] {
        for name in object(&document["components"][kind]).keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(found.remove(&reference), "nobody refers to {reference}");
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn only_a_route_for_everybody_asks_for_no_token() {
    let document = openapi::document();
    for (name, operation) in operations(&document) {
        let is_public = name == "POST /v2/session";
        assert_eq!(operation.get("security").is_none(), is_public, "{name}");
        assert!(operation["responses"].get("401").is_some(), "{name}");
    }
}

on_both! {
    async fn anybody_may_read_the_description(database: Database) {
        let app = App::start(database).await;
        let answer = app.get("/openapi.json").send().await;
        answer.expect(StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.json(), openapi::document());
    }

    async fn anybody_may_read_about_every_call_on_a_page(database: Database) {
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
