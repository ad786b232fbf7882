//! Parsing of integrations and their documents in responses. Secrets and cloud integrations have files of their own.

mod clouds;
mod secrets;

use super::*;
use crate::integrations::{defaults, field, target};

fn document(value: Value) -> Document {
    value.as_object().unwrap().clone()
}

fn read(given: Value) -> Result<IntegrationDraft, Rejected> {
    IntegrationDraft::read(&document(given), None)
}

fn put(stored: &IntegrationDraft, given: Value) -> Result<IntegrationDraft, Rejected> {
    let present = StoredIntegration {
        name: &stored.name,
        document: &stored.document,
        secrets: &stored.secrets,
    };
    IntegrationDraft::read(&document(given), Some(present))
}

#[track_caller]
fn check(given: Value, field: Option<&str>) {
    let rejected = read(given.clone()).err().map(|rejected| rejected.field);
    assert_eq!(rejected.as_deref(), field, "{given}");
}

fn with(mut given: Value, field: &str, value: Value) -> Value {
    given[field] = value;
    given
}

fn jira() -> Value {
    json!({"type": "Jira", "name": "J", "authMethod": "EmailAndToken", "baseUrl": "https://jira.example.com",
        "issueType": "Story", "projectKey": "GEN", "assignee": {"name": "m"}, "userEmail": "a@example.com", "apiToken": "t"})
}

fn aws() -> Value {
    json!({"type": "AWSCloudWatch", "name": "aws", "authMethod": "ExternalId", "enabled": false})
}

fn gcp(keys: Value) -> Value {
    json!({"type": "GCP", "name": "gcp", "projectServiceKeys": keys})
}

#[test]
fn a_type_must_be_known_and_cannot_change() {
    check(json!({"name": "n"}), Some("type"));
    check(json!({"name": "n", "type": ""}), Some("type"));
    check(json!({"name": "n", "type": "slack"}), Some("type"));
    check(json!({"type": "Slack"}), Some("name"));
    let slack = read(json!({"name": "n", "type": "Slack"})).unwrap();
    assert!(put(&slack, json!({"enabled": false})).is_ok());
    let rejected = put(&slack, json!({"type": "PagerDuty"})).unwrap_err();
    assert_eq!(rejected.message, "type: cannot change");
}

#[test]
fn every_type_is_parsed_with_its_required_fields() {
    for kind in KINDS {
        let mut given = match kind.name {
            JIRA => jira(),
            AWS => aws(),
            "Opsgenie" => json!({"apiKey": "k", "apiUrl": "https://api.opsgenie.com"}),
            _ => json!({}),
        };
        given["type"] = json!(kind.name);
        given["name"] = json!("n");
        check(given.clone(), None);
        check(
            with(given.clone(), "enabled", json!("yes")),
            Some("enabled"),
        );
        for field in kind.fields() {
            check(
                with(given.clone(), field.name, json!([[1]])),
                Some(&at_fault(field)),
            );
            if field.required {
                check(
                    with(given.clone(), field.name, Value::Null),
                    Some(field.name),
                );
            }
        }
    }
}

/// The field that the rejection names when a nested list is given.
fn at_fault(field: &field::Field) -> String {
    use crate::integrations::field::Shape::{Objects, Texts};
    match field.shape {
        Objects(_) | Texts => format!("{}[0]", field.name),
        field::Shape::Text
        | field::Shape::Address
        | field::Shape::Word(_)
        | field::Shape::Truth
        | field::Shape::Number
        | field::Shape::PollRate(_)
        | field::Shape::TextMap
        | field::Shape::ListMap
        | field::Shape::Statistics
        | field::Shape::Object(_) => field.name.to_owned(),
    }
}

