//! Writing packages.

use serde_json::{Value, json};

use super::package_type::PackageType;
use crate::platform::{document::Document, notification::without_secrets};

/// The fields that name people, teams and permissions: another organization has none of them.
const OF_PEOPLE: &[&str] = &[
    "creator",
    "lastUpdatedBy",
    "permissions",
    "authorizedWriters",
    "teams",
];

/// The version of the format.
const MODEL_VERSION: i64 = 1;

/// The package of a dashboard, from documents as the API shows them.
#[must_use]
pub fn dashboard_package(dashboard: Document, charts: Vec<Document>) -> Document {
    let id = dashboard.get("id").cloned().unwrap_or_default();
    let mut content = Document::new();
    content.insert("chartExports".to_owned(), wrapped("chart", charts));
    content.insert("crossLinkExports".to_owned(), json!([]));
    let dashboard = json!({ "dashboard": published(dashboard) });
    content.insert("dashboardExport".to_owned(), dashboard);
    finished(content, id, PackageType::Dashboard)
}

/// The package of a dashboard group, from documents as the API shows them.
#[must_use]
pub fn group_package(
    group: Document,
    dashboards: Vec<Document>,
    charts: Vec<Document>,
) -> Document {
    let id = group.get("id").cloned().unwrap_or_default();
    let mut content = Document::new();
    content.insert("chartExports".to_owned(), wrapped("chart", charts));
    content.insert("crossLinkExports".to_owned(), json!([]));
    content.insert(
        "dashboardExports".to_owned(),
        wrapped("dashboard", dashboards),
    );
    content.insert(
        "groupExport".to_owned(),
        json!({ "group": published(group) }),
    );
    finished(content, id, PackageType::Group)
}

fn wrapped(field: &str, documents: Vec<Document>) -> Value {
    let wrap = |document| json!({ field: published(document) });
    documents.into_iter().map(wrap).collect()
}

fn published(mut document: Document) -> Document {
    document.retain(|field, _| !OF_PEOPLE.contains(&field.as_str()));
    without_secrets(document)
}

/// The package with what describes it. The hash code of the hosted service is not published; ours is a CRC-32.
fn finished(mut content: Document, id: Value, kind: PackageType) -> Document {
    let text = Value::Object(content.clone()).to_string();
    let hash = crc32fast::hash(text.as_bytes()).cast_signed();
    content.insert("hashCode".to_owned(), json!(hash));
    content.insert("id".to_owned(), id);
    content.insert("modelVersion".to_owned(), json!(MODEL_VERSION));
    content.insert("packageType".to_owned(), json!(kind.label()));
    content
}
