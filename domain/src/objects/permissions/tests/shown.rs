//! The table of permission fields in docs/contract.md#permission-fields, exactly.

use serde_json::Value;

use super::*;

const DASHBOARD: Item = Item::Dashboard { group_id: GROUP };
const NO_WRITERS: &str = r#"{"users":[],"teams":[]}"#;

/// `expected` are the JSON texts of `authorizedWriters` and `permissions`.
fn check(item: Item, protection: &Protection, expected: (&str, Option<&str>)) {
    let present = CurrentPermissions {
        item,
        organization_id: ORGANIZATION,
        protection,
    };
    let permissions = present.permissions().as_ref().map(Value::to_string);
    assert_eq!(
        (
            present.authorized_writers().to_string().as_str(),
            permissions.as_deref()
        ),
        expected,
        "{item:?} {protection:?}"
    );
}

fn acl_text(entries: &[(u64, &str, &str)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(id, kind, actions)| {
            let id = Id::from_bits(*id);
            format!(r#"{{"principalId":"{id}","principalType":"{kind}","actions":{actions}}}"#)
        })
        .collect();
    format!(r#"{{"acl":[{}],"parent":null}}"#, entries.join(","))
}

#[test]
fn each_kind_has_its_default() {
    let open = acl_text(&[(900, "ORG", r#"["READ","WRITE"]"#)]);
    check(Item::Group, &Protection::Open, (NO_WRITERS, Some(&open)));
    let inherited = format!(r#"{{"acl":[],"parent":"{GROUP}"}}"#);
    check(
        DASHBOARD,
        &Protection::Inherit,
        (NO_WRITERS, Some(&inherited)),
    );
    check(Item::Detector, &Protection::Open, (NO_WRITERS, None));
}

#[test]
fn writers_are_shown_as_stored_and_as_derived_entries() {
    let protection = writers(&[2, 1], &[5]);
    let ids = [2, 1, 5].map(Id::from_bits);
    let shown = format!(
        r#"{{"users":["{}","{}"],"teams":["{}"]}}"#,
        ids[0], ids[1], ids[2]
    );
    let derived = acl_text(&[
        (2, "USER", r#"["READ","WRITE"]"#),
        (1, "USER", r#"["READ","WRITE"]"#),
        (5, "TEAM", r#"["READ","WRITE"]"#),
        (900, "ORG", r#"["READ"]"#),
    ]);
    check(Item::Group, &protection, (&shown, Some(&derived)));
    check(DASHBOARD, &protection, (&shown, Some(&derived)));
    check(Item::Detector, &protection, (&shown, None));
}

#[test]
fn entries_are_shown_as_stored() {
    let protection = Protection::Entries(vec![
        entry(Principal::Team(team_id(5)), &[Right::Write]),
        entry(Principal::User(user_id(1)), &[Right::Write, Right::Read]),
    ]);
    let stored = acl_text(&[
        (5, "TEAM", r#"["WRITE"]"#),
        (1, "USER", r#"["WRITE","READ"]"#),
    ]);
    check(Item::Group, &protection, (NO_WRITERS, Some(&stored)));
    check(DASHBOARD, &protection, (NO_WRITERS, Some(&stored)));
}
