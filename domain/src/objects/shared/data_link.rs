//! Data links: where a property of a chart or table leads (docs/contract.md#data-links).

use serde_json::{Value, json};

use super::draft::{Reference, SharedDraft};
use crate::{
    audit::event::ObjectType,
    objects::object::Relation,
    platform::{
        document::{Document, kept},
        fields::Fields,
        limits,
        rejection::Rejected,
        visible::{composed, in_one_line},
    },
};

const FIELDS: &[&str] = &["contextId", "propertyName", "propertyValue", "targets"];

const TARGETS: &[&str] = &["INTERNAL_LINK", "EXTERNAL_LINK", "SPLUNK_LINK", "APPD_LINK"];

const TIME_FORMATS: &[&str] = &["ISO8601", "Epoch", "EpochSeconds"];

pub(super) fn read(given: &Document) -> Result<SharedDraft, Rejected> {
    let fields = Fields::of(given);
    let name = fields.text_within("propertyName", limits::OBJECT_NAME_CHARACTERS)?;
    let value = fields.text_within("propertyValue", limits::OBJECT_NAME_CHARACTERS)?;
    let [name, value] = [name, value].map(Option::unwrap_or_default);
    if name.is_empty() && !value.is_empty() {
        return Err(fields.reject("propertyName", "is missing, but propertyValue is given"));
    }
    let context = fields.id("contextId")?;
    fields.required(
        "targets",
        fields
            .list("targets")?
            .filter(|targets| !targets.is_empty()),
    )?;
    fields.each("targets", check_target)?;
    let reference = context.map(|id| Reference {
        field: "contextId".to_owned(),
        kind: ObjectType::Dashboard,
        id,
    });
    Ok(SharedDraft {
        name: in_one_line(&trigger(name, value)),
        document: kept(given, FIELDS),
        references: reference.into_iter().collect(),
    })
}

/// Where a link is shown: on which dashboard, for which property and value. Absent fields are empty.
#[must_use]
pub fn place_of(link: &Document) -> [String; 3] {
    ["contextId", "propertyName", "propertyValue"].map(|field| {
        let text = link.get(field).and_then(Value::as_str);
        composed(text.unwrap_or_default())
    })
}

/// The property that a link is shown for.
fn trigger(name: &str, value: &str) -> String {
    match (name, value) {
        ("", _) => "every property".to_owned(),
        (name, "") => name.to_owned(),
        (name, value) => format!("{name}:{value}"),
    }
}

fn check_target(target: Fields<'_>) -> Result<(), Rejected> {
    let kind = target.required("type", target.word("type", TARGETS)?)?;
    let given = |field: &str| {
        target
            .text(field)
            .map(|text| text.filter(|text| !text.is_empty()))
    };
    target.required("name", given("name")?)?;
    target.truth("isDefault")?;
    target.text("dashboardName")?;
    target.text("dashboardGroupName")?;
    target.word("timeFormat", TIME_FORMATS)?;
    let window = target.find("minimumTimeWindow");
    // The Go client fails on a fraction.
    if window.is_some_and(|window| !window.is_string() && !window.is_i64()) {
        return Err(target.reject("minimumTimeWindow", "must be a whole number or a text"));
    }
    target.within("propertyKeyMapping", |mapping| mapping.every_text())?;
    let dashboard = target.id("dashboardId")?;
    target.id("dashboardGroupId")?;
    let url = given("url")?;
    match kind {
        "INTERNAL_LINK" => target.required("dashboardId", dashboard).map(drop),
        "EXTERNAL_LINK" | "APPD_LINK" => check_url(&target, target.required("url", url)?),
        _ => Ok(()),
    }
}

/// A browser follows the link, so that its scheme must not be one that runs a script.
fn check_url(target: &Fields<'_>, url: &str) -> Result<(), Rejected> {
    let lower = url.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        Ok(())
    } else {
        Err(target.reject("url", "must begin with https:// or http://"))
    }
}

pub(super) fn defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("contextId", Value::Null),
        ("propertyName", json!("")),
        ("propertyValue", json!("")),
        ("targets", json!([])),
    ]
}

/// The dashboard that shows the link.
pub(super) fn references(document: &Document) -> Vec<(Relation, String)> {
    let context = document.get("contextId").and_then(Value::as_str);
    let context = context.filter(|id| !id.is_empty());
    context
        .map(|id| (Relation::Shows, id.to_owned()))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: Value, field: &str) {
        let rejected = read(given.as_object().unwrap()).unwrap_err();
        assert_eq!(rejected.field, field, "{given}");
    }

    #[test]
    fn each_type_of_target_needs_where_it_leads() {
        let target = |target: Value| json!({"propertyName": "host", "targets": [target]});
        check(json!({"propertyName": "host"}), "targets");
        check(json!({"propertyName": "host", "targets": []}), "targets");
        check(target(json!({"name": "a"})), "targets[0].type");
        check(target(json!({"type": "SPLUNK_LINK"})), "targets[0].name");
        check(
            target(json!({"type": "INTERNAL_LINK", "name": "a"})),
            "targets[0].dashboardId",
        );
        for kind in ["EXTERNAL_LINK", "APPD_LINK"] {
            check(target(json!({"type": kind, "name": "a"})), "targets[0].url");
            check(
                target(json!({"type": kind, "name": "a", "url": "javascript:alert(1)"})),
                "targets[0].url",
            );
        }
        check(
            target(json!({"type": "SPLUNK_LINK", "name": "a", "propertyKeyMapping": {"a": 1}})),
            "targets[0].propertyKeyMapping.a",
        );
        check(
            target(json!({"type": "SPLUNK_LINK", "name": "a", "minimumTimeWindow": []})),
            "targets[0].minimumTimeWindow",
        );
        check(
            target(json!({"type": "SPLUNK_LINK", "name": "a", "minimumTimeWindow": 1.5})),
            "targets[0].minimumTimeWindow",
        );
    }

    #[test]
    fn a_value_needs_its_property() {
        let targets = json!([{"type": "SPLUNK_LINK", "name": "a"}]);
        check(
            json!({"propertyValue": "web-1", "targets": targets}),
            "propertyName",
        );
        let link = json!({"propertyName": "host", "propertyValue": "web-1", "targets": targets});
        let draft = read(link.as_object().unwrap()).unwrap();
        assert_eq!(draft.name, "host:web-1");
    }

    #[test]
    fn a_window_is_kept_as_a_number_or_a_text() {
        for window in [json!(6000), json!("6000")] {
            let target = json!({
                "type": "EXTERNAL_LINK", "name": "a", "url": "https://example.com/{{value}}",
                "minimumTimeWindow": window
            });
            let link = json!({"propertyName": "host", "targets": [target]});
            let draft = read(link.as_object().unwrap()).unwrap();
            assert_eq!(draft.document["targets"][0]["minimumTimeWindow"], window);
        }
    }
}
