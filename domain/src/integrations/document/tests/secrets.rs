//! Secrets of integrations: stored apart from the document, and shown only where the contract says so.

use super::*;
use crate::integrations::{masked, show_secrets, shown};

/// The document in a response to a reader of these secrets.
fn returned(document: &Document, secrets: &Secrets) -> Document {
    let without = shown(document, "");
    let mut with = without.clone();
    assert_eq!(show_secrets(&mut with, secrets), with != without);
    with
}

#[test]
fn secrets_are_removed_from_the_document_and_kept_when_omitted() {
    let webhook = json!({"type": "Webhook", "name": "w", "url": "https://x", "sharedSecret": "s1", "headers": {"A": "h1"}});
    let stored = read(webhook).unwrap();
    assert!(!json!(stored.document).to_string().contains("s1"));
    assert!(!format!("{stored:?}").contains("h1"));
    let check = |given: Value, expected: Value| {
        let after = put(&stored, given).unwrap();
        let shown = returned(&after.document, &after.secrets);
        let of = |field: &str| shown.get(field).cloned().unwrap_or_default();
        assert_eq!(json!([of("sharedSecret"), of("headers")]), expected);
    };
    check(json!({}), json!(["s1", {"A": "h1"}]));
    check(
        json!({"sharedSecret": null, "headers": null}),
        json!(["s1", {"A": "h1"}]),
    );
    check(json!({"sharedSecret": "s2"}), json!(["s2", {"A": "h1"}]));
    check(
        json!({"sharedSecret": "", "headers": {}}),
        json!([null, null]),
    );
}

#[test]
fn only_readable_secrets_are_returned() {
    let check = |given: Value, secret: &str, expected: Option<Value>| {
        let draft = read(given).unwrap();
        assert!(draft.secrets.find(secret).is_some(), "{secret} is a secret");
        let administrators = returned(&draft.document, &draft.secrets);
        assert_eq!(administrators.get(secret).cloned(), expected, "{secret}");
        let others = returned(&draft.document, &Secrets::default());
        assert_eq!(
            others.get(secret).cloned(),
            expected.filter(Value::is_null),
            "{secret}"
        );
    };
    check(
        json!({"type": "Slack", "name": "n", "webhookUrl": "https://x/y"}),
        "webhookUrl",
        None,
    );
    check(
        json!({"type": "VictorOps", "name": "n", "postUrl": "https://x/y"}),
        "postUrl",
        Some(json!("https://x/y")),
    );
    check(
        json!({"type": "ServiceNow", "name": "n", "username": "u"}),
        "username",
        None,
    );
    check(
        json!({"type": "SplunkPlatform", "name": "n", "hecToken": "u"}),
        "hecToken",
        None,
    );
    check(
        json!({"type": "Azure", "name": "n", "appId": "u"}),
        "appId",
        None,
    );
    check(jira(), "apiToken", Some(Value::Null));
    check(with(aws(), "key", json!("k")), "key", None);
}

#[test]
fn unknown_fields_of_a_free_type_are_kept_and_those_named_like_secrets_are_encrypted() {
    let given = json!({"type": "NewRelic", "name": "n", "id": "x", "$sealed": "x", "apiKey": "k1", "deep": [{"Auth_Token": "k2", "a": 1}], "b": {"c": true}});
    let draft = read(given).unwrap();
    assert_eq!(
        json!(draft.document),
        json!({"type": "NewRelic", "deep": [{"a": 1}], "b": {"c": true}})
    );
    let after = put(&draft, json!({"apiKey": "k3"})).unwrap();
    assert_eq!(after.secrets.find("deep/0/Auth_Token"), Some(&json!("k2")));
    assert_eq!(after.secrets.find("apiKey"), Some(&json!("k3")));
    assert_eq!(
        json!(returned(&after.document, &after.secrets)),
        json!({"type": "NewRelic"})
    );
}

#[test]
fn the_audit_log_shows_that_a_secret_changed_and_no_part_of_it() {
    let secrets = |value: &str| Secrets::of(document(json!({ "apiKey": value })));
    let api_key = |now: &str, before: Option<&str>| {
        let before = before.map(secrets);
        let masked = masked("n", &Document::new(), &secrets(now), before.as_ref());
        assert!(!json!(masked).to_string().contains("hunter"));
        masked["apiKey"].clone()
    };
    assert_eq!(
        api_key("hunter2", None),
        api_key("hunter2", Some("hunter2"))
    );
    assert_ne!(
        api_key("hunter2", None),
        api_key("hunter2", Some("hunter3"))
    );
}
