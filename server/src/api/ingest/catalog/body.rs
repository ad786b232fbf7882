//! Dimensions, metrics, tags and series as the API returns them.

use domain::{audit::event::CatalogKind, ingest::MetricType, platform::document::Document};
use serde_json::{Value, json};
use service::{CatalogEntry, SeriesView};

use crate::api::platform::response::DocumentBody;

/// Returns an entry: what names it, what requests gave it, and fields that only the server sets.
pub(super) fn entry_body<B>(entry: &CatalogEntry) -> DocumentBody<B> {
    let mut body = Document::new();
    let mut show = |field: &str, value: Value| body.insert(field.to_owned(), value);
    let given = |field: &str, default: Value| entry.document.get(field).cloned().unwrap_or(default);
    show("id", json!(entry.id));
    match entry.name.kind {
        CatalogKind::Dimension => {
            show("key", json!(entry.name.name));
            show("value", json!(entry.name.value));
        }
        CatalogKind::Metric => {
            show("name", json!(entry.name.name));
            show("type", json!(entry.metric_type.map(MetricType::label)));
        }
        CatalogKind::Tag => {
            show("name", json!(entry.name.name));
        }
    }
    show("description", given("description", json!("")));
    show("customProperties", given("customProperties", json!({})));
    if entry.name.kind != CatalogKind::Tag {
        show("tags", given("tags", json!([])));
    }
    show("created", json!(entry.created.at.as_millis()));
    show("creator", json!(entry.created.by.actor_id));
    show("lastUpdated", json!(entry.updated.at.as_millis()));
    show("lastUpdatedBy", json!(entry.updated.by.actor_id));
    body.into()
}

/// Returns a series, with the properties and tags of its metric and its dimensions.
pub(super) fn series_body<B>(view: &SeriesView) -> DocumentBody<B> {
    let (mut properties, mut tags) = (Document::new(), Vec::new());
    for document in &view.documents {
        let given = document.get("customProperties").and_then(Value::as_object);
        for (name, value) in given.into_iter().flatten() {
            properties
                .entry(name.clone())
                .or_insert_with(|| value.clone());
        }
        for tag in document
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
    }
    let series = &view.series;
    let mut body = Document::new();
    let mut show = |field: &str, value: Value| body.insert(field.to_owned(), value);
    show("id", json!(series.id));
    show("metric", json!(series.metric));
    show("type", json!(series.metric_type.label()));
    show("dimensions", json!(series.dimensions));
    show("customProperties", json!(properties));
    show("tags", json!(tags));
    show("created", json!(series.created_at.as_millis()));
    show("creator", json!(series.created_by));
    show("lastUpdated", json!(series.last_at.as_millis()));
    show("lastUpdatedBy", json!(series.created_by));
    body.into()
}
