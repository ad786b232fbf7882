//! Objects as JSON text: to edit, and to compare.

use domain::{
    objects::{dashboard, dashboard_group, detector, object::Object, permissions::ItemKind},
    platform::document::{Document, beyond_defaults},
};
use leptos::serde_json::{self, Value, json};

use crate::pages::objects::form::values::{LABEL, PROGRAM};

/// An object to edit: name, group and document.
pub(super) fn object_text(object: &Object) -> String {
    let mut document = Document::new();
    document.insert("name".to_owned(), json!(object.name));
    if let Some(group_id) = object.parent_id {
        document.insert("groupId".to_owned(), json!(group_id));
    }
    document.extend(object.document.clone());
    pretty(&document.into())
}

/// An object to compare: without fields that have their default, as clients send those or leave them out.
pub(super) fn comparable_text(kind: ItemKind, object: &Object) -> String {
    let defaults = match kind {
        ItemKind::DashboardGroup => dashboard_group::defaults(),
        ItemKind::Detector => detector::defaults(),
        ItemKind::Dashboard => dashboard::defaults(),
    };
    object_text(&Object {
        document: beyond_defaults(&object.document, &defaults),
        ..object.clone()
    })
}

/// The document that a new object starts with.
pub(super) fn template_text(kind: ItemKind) -> String {
    pretty(&match kind {
        ItemKind::DashboardGroup => json!({"name": "", "description": "", "teams": []}),
        ItemKind::Detector => {
            let rule = json!({"detectLabel": LABEL, "severity": "Critical", "description": "", "notifications": []});
            json!({"name": "", "description": "", "programText": PROGRAM, "rules": [rule], "tags": [], "teams": []})
        }
        ItemKind::Dashboard => {
            let filters = json!({"sources": [], "variables": []});
            json!({"name": "", "description": "", "groupId": "", "charts": [], "filters": filters, "tags": []})
        }
    })
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
