//! Parsing of requests: the rules of docs/contract.md#permission-fields one by one. Rejected requests and round trips
//! have their own files.

mod rejected;
mod sent_back;

use serde_json::{Value, json};

use super::*;
use crate::platform::{document::Document, rejection::Rejected};

const NEW_GROUP: Id = Id::from_bits(801);
const OTHER_GROUP: Id = Id::from_bits(802);
const DASHBOARD: Item = Item::Dashboard { group_id: GROUP };
const READ: &[&str] = &["READ"];
const WRITE: &[&str] = &["WRITE"];
const BOTH: &[&str] = &["READ", "WRITE"];

fn document(value: Value) -> Document {
    let Value::Object(document) = value else {
        panic!("{value} is no object")
    };
    document
}

fn present(item: Item, protection: &Protection) -> CurrentPermissions<'_> {
    CurrentPermissions {
        item,
        organization_id: ORGANIZATION,
        protection,
    }
}

fn id(number: u64) -> String {
    Id::from_bits(number).to_string()
}

fn given(kind: &str, number: u64, actions: &[&str]) -> Value {
    json!({ "principalId": id(number), "principalType": kind, "actions": actions })
}

fn given_writers(users: &[u64]) -> Value {
    json!({ "users": users.iter().map(|user| id(*user)).collect::<Vec<_>>(), "teams": [] })
}

fn read(item: Item, stored: &Protection, request: Value) -> Result<PermissionRequest, Rejected> {
    PermissionRequest::read(&document(request), &present(item, stored))
}

/// `expected` is the protection that the request leads to, `None` when it changes nothing.
fn check(item: Item, stored: &Protection, request: Value, expected: Option<Protection>) {
    let answer = read(item, stored, request.clone()).map(protection_of);
    assert_eq!(answer, Ok(expected), "{item:?} {stored:?}\n{request}");
}

fn protection_of(request: PermissionRequest) -> Option<Protection> {
    match request {
        PermissionRequest::Unchanged => None,
        PermissionRequest::Change(change) => Some(change.protection),
    }
}

fn rejected(item: Item, request: Value, field: &str) {
    let refusal = read(item, item.default_protection(), request.clone())
        .expect_err(&format!("{request} must be rejected"));
    assert_eq!(refusal.field, field, "{request}");
    assert!(refusal.message.starts_with(field), "{refusal}");
}

#[test]
fn absent_fields_change_nothing() {
    for stored in [
        Protection::Open,
        writers(&[1], &[5]),
        Protection::Entries(vec![all_members(&[Right::Write])]),
    ] {
        for request in [
            json!({}),
            json!({ "name": "x" }),
            json!({ "authorizedWriters": null, "permissions": null }),
            json!({ "permissions": {} }),
            json!({ "permissions": { "acl": [], "parent": null } }),
            json!({ "permissions": { "acl": null, "parent": "" } }),
        ] {
            check(Item::Group, &stored, request, None);
        }
    }
}

#[test]
fn given_writers_are_applied_and_an_empty_list_restores_the_default() {
    let none = [
        json!({ "authorizedWriters": {} }),
        json!({ "authorizedWriters": { "users": [], "teams": [] } }),
        json!({ "authorizedWriters": { "users": null, "teams": null } }),
    ];
    for (item, default) in [
        (Item::Group, Protection::Open),
        (Item::Detector, Protection::Open),
        (DASHBOARD, Protection::Inherit),
    ] {
        let some = json!({ "authorizedWriters": { "users": [id(1)], "teams": [id(5)] } });
        let listed = writers(&[1], &[5]);
        check(item, &default, some.clone(), Some(listed.clone()));
        check(item, &listed, some, None);
        for none in none.clone() {
            check(item, &listed, none.clone(), Some(default.clone()));
            check(item, &default, none, None);
        }
    }
}

#[test]
fn no_writers_beside_stored_entries_change_nothing() {
    let stored = Protection::Entries(vec![all_members(&[Right::Read])]);
    check(
        Item::Group,
        &stored,
        json!({ "authorizedWriters": {} }),
        None,
    );
}

#[test]
fn order_and_duplicates_make_no_difference() {
    let stored = writers(&[1, 2], &[]);
    check(
        Item::Group,
        &stored,
        json!({ "authorizedWriters": given_writers(&[2, 1, 2]) }),
        None,
    );
    let acl = [
        given("ORG", 900, READ),
        given("USER", 2, &["WRITE", "READ", "WRITE"]),
        given("USER", 1, BOTH),
        given("USER", 1, BOTH),
    ];
    check(
        Item::Group,
        &stored,
        json!({ "permissions": { "acl": acl } }),
        None,
    );
}

#[test]
fn entries_are_applied_as_given() {
    let acl = json!([given("TEAM", 5, WRITE), given("ORG", 900, READ)]);
    let expected = Protection::Entries(vec![
        entry(Principal::Team(team_id(5)), &[Right::Write]),
        all_members(&[Right::Read]),
    ]);
    let request = json!({ "permissions": { "acl": acl, "parent": null } });
    check(
        Item::Group,
        &Protection::Open,
        request.clone(),
        Some(expected.clone()),
    );
    check(
        DASHBOARD,
        &Protection::Inherit,
        request.clone(),
        Some(expected.clone()),
    );
    check(DASHBOARD, &writers(&[1], &[]), request, Some(expected));
}

#[test]
fn entries_without_a_writer_are_allowed() {
    let expected = Protection::Entries(vec![all_members(&[Right::Read])]);
    let request = json!({ "permissions": { "acl": [given("ORG", 900, READ)] } });
    check(Item::Group, &Protection::Open, request, Some(expected));
}