#[test]
fn a_nested_field_is_named_by_its_path() {
    check(
        with(
            aws(),
            "namespaceSyncRules",
            json!([{"namespace": "AWS/X"}, {}]),
        ),
        Some("namespaceSyncRules[1].namespace"),
    );
    check(
        with(
            aws(),
            "namespaceSyncRules",
            json!([{"namespace": "X", "filter": {"action": "Maybe"}}]),
        ),
        Some("namespaceSyncRules[0].filter.action"),
    );
    check(
        with(
            aws(),
            "metricStatsToSync",
            json!({"AWS/EC2": {"CPU": ["mean"]}}),
        ),
        None,
    );
    check(
        with(
            aws(),
            "metricStatsToSync",
            json!({"AWS/EC2": {"CPU": "mean"}}),
        ),
        Some("metricStatsToSync.AWS/EC2.CPU"),
    );
    check(
        json!({"type": "Webhook", "name": "w", "headers": {"X-Env": 1}}),
        Some("headers.X-Env"),
    );
    check(
        json!({"type": "Webhook", "name": "w", "url": "ops.example.com"}),
        Some("url"),
    );
    check(
        json!({"type": "Azure", "name": "a", "customNamespacesPerService": {"vm": "x"}}),
        Some("customNamespacesPerService.vm"),
    );
    check(with(jira(), "assignee", json!({})), Some("assignee.name"));
}

#[test]
fn an_invalid_poll_rate_is_rejected_with_the_message_of_the_contract() {
    let rejected = |field: &str, rate: i64| {
        read(with(aws(), field, json!(rate)))
            .err()
            .map(|rejected| rejected.message)
    };
    assert_eq!(
        rejected("pollRate", 59_999).unwrap(),
        "Poll rate value 59999 ms is out of the range. Supported poll rate values are 60000 - 600000 ms."
    );
    assert!(rejected("pollRate", 600_001).is_some());
    assert!(
        rejected("inactiveMetricsPollRate", 3_600_001)
            .unwrap()
            .contains("60000 - 3600000 ms")
    );
    assert_eq!(rejected("inactiveMetricsPollRate", 3_600_000), None);
    assert_eq!(rejected("pollRate", 60_000), None);
}

#[test]
fn jira_requires_the_credentials_of_its_method() {
    check(with(jira(), "apiToken", Value::Null), Some("apiToken"));
    let by_password = with(jira(), "authMethod", json!("UsernameAndPassword"));
    check(by_password.clone(), Some("username"));
    check(
        with(
            with(by_password, "username", json!("u")),
            "password",
            json!("p"),
        ),
        None,
    );
}

#[test]
fn only_listed_defaults_are_returned() {
    let shown = |kind: &str| {
        json!(
            defaults(&document(json!({ "type": kind })))
                .into_iter()
                .collect::<std::collections::BTreeMap<_, _>>()
        )
    };
    assert_eq!(shown("Webhook"), json!({"enabled": true}));
    assert_eq!(
        shown("Azure"),
        json!({"enabled": true, "importAzureMonitor": true, "useBatchApi": false})
    );
    assert_eq!(
        shown("GCP"),
        json!({"enabled": true, "importGCPMetrics": true})
    );
}

#[test]
fn the_target_is_the_host_that_the_type_sends_to() {
    let host = |given: Value| {
        let draft = read(given).unwrap();
        let stored = StoredIntegration {
            name: &draft.name,
            document: &draft.document,
            secrets: &draft.secrets,
        };
        target(stored)
            .map(|target| target.map(|target| target.host))
            .map_err(|rejected| rejected.field)
    };
    let named = |kind: &str, field: &str, value: &str| {
        host(json!({"type": kind, "name": "n", field: value}))
    };
    assert_eq!(
        named("Slack", "webhookUrl", "https://hooks/x"),
        Ok(Some("hooks".to_owned()))
    );
    assert_eq!(named("Slack", "method", "OAuth"), Ok(None));
    assert_eq!(
        named("ServiceNow", "instanceName", "dev1.example"),
        Ok(Some("dev1.example".to_owned()))
    );
    assert_eq!(
        named("ServiceNow", "tableName", "x"),
        Err("instanceName".to_owned())
    );
    assert_eq!(named("Webhook", "method", "POST"), Err("url".to_owned()));
    assert_eq!(
        named("Okta", "metadataUrl", "https://idp/x"),
        Ok(Some("idp".to_owned()))
    );
    assert_eq!(named("PagerDuty", "apiKey", "k"), Ok(None));
    assert_eq!(named("NewRelic", "url", "https://x"), Ok(None));
}
