//! Notifications of imported objects: those that refer to what is not here are left out, and reported.

use serde_json::Value;

use super::{kind::ImportKind, known::Known};
use crate::platform::{document::Document, notification::BLANK};

/// The fields that hold lists of notifications: of rules, and of teams.
const LISTS: &[&str] = &[
    "notifications",
    "default",
    "critical",
    "major",
    "minor",
    "warning",
    "info",
];

/// Leaves out the notifications that cannot be kept, wherever they are in the document. `left_out` gets the reasons.
pub(super) fn keep_known(document: &mut Document, known: &Known, left_out: &mut Vec<String>) {
    for (name, value) in document.iter_mut() {
        match value {
            Value::Array(items) if LISTS.contains(&name.as_str()) => {
                items.retain(|notification| match unknown(notification, known) {
                    None => true,
                    Some(reason) => {
                        left_out.push(format!("a notification: {reason}"));
                        false
                    }
                });
            }
            Value::Array(items) => {
                let objects = items.iter_mut().filter_map(Value::as_object_mut);
                objects.for_each(|item| keep_known(item, known, left_out));
            }
            Value::Object(members) => keep_known(members, known, left_out),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Why a notification cannot be kept.
fn unknown(notification: &Value, known: &Known) -> Option<String> {
    let text = |field: &str| {
        let text = notification.get(field).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    let kind = text("type").unwrap_or_default();
    if let Some(id) = text("credentialId")
        && known.find(ImportKind::Integration, id).is_none()
    {
        return Some(format!("its {kind} integration {id} is not here"));
    }
    if let Some(id) = text("team")
        && known.find(ImportKind::Team, id).is_none()
    {
        return Some(format!("its team {id} is not here"));
    }
    let is_masked = kind == "Webhook" && text("secret") == Some(BLANK);
    is_masked.then(|| "the source does not show the secret of its webhook to this token".to_owned())
}