#[test]
fn a_dashboard_with_its_group_as_parent_inherits() {
    let request = json!({ "permissions": { "parent": id(800) } });
    let entries = Protection::Entries(vec![all_members(&[Right::Read])]);
    for stored in [writers(&[1], &[]), entries] {
        check(
            DASHBOARD,
            &stored,
            request.clone(),
            Some(Protection::Inherit),
        );
    }
    check(DASHBOARD, &Protection::Inherit, request, None);
}

#[test]
fn permissions_take_precedence_over_writers() {
    let acl = json!({ "acl": [given("USER", 2, BOTH)] });
    let request = json!({ "authorizedWriters": given_writers(&[3]), "permissions": acl });
    let expected = Protection::Entries(vec![entry(
        Principal::User(user_id(2)),
        &[Right::Read, Right::Write],
    )]);
    check(
        Item::Group,
        &Protection::Open,
        request.clone(),
        Some(expected.clone()),
    );
    check(Item::Group, &writers(&[1], &[]), request, Some(expected));
}

#[test]
fn writers_change_when_permissions_are_sent_back_unchanged() {
    // Scenario 18, and the same with all writers dropped.
    let stored = writers(&[1], &[]);
    let shown = present(DASHBOARD, &stored).permissions();
    let request =
        |users: &[u64]| json!({ "authorizedWriters": given_writers(users), "permissions": shown });
    check(DASHBOARD, &stored, request(&[2]), Some(writers(&[2], &[])));
    check(DASHBOARD, &stored, request(&[]), Some(Protection::Inherit));
    check(DASHBOARD, &stored, request(&[1]), None);
}

#[test]
fn a_create_request_is_compared_with_the_default() {
    let check = |item, request: Value, expected| {
        let present = CurrentPermissions::of_new(item, ORGANIZATION);
        let answer = PermissionRequest::read(&document(request), &present).map(protection_of);
        assert_eq!(answer, Ok(expected));
    };
    check(Item::Group, json!({}), None);
    check(Item::Detector, json!({ "authorizedWriters": {} }), None);
    check(
        DASHBOARD,
        json!({ "authorizedWriters": {}, "permissions": { "parent": id(800) } }),
        None,
    );
    check(
        DASHBOARD,
        json!({ "authorizedWriters": given_writers(&[1]), "permissions": { "acl": [], "parent": id(800) } }),
        Some(writers(&[1], &[])),
    );
}

/// Rule 5. `expected` as in [`check`], or the field that is rejected.
fn check_move(stored: &Protection, request: Value, expected: Result<Option<Protection>, &str>) {
    let present = present(DASHBOARD, stored);
    let answer = PermissionRequest::read_moving(&document(request.clone()), &present, NEW_GROUP);
    let answer = answer.map(protection_of).map_err(|rejected| rejected.field);
    assert_eq!(
        answer,
        expected.map_err(str::to_owned),
        "{stored:?} {request}"
    );
}

#[test]
fn a_moved_dashboard_inherits_from_its_new_group() {
    let parent = |number| json!({ "permissions": { "parent": id(number) } });
    for request in [json!({}), parent(800), parent(801)] {
        check_move(&Protection::Inherit, request, Ok(None));
    }
    for stored in [Protection::Inherit, writers(&[1], &[])] {
        check_move(&stored, parent(802), Err("permissions.parent"));
    }
    check_move(&writers(&[1], &[]), json!({}), Ok(None));
    check_move(
        &writers(&[1], &[]),
        parent(801),
        Ok(Some(Protection::Inherit)),
    );
    let entries = Protection::Entries(vec![all_members(&[Right::Read])]);
    check_move(&entries, parent(800), Ok(Some(Protection::Inherit)));
}

#[test]
fn a_dashboard_that_is_not_moved_cannot_name_another_group() {
    for other in [NEW_GROUP, OTHER_GROUP] {
        rejected(
            DASHBOARD,
            json!({ "permissions": { "parent": other.to_string() } }),
            "permissions.parent",
        );
    }
}

#[test]
fn detectors_have_no_permissions_field_and_ignore_it() {
    let request = json!({ "permissions": { "acl": [given("USER", 1, BOTH)] } });
    check(Item::Detector, &Protection::Open, request, None);
}

#[test]
fn only_added_users_and_teams_must_exist() {
    let check = |stored: &Protection, request: Value, expected: &[Principal]| {
        let PermissionRequest::Change(change) = read(Item::Group, stored, request).unwrap() else {
            panic!("a change was asked for")
        };
        assert_eq!(change.must_exist, expected);
    };
    let (ada, ben) = (Principal::User(user_id(1)), Principal::User(user_id(2)));
    let acl = json!({ "permissions": { "acl": [
        given("USER", 1, BOTH), given("USER", 2, BOTH), given("ORG", 900, READ), given("TEAM", 1, READ)
    ] } });
    let team = Principal::Team(team_id(1));
    check(&Protection::Open, acl.clone(), &[ada, ben, team]);
    check(&writers(&[1], &[]), acl, &[ben, team]);
    let stored = Protection::Entries(vec![entry(ada, &[Right::Read])]);
    let list = json!({ "authorizedWriters": given_writers(&[1, 2]) });
    check(&stored, list, &[ben]);
    check(
        &writers(&[1, 2], &[]),
        json!({ "authorizedWriters": given_writers(&[2]) }),
        &[],
    );
}
