//! Tests of what objects of a source become here.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{
    canonical::canonical_bytes,
    kind::ImportKind::{
        self, AlertMuting, Chart, Dashboard, DashboardGroup, Detector, Integration, Team,
    },
    known::{Known, Person},
    mapping::{Mapped, mapped},
    not_mapped::NotMapped,
};
use crate::platform::id::{Id, OrganizationId, UserId};

fn id(bits: u64) -> Id {
    Id::from_bits(bits)
}

/// A source with Ada, who has an account here, and Bob, who has none, and one object of some kinds.
fn known() -> Known {
    let person = |email: &str, user_id: Option<u64>| Person {
        email: email.to_owned(),
        user_id: user_id.map(|bits| UserId(id(bits))),
    };
    let people = HashMap::from([
        (
            "AdaThere000".to_owned(),
            person("ada@example.com", Some(100)),
        ),
        ("BobThere000".to_owned(), person("bob@example.com", None)),
    ]);
    let mut known = Known::of(OrganizationId(id(1)), people);
    for (kind, source_id, bits) in [
        (Integration, "Integration", 2),
        (Team, "TeamThere00", 3),
        (Detector, "DetectorThe", 4),
        (DashboardGroup, "GroupThere0", 5),
        (Chart, "ChartThere0", 6),
        (Dashboard, "DashThere00", 7),
    ] {
        known.insert(kind, source_id, id(bits));
    }
    known
}

fn map(kind: ImportKind, source: Value) -> Result<Mapped, NotMapped> {
    mapped(kind, source.as_object().unwrap(), &known(), true)
}

fn check(kind: ImportKind, source: Value, expected: Value, left_out: &[&str]) {
    let found = map(kind, source).unwrap();
    assert_eq!(Value::Object(found.document), expected);
    assert_eq!(found.left_out, left_out);
}

#[test]
fn ids_are_replaced_alone_in_programs_and_in_links() {
    let program = "alerts(detector_id='DetectorThe').publish(); x = 'NotDetectorThe'";
    let ours = format!(
        "alerts(detector_id='{}').publish(); x = 'NotDetectorThe'",
        id(4)
    );
    check(
        Chart,
        json!({"id": "ChartThere0", "created": 1, "locked": false, "tags": null, "programText": program,
            "options": {"markdown": "[all](https://x/#/dashboard/DashThere00?a=1)"},
            "relatedDetectorIds": ["DetectorThe", "GoneThere00"]}),
        json!({"programText": ours, "options": {"markdown": format!("[all](https://x/#/dashboard/{}?a=1)", id(7))},
            "relatedDetectorIds": [id(4)]}),
        &["the detector GoneThere00, which is not here"],
    );
    check(
        AlertMuting,
        json!({"filters": [{"property": "sf_detectorId", "propertyValue": ["DetectorThe"]}]}),
        json!({"filters": [{"property": "sf_detectorId", "propertyValue": [id(4)]}]}),
        &[],
    );
}

#[test]
fn people_without_an_account_and_unknown_notifications_are_left_out() {
    check(
        Team,
        json!({"name": "t", "members": ["AdaThere000", "BobThere000", "CarThere000"], "detectors": ["DetectorThe"],
            "notificationLists": {"critical": [{"type": "Slack", "credentialId": "Integration", "channel": "a"},
                {"type": "Slack", "credentialId": "GoneThere00", "channel": "b"}]}}),
        json!({"name": "t", "members": [UserId(id(100))],
            "notificationLists": {"critical": [{"type": "Slack", "credentialId": id(2), "channel": "a"}]}}),
        &[
            "a member: bob@example.com has no account here",
            "a member: the source has no member CarThere000",
            "a notification: its Slack integration GoneThere00 is not here",
        ],
    );
    let rules = json!([{"notifications": [{"type": "Team", "team": "GoneThere00"},
        {"type": "Webhook", "url": "https://a", "secret": "(secret)"}, {"type": "Email", "email": "a@example.com"}]}]);
    check(
        Detector,
        json!({ "rules": rules, "teams": ["TeamThere00"] }),
        json!({"rules": [{"notifications": [{"type": "Email", "email": "a@example.com"}]}], "teams": [id(3)]}),
        &[
            "a notification: its team GoneThere00 is not here",
            "a notification: the source does not show the secret of its webhook to this token",
        ],
    );
}

