//! Shared objects (docs/contract.md#shared-objects): what all kinds have in common, and alert muting rules, data links and
//! SLOs. `shared_kinds` has the others.

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use super::documents::{Client, check_shape, id};

/// A kind, with a request that creates an object, and another value of one of its fields.
struct Kind {
    label: &'static str,
    collection: &'static str,
    request: Value,
    change: (&'static str, Value),
}

fn kinds() -> [Kind; 6] {
    let kind = |label, collection, request, change| Kind {
        label,
        collection,
        request,
        change,
    };
    let targets = json!([{"type": "EXTERNAL_LINK", "name": "runbook", "url": "https://example.com/{{value}}"}]);
    [
        kind(
            "alertmuting",
            "/v2/alertmuting",
            json!({"description": "upgrade", "filters": [{"property": "host", "propertyValue": "a"}]}),
            ("description", json!("downgrade")),
        ),
        kind(
            "crosslink",
            "/v2/crosslink",
            json!({"propertyName": "host", "targets": targets}),
            ("propertyValue", json!("web-1")),
        ),
        kind(
            "slo",
            "/v2/slo",
            slo(),
            ("description", json!("of the shop")),
        ),
        kind(
            "metricruleset",
            "/v2/metricruleset",
            json!({"metricName": "cpu", "routingRule": {"destination": "Archived"}}),
            ("description", json!("of all hosts")),
        ),
        kind(
            "emailtemplate",
            "/v2/alert/emailtemplate",
            json!({"name": "Alert", "to": ["ops@example.com"]}),
            ("triggerSubject", json!("{{ruleName}}")),
        ),
        kind(
            "navigator",
            "/v2/navigator",
            json!({"displayName": "Hosts", "categories": [], "entityMetrics": [],
                "propertyIdentifierTemplate": "{{host}}", "requiredProperties": ["host"]}),
            ("alertQuery", json!("sf_key:host")),
        ),
    ]
}

fn slo() -> Value {
    json!({"name": "availability", "type": "WindowsBased", "inputs": {"programText": "data('up').publish()"},
        "targets": [{"type": "RollingWindow", "slo": 99.5, "compliancePeriod": "30d"}]})
}

fn created(collection: &str) -> StatusCode {
    match collection {
        "/v2/alertmuting" | "/v2/alert/emailtemplate" => StatusCode::CREATED,
        _ => StatusCode::OK,
    }
}

fn deleted(collection: &str) -> StatusCode {
    match collection {
        "/v2/navigator" => StatusCode::OK,
        _ => StatusCode::NO_CONTENT,
    }
}

/// A request to update this object: another one, with the version that it replaces if there is one.
fn update_of(object: &Value, request: &Value) -> Value {
    let mut update = request.clone();
    if let Some(version) = object.get("version") {
        update["version"] = version.clone();
    }
    update
}

async fn make(client: &Client, collection: &str, body: &Value) -> Value {
    let answer = client.call("POST", collection, Some(body)).await;
    answer.expect(created(collection));
    answer.json()
}

async fn rejected(client: &Client, method: &str, path: &str, body: &Value, about: &str) {
    let answer = client.call(method, path, Some(body)).await;
    answer.expect(StatusCode::BAD_REQUEST);
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains(about), "{message}");
}

