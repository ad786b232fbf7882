//! Requests that break a rule (docs/contract.md#permission-fields).

use super::*;

#[test]
fn an_invalid_request_is_rejected_by_field() {
    let acl = |entry: Value| json!({ "permissions": { "acl": [entry] } });
    let group = |request, field| rejected(Item::Group, request, field);
    group(json!({ "permissions": [] }), "permissions");
    group(json!({ "permissions": { "acl": {} } }), "permissions.acl");
    group(
        json!({ "permissions": { "parent": id(800) } }),
        "permissions.parent",
    );
    group(
        json!({ "permissions": { "parent": 7 } }),
        "permissions.parent",
    );
    group(acl(json!("USER")), "permissions.acl[0]");
    group(acl(json!(null)), "permissions.acl[0]");
    let id_field = "permissions.acl[0].principalId";
    group(
        acl(json!({ "principalType": "USER", "actions": BOTH })),
        id_field,
    );
    group(
        acl(json!({ "principalId": "no id", "principalType": "USER", "actions": BOTH })),
        id_field,
    );
    group(acl(given("ORG", 901, BOTH)), id_field);
    group(
        acl(given("user", 1, BOTH)),
        "permissions.acl[0].principalType",
    );
    group(
        acl(json!({ "principalId": id(1), "actions": BOTH })),
        "permissions.acl[0].principalType",
    );
    let actions_field = "permissions.acl[0].actions";
    group(acl(given("USER", 1, &[])), actions_field);
    group(acl(given("USER", 1, &["READ", "DELETE"])), actions_field);
    group(
        acl(json!({ "principalId": id(1), "principalType": "USER" })),
        actions_field,
    );
    group(
        acl(json!({ "principalId": id(1), "principalType": "USER", "actions": "READ" })),
        actions_field,
    );
    group(
        json!({ "permissions": { "acl": [given("USER", 1, READ), given("USER", 1, WRITE)] } }),
        "permissions.acl[1].principalId",
    );
    rejected(
        DASHBOARD,
        json!({ "permissions": { "acl": [given("USER", 1, BOTH)], "parent": id(800) } }),
        "permissions",
    );
}

#[test]
fn writers_that_are_not_ids_are_rejected() {
    for item in [Item::Group, DASHBOARD, Item::Detector] {
        let check =
            |value: Value, field| rejected(item, json!({ "authorizedWriters": value }), field);
        check(json!([]), "authorizedWriters");
        check(json!({ "users": id(1) }), "authorizedWriters.users");
        check(
            json!({ "users": [id(1), "x"] }),
            "authorizedWriters.users[1]",
        );
        check(json!({ "teams": [null] }), "authorizedWriters.teams[0]");
    }
}

#[test]
fn a_malformed_field_is_rejected_even_if_the_other_takes_precedence() {
    rejected(
        Item::Group,
        json!({ "authorizedWriters": 1, "permissions": { "acl": [given("USER", 1, BOTH)] } }),
        "authorizedWriters",
    );
}

#[test]
fn twenty_five_entries_are_allowed_and_one_more_is_rejected() {
    let numbers = |count: u64| (1..=count).collect::<Vec<_>>();
    let acl = |count| {
        let entries: Vec<Value> = numbers(count)
            .iter()
            .map(|number| given("USER", *number, BOTH))
            .collect();
        json!({ "permissions": { "acl": entries } })
    };
    let list = |count| json!({ "authorizedWriters": given_writers(&numbers(count)) });
    for item in [Item::Group, DASHBOARD] {
        assert!(read(item, item.default_protection(), acl(25)).is_ok());
        rejected(item, acl(26), "permissions.acl");
        rejected(item, list(26), "authorizedWriters");
    }
    // The list derived from 25 writers has 26 entries, and is accepted when it is sent back.
    let stored = writers(&numbers(25), &[]);
    check(
        Item::Group,
        &Protection::Open,
        list(25),
        Some(stored.clone()),
    );
    let shown = present(Item::Group, &stored).permissions();
    check(Item::Group, &stored, json!({ "permissions": shown }), None);
}
