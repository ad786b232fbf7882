//! Replays the requests recorded from real clients. Each request gets its exact status (docs/contract.md#statuses), and
//! each response has every member that the clients' own tests decode, at any depth and with the same type.

use std::{collections::BTreeSet, path::Path};

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::{
    objects::documents::{Client, id},
    support::{App, PASSWORD},
};

/// The statuses of the recorded requests, in replay order.
const STATUSES: &[(&str, StatusCode)] = &[
    ("01_session_create", StatusCode::OK),
    ("02_team_create", StatusCode::OK),
    ("03_team_update_cleared", StatusCode::OK),
    ("04_detector_create", StatusCode::OK),
    ("05_detector_validate", StatusCode::NO_CONTENT),
    ("06_detector_disable", StatusCode::NO_CONTENT),
    ("07_dashboard_create", StatusCode::OK),
    ("08_dashboard_update_inherit", StatusCode::OK),
    ("09_dashboard_delete", StatusCode::OK),
    ("10_slack_create", StatusCode::OK),
    ("11_pagerduty_create", StatusCode::OK),
    ("12_pagerduty_find_by_name", StatusCode::OK),
    ("13_webhook_create", StatusCode::OK),
    ("14_aws_create", StatusCode::OK),
    ("15_jira_create", StatusCode::OK),
];

/// A program that publishes under the label the fixtures use.
const PROGRAM: &str = "detect(when(data('cpu') > 1)).publish('string')";

/// A well-formed id of no object; notifications may refer to deleted objects.
const DANGLING: &str = "AAAAAAAAAAE";

