use serde_json::{Value, json};

use super::*;

fn detector(rule: Value) -> Value {
    json!({"name": "High CPU", "programText": "detect(A).publish('hot')", "rules": [rule]})
}

fn with(field: &str, value: Value) -> Value {
    let mut detector = detector(json!({"detectLabel": "hot", "severity": "Critical"}));
    detector[field] = value;
    detector
}

fn read(given: &Value) -> Result<DetectorDraft, Rejected> {
    DetectorDraft::read(given.as_object().unwrap(), None)
}

fn check(given: &Value, field: Option<&str>) {
    let rejected = read(given).err();
    assert_eq!(
        rejected.map(|rejected| rejected.field).as_deref(),
        field,
        "{given}"
    );
}

#[test]
fn a_program_must_publish_the_labels_of_the_rules() {
    check(&with("name", json!("")), Some("name"));
    check(&with("programText", Value::Null), Some("programText"));
    check(
        &with("programText", json!("data('cpu')")),
        Some("programText"),
    );
    check(
        &with("programText", json!("A.publish('cold')")),
        Some("rules[0].detectLabel"),
    );
    check(&with("programText", json!("A.publish(label=x)")), None);
    check(&with("rules", Value::Null), Some("rules"));
    check(&with("rules", json!([])), None);
}

#[test]
fn each_rejection_names_its_field() {
    check(
        &detector(json!({"severity": "Info"})),
        Some("rules[0].detectLabel"),
    );
    check(
        &detector(json!({"detectLabel": "hot", "severity": "critical"})),
        Some("rules[0].severity"),
    );
    let rule = |field: &str, value: Value| {
        let mut rule = json!({"detectLabel": "hot", "severity": "Info"});
        rule[field] = value;
        detector(rule)
    };
    check(
        &rule("notifications", json!([{"type": "Pigeon"}])),
        Some("rules[0].notifications[0].type"),
    );
    check(
        &rule("skipClearNotificationStates", json!(["OK", "NO"])),
        Some("rules[0].skipClearNotificationStates[1]"),
    );
    let reminder = |interval, timeout| {
        rule(
            "reminderNotification",
            json!({"type": "TIMEOUT", "interval": interval, "timeout": timeout}),
        )
    };
    check(&reminder(300_000, 600_000), None);
    check(&reminder(300_000, 0), None);
    check(
        &reminder(60_000, 600_000),
        Some("rules[0].reminderNotification.interval"),
    );
    check(
        &reminder(300_001, 600_000),
        Some("rules[0].reminderNotification.interval"),
    );
    check(
        &reminder(900_000, 600_000),
        Some("rules[0].reminderNotification.interval"),
    );
}

#[test]
fn each_field_has_its_bounds() {
    check(&with("maxDelay", json!(0)), None);
    check(&with("maxDelay", json!(900_001)), Some("maxDelay"));
    check(&with("minDelay", json!("1")), Some("minDelay"));
    check(&with("tags", json!(vec!["t"; 51])), Some("tags"));
    check(&with("tags", json!(["t".repeat(257)])), Some("tags"));
    check(&with("teams", json!(["x"])), Some("teams[0]"));
    check(
        &with("detectorOrigin", json!("AutoDetect")),
        Some("detectorOrigin"),
    );
    check(
        &with("detectorOrigin", json!("AutoDetectCustomization")),
        Some("parentDetectorId"),
    );
    check(
        &with("visualizationOptions", json!([{"time": {"type": "soon"}}])),
        Some("visualizationOptions[0].time.type"),
    );
    check(
        &with("visualizationOptions", json!([{"showDataMarkers": true}])),
        None,
    );
    check(
        &with("visualizationOptions", json!({"time": {"type": "soon"}})),
        Some("visualizationOptions.time.type"),
    );
}

#[test]
fn omitted_fields_are_dropped_except_the_origin() {
    let mut before = with("detectorOrigin", json!("AutoDetectCustomization"));
    before["parentDetectorId"] = json!("EvKdzVxAYAA");
    before["description"] = json!("old");
    let before = read(&before).unwrap();
    let given = detector(json!({"detectLabel": "hot", "severity": "Info"}));
    let after = DetectorDraft::read(
        given.as_object().unwrap(),
        Some((&before.name, &before.document)),
    )
    .unwrap();
    assert_eq!(after.document["detectorOrigin"], "AutoDetectCustomization");
    assert_eq!(after.document["parentDetectorId"], "EvKdzVxAYAA");
    assert!(!after.document.contains_key("description"));
}

#[test]
fn rules_are_disabled_by_label() {
    let draft = read(&detector(json!({"detectLabel": "hot", "severity": "Info"}))).unwrap();
    assert_eq!(draft.document["rules"][0]["disabled"], false);
    let disabled = with_rules_disabled(draft.document.clone(), &["hot".to_owned()], true).unwrap();
    assert_eq!(disabled["rules"][0]["disabled"], true);
    assert_eq!(
        with_rules_disabled(draft.document.clone(), &[], true).unwrap(),
        draft.document
    );
    let rejected = with_rules_disabled(draft.document, &["cold".to_owned()], true).unwrap_err();
    assert_eq!(rejected.message, "Label not found in detector: cold");
}
