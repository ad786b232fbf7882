//! The values of the form as an object's document, and a document as the values of the form.

use domain::{
    objects::{object::Object, permissions::ItemKind},
    platform::document::Document,
};
use leptos::serde_json::{Value, json};

use crate::{
    model::{
        document::{items, text},
        objects::form::{FirstRule, ObjectForm},
        platform::notice::Notice,
    },
    request::Posted,
};

/// The program of a new detector.
pub(in crate::pages::objects) const PROGRAM: &str = "A = data('cpu.utilization').mean(by=['host']).publish('A', enable=False)\n\
    detect(when(A > 90, '5m')).publish('CPU is high')\n";

/// The label that the program of a new detector publishes for its first rule.
pub(in crate::pages::objects) const LABEL: &str = "CPU is high";

/// The stored document, or an empty one, with the posted values.
pub(super) fn document_of(kind: ItemKind, stored: Option<&Object>, form: &Posted) -> Document {
    let mut document = stored
        .map(|stored| stored.document.clone())
        .unwrap_or_default();
    let mut set = |field: &str, value: Value| drop(document.insert(field.to_owned(), value));
    set("name", json!(form.text("name").trim()));
    set("description", json!(form.text("description")));
    if kind != ItemKind::DashboardGroup {
        let tags = form.text("tags").lines().map(str::trim);
        let tags: Vec<&str> = tags.filter(|tag| !tag.is_empty()).collect();
        set("tags", json!(tags));
    }
    match (kind, stored) {
        (ItemKind::Dashboard, Some(stored)) => set("groupId", json!(stored.parent_id)),
        (ItemKind::Dashboard, None) => set("groupId", json!(form.text("groupId"))),
        (ItemKind::Detector, stored) => {
            set("programText", json!(form.text("programText")));
            if stored.is_none() {
                set("rules", rules(&first_rule(form)));
            }
        }
        (ItemKind::DashboardGroup, _) => {}
    }
    document
}

fn first_rule(form: &Posted) -> FirstRule {
    let value = |field| form.text(field).trim().to_owned();
    FirstRule {
        label: value("label"),
        severity: value("severity"),
        email: value("email"),
    }
}

fn rules(rule: &FirstRule) -> Value {
    if rule.label.is_empty() {
        return json!([]);
    }
    let notifications = if rule.email.is_empty() {
        json!([])
    } else {
        json!([{"type": "Email", "email": rule.email}])
    };
    json!([{"detectLabel": rule.label, "severity": rule.severity, "notifications": notifications}])
}

/// The form with the posted values, or else the stored ones, or else those of a new object. Without groups and notice.
pub(super) fn form_of(
    kind: ItemKind,
    stored: Option<&Object>,
    posted: Option<&Posted>,
) -> ObjectForm {
    let empty = Document::new();
    let document = stored.map_or(&empty, |object| &object.document);
    let value = |field: &str, default: &str| {
        posted
            .map_or(default, |posted| posted.text(field))
            .to_owned()
    };
    let stored_name = stored.map(|object| object.name.clone()).unwrap_or_default();
    let tags: Vec<&str> = items(document, "tags").filter_map(Value::as_str).collect();
    let program = stored.map_or(PROGRAM, |_| text(document, "programText"));
    ObjectForm {
        kind,
        id: stored
            .map(|object| object.id.to_string())
            .unwrap_or_default(),
        base_updated_at: stored.map_or(0, |object| object.updated.at.as_micros()),
        name: value("name", &stored_name),
        stored_name,
        description: value("description", text(document, "description")),
        tags: value("tags", &tags.join("\n")),
        program: value("programText", program),
        groups: Vec::new(),
        group: value("groupId", ""),
        first_rule: posted.map_or_else(default_rule, first_rule),
        notice: Notice::default(),
    }
}

fn default_rule() -> FirstRule {
    FirstRule {
        label: LABEL.to_owned(),
        severity: "Critical".to_owned(),
        email: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_detector_has_the_posted_rule() {
        let form = Posted::of(&[
            ("name", " CPU "),
            ("programText", "detect(a).publish('x')"),
            ("label", "x"),
            ("severity", "Minor"),
            ("email", "a@example.com"),
            ("tags", "prod\r\n\r\n test "),
        ]);
        assert_eq!(
            json!(document_of(ItemKind::Detector, None, &form)),
            json!({
                "name": "CPU", "description": "", "tags": ["prod", "test"], "programText": "detect(a).publish('x')",
                "rules": [{"detectLabel": "x", "severity": "Minor", "notifications": [{"type": "Email", "email": "a@example.com"}]}],
            })
        );
        let named = Posted::of(&[("name", "n")]);
        let without_label = document_of(ItemKind::Detector, None, &named);
        assert_eq!(without_label["rules"], json!([]));
    }

    #[test]
    fn a_rejected_form_keeps_the_posted_values() {
        let posted = Posted::of(&[("name", ""), ("description", "long"), ("groupId", "x")]);
        let form = form_of(ItemKind::Dashboard, None, Some(&posted));
        assert_eq!(
            (form.description.as_str(), form.group.as_str()),
            ("long", "x")
        );
    }
}