fn names(list: &Value, field: &str) -> Vec<String> {
    let results = list["results"].as_array().unwrap();
    let names = results
        .iter()
        .map(|object| object[field].as_str().unwrap().to_owned());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

on_both! {
    async fn a_shared_object_lives_from_its_creation_to_its_deletion(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        for Kind { label, collection, request, .. } in kinds() {
            let made = make(&client, collection, &request).await;
            let path = format!("{collection}/{}", id(&made));
            assert_eq!(made["creator"], client.user_id);
            assert_eq!(made["targets"], request.get("targets").cloned().unwrap_or(Value::Null), "{collection}");
            assert_eq!(client.done("GET", &path, None).await, made);
            let list = client.done("GET", collection, None).await;
            assert_eq!((&list["count"], &list["results"]), (&json!(1), &json!([made])));
            let info = client.done("GET", &format!("/v2/audit/info/{label}/{}", id(&made)), None).await;
            assert_eq!(info["created"]["by"]["id"], client.user_id);
            client.empty("DELETE", &path, None, deleted(collection)).await;
            client.call("GET", &path, None).await.expect(StatusCode::NOT_FOUND);
            client.call("DELETE", &path, None).await.expect(StatusCode::NOT_FOUND);
            client.call("PUT", &path, Some(&request)).await.expect(StatusCode::NOT_FOUND);
            let wrong = json!({"targets": 1, "description": 1, "name": 1});
            client.call("POST", collection, Some(&wrong)).await.expect(StatusCode::BAD_REQUEST);
        }
    }

    async fn a_reader_reads_shared_objects_and_changes_none(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let karen = client.app.member("Karen", Role::ReadOnly).await;
        let reader = client.app.session_token(&karen).await;
        for Kind { label, collection, request, .. } in kinds() {
            let made = make(&client, collection, &request).await;
            let path = format!("{collection}/{}", id(&made));
            for path in [collection, &path] {
                client.call_with(&reader, "GET", path, None).await.expect(StatusCode::OK);
            }
            for (method, path) in [("POST", collection), ("PUT", &path), ("DELETE", &path)] {
                let answer = client.call_with(&reader, method, path, Some(&request)).await;
                answer.expect(StatusCode::FORBIDDEN);
            }
            assert_eq!(client.done("GET", &path, None).await, made);
            let info = client.done("GET", &format!("/v2/audit/info/{label}/{}", id(&made)), None).await;
            let outcomes: Vec<_> = info["history"]["results"].as_array().unwrap().iter().map(|entry| &entry["outcome"]).collect();
            assert_eq!(outcomes, ["denied", "denied", "done"], "{label}");
        }
    }

    async fn an_update_replaces_the_document_and_its_event_names_the_fields(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        for Kind { label, collection, request, change: (field, value) } in kinds() {
            let made = make(&client, collection, &request).await;
            let path = format!("{collection}/{}", id(&made));
            let mut changed = update_of(&made, &request);
            changed[field] = value.clone();
            let updated = client.done("PUT", &path, Some(&changed)).await;
            assert_eq!(updated[field], value);
            let info = client.done("GET", &format!("/v2/audit/info/{label}/{}", id(&made)), None).await;
            assert_eq!(info["lastUpdated"]["changed"], json!([field]));
            let cleared = client.done("PUT", &path, Some(&update_of(&updated, &request))).await;
            assert_eq!(cleared[field], made[field], "{label}");
        }
    }

    async fn muting_rules_are_listed_by_state_and_description(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let now = client.app.clock.now().as_millis();
        let day = 86_400_000;
        for (description, start, stop, recurrence) in [
            ("past", now - 2 * day, now - day, Value::Null),
            ("ongoing", now - day, 0, Value::Null),
            ("future", now + day, 0, Value::Null),
            ("between", now - day, now - day + 1_000, json!({"unit": "w", "value": 1})),
        ] {
            let rule = json!({"description": description, "startTime": start, "stopTime": stop, "recurrence": recurrence});
            make(&client, "/v2/alertmuting", &rule).await;
        }
        for (query, expected) in [
            ("", vec!["between", "future", "ongoing", "past"]),
            ("?include=All", vec!["between", "future", "ongoing", "past"]),
            ("?include=past", vec!["past"]),
            ("?include=OPEN", vec!["between", "future", "ongoing"]),
            ("?include=Ongoing", vec!["ongoing"]),
            ("?include=Future", vec!["between", "future"]),
            ("?include=Open&query=ING", vec!["ongoing"]),
            ("?query=muting+rule", vec![]),
            ("?include=&query=no+such", vec![]),
        ] {
            let list = client.done("GET", &format!("/v2/alertmuting{query}"), None).await;
            assert_eq!(names(&list, "description"), expected, "{query}");
            assert_eq!(list["count"], expected.len(), "{query}");
        }
        let page = client.done("GET", "/v2/alertmuting?include=Open&limit=1&offset=2", None).await;
        assert_eq!((&page["count"], page["results"].as_array().unwrap().len()), (&json!(3), 1));
        let answer = client.call("GET", "/v2/alertmuting?include=never", None).await;
        answer.expect(StatusCode::BAD_REQUEST);
    }

    async fn a_muting_rule_names_detectors_that_exist(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let detector = json!({"name": "cpu", "programText": "detect(when(data('cpu') > 1)).publish('x')", "rules": []});
        let detector = client.done("POST", "/v2/detector", Some(&detector)).await;
        let rule = |ids: Value| json!({"filters": [{"property": "sf_detectorId", "propertyValue": ids}]});
        make(&client, "/v2/alertmuting", &rule(detector["id"].clone())).await;
        let made = make(&client, "/v2/alertmuting", &rule(json!([detector["id"]]))).await;
        let unknown = rule(json!([detector["id"], "AAAAAAAAAAE"]));
        let about = "filters[0].propertyValue: there is no detector AAAAAAAAAAE";
        rejected(&client, "POST", "/v2/alertmuting", &unknown, about).await;
        rejected(&client, "PUT", &format!("/v2/alertmuting/{}", id(&made)), &unknown, about).await;
    }

    async fn what_a_stored_object_refers_to_may_be_deleted(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let detector = json!({"name": "cpu", "programText": "detect(when(data('cpu') > 1)).publish('x')", "rules": []});
        let detector = client.done("POST", "/v2/detector", Some(&detector)).await;
        let dashboard = client.done("POST", "/v2/dashboard", Some(&json!({"name": "D"}))).await;
        let rule = json!({"description": "m", "filters": [{"property": "sf_detectorId", "propertyValue": detector["id"]}]});
        let rule = make(&client, "/v2/alertmuting", &rule).await;
        let link = json!({"contextId": dashboard["id"], "targets": [{"type": "SPLUNK_LINK", "name": "S"}]});
        let link = make(&client, "/v2/crosslink", &link).await;
        client.empty("DELETE", &format!("/v2/detector/{}", id(&detector)), None, StatusCode::NO_CONTENT).await;
        client.empty("DELETE", &format!("/v2/dashboard/{}", id(&dashboard)), None, StatusCode::OK).await;
        for (collection, mut object, field) in [("/v2/alertmuting", rule, "description"), ("/v2/crosslink", link, "propertyName")] {
            let path = format!("{collection}/{}", id(&object));
            client.round_trip(&path).await;
            object[field] = json!("changed");
            assert_eq!(client.done("PUT", &path, Some(&object)).await[field], "changed");
        }
    }

    async fn a_data_link_is_put_only_on_a_dashboard_that_its_author_reads(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let own = json!({"acl": [{"principalId": client.user_id, "principalType": "USER", "actions": ["READ", "WRITE"]}], "parent": null});
        let group = client.done("POST", "/v2/dashboardgroup?empty=true", Some(&json!({"name": "G", "permissions": own}))).await;
        let dashboard = client.done("POST", "/v2/dashboard", Some(&json!({"name": "D", "groupId": group["id"]}))).await;
        let grace = client.app.member("Grace", Role::Power).await;
        let other = client.app.session_token(&grace).await;
        let link = json!({"contextId": dashboard["id"], "targets": [{"type": "SPLUNK_LINK", "name": "S"}]});
        client.call_with(&other, "POST", "/v2/crosslink", Some(&link)).await.expect(StatusCode::FORBIDDEN);
        make(&client, "/v2/crosslink", &link).await;
    }

    async fn an_update_without_a_start_keeps_the_start(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let made = make(&client, "/v2/alertmuting", &json!({"description": "upgrade"})).await;
        assert_eq!(made["startTime"], client.app.clock.now().as_millis());
        client.app.clock.set(client.app.clock.now().plus_seconds(60));
        let path = format!("/v2/alertmuting/{}", id(&made));
        let updated = client.done("PUT", &path, Some(&json!({"description": "downgrade"}))).await;
        assert_eq!(updated["startTime"], made["startTime"]);
    }

    async fn a_property_has_one_data_link_in_a_context(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let dashboard = client.done("POST", "/v2/dashboard", Some(&json!({"name": "D"}))).await;
        let link = |context: &Value| json!({"contextId": context, "propertyName": "host", "targets": [{"type": "SPLUNK_LINK", "name": "S"}]});
        let everywhere = make(&client, "/v2/crosslink", &link(&Value::Null)).await;
        let there = make(&client, "/v2/crosslink", &link(&dashboard["id"])).await;
        rejected(&client, "POST", "/v2/crosslink", &link(&dashboard["id"]), "propertyName").await;
        let path = format!("/v2/crosslink/{}", id(&everywhere));
        rejected(&client, "PUT", &path, &link(&dashboard["id"]), "propertyName").await;
        rejected(&client, "POST", "/v2/crosslink", &link(&json!("")), "propertyName").await;
        let pair = |name: &str, value: &str| json!({"propertyName": name, "propertyValue": value, "targets": [{"type": "SPLUNK_LINK", "name": "S"}]});
        make(&client, "/v2/crosslink", &pair("zo\u{eb}", "")).await;
        rejected(&client, "POST", "/v2/crosslink", &pair("zoe\u{308}", ""), "propertyName").await;
        for (name, value) in [("a:b", ""), ("a", "b"), ("a*", "b"), ("every property", ""), ("", "")] {
            make(&client, "/v2/crosslink", &pair(name, value)).await;
            rejected(&client, "POST", "/v2/crosslink", &pair(name, value), "propertyName").await;
        }
        client.round_trip(&path).await;
        rejected(&client, "POST", "/v2/crosslink", &link(&json!("AAAAAAAAAAE")), "contextId: there is no dashboard").await;
        let context = dashboard["id"].as_str().unwrap();
        let list = client.done("GET", &format!("/v2/crosslink?context={context}"), None).await;
        assert_eq!(list["results"], json!([there]));
    }

    async fn an_slo_is_validated_without_being_created(database: Database) {
        let client = Client::of(database, Role::Power).await;
        client.empty("POST", "/v2/slo/validate", Some(&slo()), StatusCode::NO_CONTENT).await;
        let mut wrong = slo();
        wrong["targets"][0]["slo"] = json!(100);
        for path in ["/v2/slo/validate", "/v2/slo"] {
            rejected(&client, "POST", path, &wrong, "targets[0].slo").await;
        }
        let list = client.done("GET", "/v2/slo", None).await;
        assert_eq!(list["count"], 0);
    }

    async fn webhooks_of_an_slo_are_masked_for_readers(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let mut document = slo();
        document["targets"][0]["sloAlertRules"] = json!([{"type": "BREACH", "rules": [{"severity": "Major",
            "notifications": [{"type": "Webhook", "url": "https://hook.example.com/path", "secret": "s3cret"}]}]}]);
        let made = make(&client, "/v2/slo", &document).await;
        let karen = client.app.member("Karen", Role::ReadOnly).await;
        let reader = client.app.session_token(&karen).await;
        let path = format!("/v2/slo/{}", id(&made));
        assert!(client.call("GET", &path, None).await.text().contains("s3cret"));
        for path in ["/v2/slo", &path] {
            let text = client.call_with(&reader, "GET", path, None).await.text();
            assert!(!text.contains("s3cret") && !text.contains("/path"), "{text}");
        }
    }

    async fn responses_have_the_members_that_the_go_client_decodes(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let now = client.app.clock.now().as_millis();
        let rule = json!({"description": "m", "filters": [{"property": "a", "propertyValue": ["b"]}], "stopTime": now + 1_000, "recurrence": {"unit": "d", "value": 10}});
        let shape = r#"{"created": 1, "creator": "x", "description": "x", "filters": [], "id": "x", "lastUpdated": 1, "lastUpdatedBy": "x",
            "startTime": 0, "stopTime": 0, "recurrence": {}, "sendAlertsOnceMutingPeriodHasEnded": true}"#;
        check_shape(&make(&client, "/v2/alertmuting", &rule).await, shape, &[]);
        let shape = r#"{"id": "x", "created": 1, "creator": "x", "lastUpdated": 1, "lastUpdatedBy": "x", "contextId": "x",
            "propertyName": "x", "propertyValue": "x", "targets": []}"#;
        let [_, link, ..] = kinds();
        check_shape(&make(&client, link.collection, &link.request).await, shape, &[]);
        let shape = r#"{"id": "x", "created": 1, "creator": "x", "lastUpdated": 1, "lastUpdatedBy": "x", "name": "x",
            "description": "x", "type": "x", "inputs": {}, "targets": [], "metadata": []}"#;
        check_shape(&make(&client, "/v2/slo", &slo()).await, shape, &[]);
    }
}
