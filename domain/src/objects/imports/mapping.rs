//! The document that an object of the source becomes here.

use serde_json::{Value, json};

use super::{
    kind::ImportKind,
    known::Known,
    not_mapped::NotMapped,
    notifications::keep_known,
    people::{replace_person, strings},
    permissions::{map_permissions, map_writers},
};
use crate::{integrations::secrets, platform::document::Document};

/// The fields that the server sets on all kinds (docs/contract.md#managed-fields).
const MANAGED: &[&str] = &[
    "id",
    "created",
    "creator",
    "lastUpdated",
    "lastUpdatedBy",
    "createdByName",
    "lastUpdatedByName",
    "locked",
    "organizationId",
];

/// A request for an object here.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapped {
    /// The document.
    pub document: Document,
    /// What it does not contain, each with the reason.
    pub left_out: Vec<String>,
}

/// What an object of the source contains, without the fields that only a server sets.
#[must_use]
pub fn content_of(kind: ImportKind, source: &Document) -> Document {
    let mut document = source.clone();
    document.retain(|field, value| {
        let is_managed =
            MANAGED.contains(&field.as_str()) || kind.server_fields().contains(&field.as_str());
        !is_managed && !value.is_null()
    });
    document
}

/// The request that an object of the source becomes. A dashboard group has its entries and a dashboard its charts only
/// when `with_entries`, since those are imported after it.
///
/// # Errors
/// [`NotMapped`] when the object is not imported.
pub fn mapped(
    kind: ImportKind,
    source: &Document,
    known: &Known,
    with_entries: bool,
) -> Result<Mapped, NotMapped> {
    let mut left_out = Vec::new();
    let mut document = content_of(kind, source);
    match kind {
        ImportKind::Integration => map_integration(&mut document, &mut left_out),
        ImportKind::Team => map_team(&mut document, known, &mut left_out),
        ImportKind::Detector => map_detector(&mut document, known, &mut left_out)?,
        ImportKind::DashboardGroup => {
            map_group(&mut document, known, with_entries, &mut left_out)?;
        }
        ImportKind::Chart => {
            keep_ids(
                &mut document,
                "relatedDetectorIds",
                ImportKind::Detector,
                known,
                &mut left_out,
            );
        }
        ImportKind::Dashboard => {
            map_dashboard(&mut document, known, with_entries, &mut left_out)?;
        }
        ImportKind::DataLink => map_link(&mut document, known, &mut left_out)?,
        ImportKind::Slo | ImportKind::AlertMuting => {}
    }
    keep_known(&mut document, known, &mut left_out);
    known.replace_ids(&mut document);
    Ok(Mapped { document, left_out })
}

/// Without its secrets an integration cannot send anything, so it is disabled. A source that returns secrets does not
/// replace those that were entered here.
fn map_integration(document: &mut Document, left_out: &mut Vec<String>) {
    secrets::remove(document);
    document.insert("enabled".to_owned(), json!(false));
    left_out.push("its secrets, so it is disabled".to_owned());
    if let Some(name) = document.shift_remove("namedToken") {
        left_out.push(format!("its org token {name}"));
    }
}

fn map_team(document: &mut Document, known: &Known, left_out: &mut Vec<String>) {
    let members = strings(document.get("members"));
    let members: Vec<_> = members
        .iter()
        .filter_map(|member| replace_person(member, "a member", known, left_out))
        .collect();
    document.insert("members".to_owned(), json!(members));
}

fn map_detector(
    document: &mut Document,
    known: &Known,
    left_out: &mut Vec<String>,
) -> Result<(), NotMapped> {
    if document.get("detectorOrigin").and_then(Value::as_str) == Some("AutoDetect") {
        let reason = "AutoDetect detectors belong to the hosted service";
        return Err(NotMapped::Skipped(reason.to_owned()));
    }
    let parent = document.get("parentDetectorId").and_then(Value::as_str);
    if parent.is_some_and(|parent| known.find(ImportKind::Detector, parent).is_none()) {
        document.shift_remove("parentDetectorId");
        document.shift_remove("detectorOrigin");
        left_out.push("its parent detector, which is not here".to_owned());
    }
    keep_ids(document, "teams", ImportKind::Team, known, left_out);
    map_writers(document, known, left_out)
}

fn map_group(
    document: &mut Document,
    known: &Known,
    with_entries: bool,
    left_out: &mut Vec<String>,
) -> Result<(), NotMapped> {
    keep_ids(document, "teams", ImportKind::Team, known, left_out);
    map_permissions(document, known, left_out)?;
    if !with_entries {
        document.shift_remove("dashboardConfigs");
        return Ok(());
    }
    let entries = document
        .get_mut("dashboardConfigs")
        .and_then(Value::as_array_mut);
    if let Some(entries) = entries {
        keep_items(
            entries,
            "dashboardId",
            ImportKind::Dashboard,
            known,
            left_out,
        );
        for entry in entries.iter_mut().filter_map(Value::as_object_mut) {
            entry.shift_remove("configId");
        }
    }
    Ok(())
}

fn map_dashboard(
    document: &mut Document,
    known: &Known,
    with_charts: bool,
    left_out: &mut Vec<String>,
) -> Result<(), NotMapped> {
    let group = document
        .get("groupId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if known.find(ImportKind::DashboardGroup, group).is_none() {
        return Err(NotMapped::Failed(format!(
            "its dashboard group {group} is not here"
        )));
    }
    if !with_charts {
        document.shift_remove("charts");
    }
    if let Some(charts) = document.get_mut("charts").and_then(Value::as_array_mut) {
        keep_items(charts, "chartId", ImportKind::Chart, known, left_out);
    }
    map_permissions(document, known, left_out)
}

fn map_link(
    document: &mut Document,
    known: &Known,
    left_out: &mut Vec<String>,
) -> Result<(), NotMapped> {
    if let Some(dashboard) = document.get("contextId").and_then(Value::as_str)
        && !dashboard.is_empty()
        && known.find(ImportKind::Dashboard, dashboard).is_none()
    {
        return Err(NotMapped::Failed(format!(
            "its dashboard {dashboard} is not here"
        )));
    }
    if let Some(targets) = document.get_mut("targets").and_then(Value::as_array_mut) {
        keep_items(
            targets,
            "dashboardId",
            ImportKind::Dashboard,
            known,
            left_out,
        );
    }
    Ok(())
}

/// Keeps the ids of a list that have a counterpart here.
fn keep_ids(
    document: &mut Document,
    field: &str,
    kind: ImportKind,
    known: &Known,
    left_out: &mut Vec<String>,
) {
    let Some(ids) = document.get_mut(field).and_then(Value::as_array_mut) else {
        return;
    };
    ids.retain(|id| {
        let id = id.as_str().unwrap_or_default();
        let is_known = known.find(kind, id).is_some();
        if !is_known {
            left_out.push(format!("the {} {id}, which is not here", kind.words()));
        }
        is_known
    });
}

/// Keeps the items of a list whose id in `field` has a counterpart here, and those without an id.
fn keep_items(
    items: &mut Vec<Value>,
    field: &str,
    kind: ImportKind,
    known: &Known,
    left_out: &mut Vec<String>,
) {
    items.retain(|item| {
        let Some(id) = item[field].as_str() else {
            return true;
        };
        let is_known = known.find(kind, id).is_some();
        if !is_known {
            left_out.push(format!("the {} {id}, which is not here", kind.words()));
        }
        is_known
    });
}