fn fixture(path: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let text = std::fs::read_to_string(folder.join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Objects that exist on this server and replace those of the recording.
struct Real {
    organization: String,
    user: String,
    team: String,
    chart: String,
    group: String,
    detector: String,
    dashboard: String,
}

impl Real {
    async fn of(client: &Client) -> Self {
        let make = async |collection: &str, document: Value| {
            let made = client.done("POST", collection, Some(&document)).await;
            id(&made).to_owned()
        };
        let organization = client.done("GET", "/v2/organization", None).await;
        let least = json!({"name": "least", "programText": PROGRAM, "rules": []});
        Self {
            organization: id(&organization).to_owned(),
            user: client.user_id.clone(),
            team: make("/v2/team", json!({"name": "Real"})).await,
            chart: make(
                "/v2/chart",
                json!({"name": "c", "options": {"type": "List"}}),
            )
            .await,
            group: make("/v2/dashboardgroup?empty=true", json!({"name": "G"})).await,
            detector: make("/v2/detector", least).await,
            dashboard: make("/v2/dashboard", json!({"name": "D"})).await,
        }
    }

    /// Replaces the ids in a document with existing ones and leaves the rest unchanged.
    fn fill(&self, document: &mut Value) {
        match document {
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill(item)),
            Value::Object(members) => {
                for (name, value) in members.iter_mut() {
                    match (name.as_str(), &mut *value) {
                        ("users" | "members", Value::Array(ids)) if !ids.is_empty() => {
                            *value = json!([self.user])
                        }
                        ("teams", Value::Array(ids)) if !ids.is_empty() => {
                            *value = json!([self.team])
                        }
                        ("team", _) => *value = json!(self.team),
                        ("chartId", _) => *value = json!(self.chart),
                        ("groupId" | "parent", Value::String(_)) => *value = json!(self.group),
                        ("detectorId" | "parentDetectorId", _) => *value = json!(self.detector),
                        ("organizationId", _) => *value = json!(self.organization),
                        ("password", _) => *value = json!(PASSWORD),
                        ("credentialId", _) => *value = json!(DANGLING),
                        ("programText", Value::String(text)) if text == "string" => {
                            *value = json!(PROGRAM)
                        }
                        (_, nested) => self.fill(nested),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Collects the places where a response lacks a member of the example or has another type. `null` matches any type, and
/// an empty list has no items to compare.
fn differences(answer: &Value, example: &Value, place: &str, found: &mut Vec<String>) {
    match (answer, example) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(answer), Value::Object(example)) => {
            for (name, example) in example {
                let place = format!("{place}.{name}");
                match answer.get(name) {
                    // Any value that the client stores.
                    Some(_) if name == "customProperties" => {}
                    // Texts, lists and numbers are stored unchanged.
                    Some(_) if ["value", "start", "end"].contains(&name.as_str()) => {}
                    // A map with unspecified keys.
                    Some(Value::Object(_)) if name == "labelResolutions" => {}
                    Some(value) => differences(value, example, &place, found),
                    None if example.is_null() => {}
                    None => found.push(place),
                }
            }
        }
        (Value::Array(answer), Value::Array(example)) => {
            if let (Some(value), Some(example)) = (answer.first(), example.first()) {
                differences(value, example, &format!("{place}[0]"), found);
            }
        }
        (Value::Number(answer), Value::Number(example)) => {
            if answer.is_i64() != example.is_i64() {
                found.push(format!("{place} is {answer}"));
            }
        }
        (Value::Bool(_), Value::Bool(_)) | (Value::String(_), Value::String(_)) => {}
        (answer, _) => found.push(format!("{place} is {answer}")),
    }
}

/// Asserts that a response has every member of a fixture.
#[track_caller]
fn check(answer: &Value, path: &str) {
    let mut found = Vec::new();
    differences(answer, &fixture(path), "", &mut found);
    assert!(found.is_empty(), "{path}: {found:?} in {answer}");
}

#[test]
fn a_difference_is_found_at_any_depth() {
    let check = |answer: Value, expected: &[&str]| {
        let example = json!({"a": [{"b": {"c": "", "n": 1}}], "labels": {}});
        let mut found = Vec::new();
        differences(&answer, &example, "", &mut found);
        assert_eq!(found, expected);
    };
    check(
        json!({"a": [{"b": {"c": "x", "n": 2}}], "labels": {}, "more": 1}),
        &[],
    );
    check(json!({"a": [{"b": null}], "labels": null}), &[]);
    check(
        json!({"a": [{"b": {"c": 1, "n": 1.5}}]}),
        &[".a[0].b.c is 1", ".a[0].b.n is 1.5", ".labels"],
    );
    check(
        json!({"a": {}, "labels": []}),
        &[".a is {}", ".labels is []"],
    );
}

#[test]
fn every_recorded_request_is_replayed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wire");
    let recorded: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let replayed = STATUSES.iter().map(|(name, _)| format!("{name}.json"));
    assert_eq!(recorded, replayed.collect());
}

on_both! {
    async fn each_recorded_request_is_answered_with_its_status(database: Database) {
        let client = Client::in_app(App::start(database).await, Role::Admin).await;
        let mut real = Real::of(&client).await;
        for (name, status) in STATUSES {
            let recorded = fixture(&format!("wire/{name}.json"));
            let text = |field: &str| recorded[field].as_str().unwrap();
            let mut path = text("path").to_owned();
            for (kind, real_id) in [("team", &real.team), ("detector", &real.detector), ("dashboard", &real.dashboard)] {
                if let Some(rest) = path.strip_prefix(&format!("/v2/{kind}/")).filter(|rest| *rest != "validate") {
                    path = format!("/v2/{kind}/{real_id}{}", &rest[11..]);
                }
            }
            let mut body = recorded["body"].clone();
            real.fill(&mut body);
            let mut ask = client.app.ask(Method::from_bytes(text("method").as_bytes()).unwrap(), &format!("{path}?{}", text("query")));
            if text("tokenHeader") == "sent" {
                ask = ask.token(&client.token);
            }
            if !body.is_null() {
                ask = ask.body(body.to_string());
            }
            let answer = ask.header("content-type", text("contentType").as_bytes()).send().await;
            answer.expect(*status);
            assert_eq!(answer.body.is_empty(), *status != StatusCode::OK || *name == "09_dashboard_delete", "{name}");
            // Later requests refer to objects that earlier ones created.
            match *name {
                "01_session_create" => check(&answer.json(), "signalfx-go/session.json"),
                "02_team_create" => real.team = id(&answer.json()).to_owned(),
                "04_detector_create" => real.detector = id(&answer.json()).to_owned(),
                "07_dashboard_create" => real.dashboard = id(&answer.json()).to_owned(),
                "12_pagerduty_find_by_name" => check(&answer.json(), "signalfx-go/integration_pd_by_name.json"),
                _ => {}
            }
        }
    }

    async fn the_go_clients_documents_are_accepted_and_returned(database: Database) {
        let client = Client::in_app(App::start(database).await, Role::Admin).await;
        let mut real = Real::of(&client).await;
        for (collection, names, lists) in [
            ("/v2/team", &["team"][..], &["team_search"][..]),
            ("/v2/detector", &["detector", "detector_create"], &["detector_search", "detector_list"]),
            ("/v2/dashboard", &["dashboard", "dashboard_create"], &["dashboard_search"]),
        ] {
            for name in names {
                // Lists start with the least recently changed object.
                client.app.clock.set(client.app.clock.now().plus_seconds(1));
                // A chart is on one dashboard only.
                let chart = json!({"name": "c", "options": {"type": "List"}});
                real.chart = id(&client.done("POST", "/v2/chart", Some(&chart)).await).to_owned();
                let name = format!("signalfx-go/{name}.json");
                let mut document = fixture(&name);
                // The fixture has both entries and a parent, which no request or response has together.
                document.as_object_mut().unwrap().remove("permissions");
                real.fill(&mut document);
                let made = client.done("POST", collection, Some(&document)).await;
                check(&made, &name);
                let path = format!("{collection}/{}", id(&made));
                let read = client.done("GET", &path, None).await;
                assert_eq!(read, made);
                check(&client.done("PUT", &path, Some(&made)).await, &name);
            }
            for list in lists {
                let listed = client.done("GET", &format!("{collection}?name=string&limit=10&offset=0"), None).await;
                assert_eq!(listed["count"], names.len());
                check(&listed, &format!("signalfx-go/{list}.json"));
            }
        }
    }

    async fn the_python_clients_detector_is_accepted_and_returned(database: Database) {
        let client = Client::in_app(App::start(database).await, Role::Admin).await;
        let real = Real::of(&client).await;
        let mut document = fixture("signalfx-python/detector.json");
        real.fill(&mut document);
        let made = client.done("POST", "/v2/detector", Some(&document)).await;
        check(&made, "signalfx-python/detector.json");
        assert_eq!((&made["programText"], &made["rules"]), (&document["programText"], &document["rules"]));
    }
}
