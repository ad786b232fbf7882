//! Objects as JSON text: to edit, and to compare.

use domain::{
    objects::{dashboard, dashboard_group, detector, object::Object, permissions::ItemKind},
    platform::document::{Document, beyond_defaults},
};
use leptos::serde_json::{self, Value, json};

use crate::{
    model::objects::content_kind::{ContentKind, SharedContentKind},
    pages::objects::form::values::{LABEL, PROGRAM},
};

/// An object to edit: name, group and document.
pub(super) fn object_text(kind: ContentKind, object: &Object) -> String {
    let mut document = Document::new();
    let name_field = match kind {
        ContentKind::Item(_) => Some("name"),
        ContentKind::Shared(kind) => kind.kind().name_field(),
    };
    if let Some(field) = name_field {
        document.insert(field.to_owned(), json!(object.name));
    }
    if let Some(group_id) = object.parent_id {
        document.insert("groupId".to_owned(), json!(group_id));
    }
    document.extend(object.document.clone());
    pretty(&document.into())
}

/// An object to compare: without fields that have their default, as clients send those or leave them out.
pub(super) fn comparable_text(kind: ContentKind, object: &Object) -> String {
    let defaults = match kind {
        ContentKind::Item(ItemKind::DashboardGroup) => dashboard_group::defaults(),
        ContentKind::Item(ItemKind::Detector) => detector::defaults(),
        ContentKind::Item(ItemKind::Dashboard) => dashboard::defaults(),
        ContentKind::Shared(kind) => kind.kind().defaults(),
    };
    let object = Object {
        document: beyond_defaults(&object.document, &defaults),
        ..object.clone()
    };
    object_text(kind, &object)
}

/// The document that a new object starts with.
pub(super) fn template_text(kind: ContentKind) -> String {
    pretty(&match kind {
        ContentKind::Item(ItemKind::DashboardGroup) => {
            json!({"name": "", "description": "", "teams": []})
        }
        ContentKind::Item(ItemKind::Detector) => {
            let rule = json!({"detectLabel": LABEL, "severity": "Critical", "description": "", "notifications": []});
            json!({"name": "", "description": "", "programText": PROGRAM, "rules": [rule], "tags": [], "teams": []})
        }
        ContentKind::Item(ItemKind::Dashboard) => {
            let filters = json!({"sources": [], "variables": []});
            json!({"name": "", "description": "", "groupId": "", "charts": [], "filters": filters, "tags": []})
        }
        ContentKind::Shared(kind) => shared_template(kind),
    })
}

fn shared_template(kind: SharedContentKind) -> Value {
    match kind {
        SharedContentKind::AlertMuting => {
            let filter = json!({"property": "host", "propertyValue": ""});
            json!({"description": "", "filters": [filter], "stopTime": 0})
        }
        SharedContentKind::DataLink => {
            let target = json!({"type": "EXTERNAL_LINK", "name": "", "url": "https://"});
            json!({"propertyName": "", "propertyValue": "", "targets": [target]})
        }
        SharedContentKind::Slo => {
            let program = "G = data('good').publish('G')\nT = data('total').publish('T')";
            let inputs =
                json!({"programText": program, "goodEventsLabel": "G", "totalEventsLabel": "T"});
            let target = json!({"type": "RollingWindow", "slo": 99.9, "compliancePeriod": "30d", "sloAlertRules": []});
            json!({"name": "", "description": "", "type": "RequestBased", "inputs": inputs, "targets": [target]})
        }
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
