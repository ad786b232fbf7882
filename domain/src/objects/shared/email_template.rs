//! Email templates: the mails that detectors send (docs/contract.md#email-templates). They are stored and not sent.

use serde_json::{Value, json};

use super::draft::SharedDraft;
use crate::{
    objects::object::Object,
    platform::{
        document::Document,
        fields::Fields,
        rejection::Rejected,
        shape::{Member, Shape, conform, optional},
    },
};

const TEMPLATE: &[Member] = &[
    optional("triggerSubject", Shape::Text),
    optional("triggerBody", Shape::Text),
    optional("resolvedSubject", Shape::Text),
    optional("resolvedBody", Shape::Text),
    optional("to", Shape::Texts),
    optional("cc", Shape::Texts),
    optional("bcc", Shape::Texts),
    optional("customHeaders", Shape::TextMap),
];

pub(super) fn read(given: &Document, present: Option<&Object>) -> Result<SharedDraft, Rejected> {
    let fields = Fields::of(given);
    Ok(SharedDraft {
        name: fields.name(present.map(|present| present.name.as_str()))?,
        document: conform(&fields, TEMPLATE)?,
        references: Vec::new(),
    })
}

pub(super) fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("triggerSubject", json!("")),
        ("triggerBody", json!("")),
        ("resolvedSubject", json!("")),
        ("resolvedBody", json!("")),
        ("to", json!([])),
        ("cc", json!([])),
        ("bcc", json!([])),
        ("customHeaders", json!({})),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rejection_names_its_field() {
        let check = |given: Value, field: &str| {
            let rejected = read(given.as_object().unwrap(), None).unwrap_err();
            assert_eq!(rejected.field, field, "{given}");
        };
        check(json!({}), "name");
        check(json!({"name": ""}), "name");
        check(json!({"name": "a", "triggerBody": 1}), "triggerBody");
        check(json!({"name": "a", "to": "a@example.com"}), "to");
        check(json!({"name": "a", "bcc": [1]}), "bcc[0]");
        check(
            json!({"name": "a", "customHeaders": {"X-Priority": 1}}),
            "customHeaders.X-Priority",
        );
    }
}