#[test]
fn restricted_objects_never_become_open() {
    let group = |permissions: Value, writers: Value| {
        let mut source = json!({"name": "g", "permissions": permissions});
        if !writers.is_null() {
            source["authorizedWriters"] = writers;
        }
        map(DashboardGroup, source).map(|found| Value::Object(found.document))
    };
    let entry = |kind: &str, id: &str| json!({"principalType": kind, "principalId": id, "actions": ["READ", "WRITE"]});
    let bob = entry("USER", "BobThere000");
    let is_failed =
        |found: Result<Value, NotMapped>| assert!(matches!(found, Err(NotMapped::Failed(_))));
    is_failed(group(json!({"acl": [bob]}), Value::Null));
    is_failed(group(
        Value::Null,
        json!({"users": ["BobThere000"], "teams": []}),
    ));
    let both = group(
        json!({"acl": [bob, entry("USER", "AdaThere000")]}),
        json!({"users": [], "teams": []}),
    )
    .unwrap();
    assert_eq!(
        both["permissions"]["acl"],
        json!([entry("USER", &id(100).to_string())])
    );
    let derived = json!({"acl": [entry("USER", "AdaThere000"), {"principalType": "ORG", "principalId": "Theirs",
        "actions": ["READ"]}]});
    let writers = group(
        derived,
        json!({"users": ["AdaThere000"], "teams": ["TeamThere00"]}),
    )
    .unwrap();
    assert_eq!(
        writers["authorizedWriters"],
        json!({"users": [id(100)], "teams": [id(3)]})
    );
    assert_eq!(writers.get("permissions"), None);
    let open = group(
        json!({"acl": [entry("ORG", "Theirs")], "parent": null}),
        json!({"users": [], "teams": []}),
    )
    .unwrap();
    assert_eq!(
        open["permissions"]["acl"],
        json!([entry("ORG", &id(1).to_string())])
    );
}

#[test]
fn writers_of_a_detector_may_be_given_as_entries() {
    let entry = |kind: &str, id: &str, actions: Value| json!({"principalType": kind, "principalId": id, "actions": actions});
    let detector = |acl: Value| {
        let source = json!({"name": "d", "authorizedWriters": {"users": [], "teams": []}, "permissions": {"acl": acl}});
        map(Detector, source).map(|found| Value::Object(found.document))
    };
    let (read, write) = (json!(["READ"]), json!(["READ", "WRITE"]));
    let ada = entry("USER", "AdaThere000", write.clone());
    let everyone = entry("ORG", "Theirs", read);
    let given = detector(json!([
        everyone,
        ada,
        entry("TEAM", "TeamThere00", write.clone())
    ]));
    let expected = json!({"users": [id(100)], "teams": [id(3)]});
    let given = given.unwrap();
    assert_eq!(
        (&given["authorizedWriters"], given.get("permissions")),
        (&expected, None)
    );
    let open = detector(json!([entry("ORG", "Theirs", write.clone())])).unwrap();
    assert_eq!(open["authorizedWriters"], json!({"users": [], "teams": []}));
    for no_writer in [
        json!([everyone]),
        json!([entry("USER", "BobThere000", write)]),
    ] {
        assert!(matches!(detector(no_writer), Err(NotMapped::Failed(_))));
    }
}

#[test]
fn secrets_that_a_source_returns_are_not_imported() {
    check(
        Integration,
        json!({"type": "Webhook", "name": "w", "enabled": true, "sharedSecret": "hunter2", "headers": {"X": "hunter2"}}),
        json!({"type": "Webhook", "name": "w", "enabled": false}),
        &["its secrets, so it is disabled"],
    );
}

#[test]
fn a_dashboard_is_first_imported_without_its_charts() {
    let source = json!({"groupId": "GroupThere0", "charts": [{"chartId": "ChartThere0"}]});
    let first = mapped(Dashboard, source.as_object().unwrap(), &known(), false).unwrap();
    assert_eq!(
        (first.document.get("charts"), first.left_out),
        (None, Vec::new())
    );
}

#[test]
fn a_dashboard_needs_its_group_and_loses_charts_that_are_not_here() {
    check(
        Dashboard,
        json!({"groupId": "GroupThere0", "charts": [{"chartId": "ChartThere0", "row": 0}, {"chartId": "GoneThere00"}],
            "permissions": {"acl": [], "parent": "GroupThere0"}, "authorizedWriters": {"users": [], "teams": []}}),
        json!({"groupId": id(5), "charts": [{"chartId": id(6), "row": 0}],
            "authorizedWriters": {"users": [], "teams": []}, "permissions": {"parent": id(5)}}),
        &["the chart GoneThere00, which is not here"],
    );
    assert!(matches!(
        map(Dashboard, json!({"groupId": "GoneThere00"})),
        Err(NotMapped::Failed(_))
    ));
    assert!(matches!(
        map(Detector, json!({"detectorOrigin": "AutoDetect"})),
        Err(NotMapped::Skipped(_))
    ));
}

#[test]
fn the_order_of_members_does_not_matter() {
    let bytes = |value: Value| canonical_bytes(value.as_object().unwrap());
    assert_eq!(
        bytes(json!({"a": {"c": 1, "b": [2]}, "d": ""})),
        bytes(json!({"d": "", "a": {"b": [2], "c": 1}}))
    );
    assert_ne!(bytes(json!({"a": [1, 2]})), bytes(json!({"a": [2, 1]})));
    assert_ne!(bytes(json!({"a": "1"})), bytes(json!({"a": 1})));
}
