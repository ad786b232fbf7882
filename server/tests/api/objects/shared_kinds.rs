//! Metric rulesets, automated archival, navigators, charts of SLOs, the search for SLOs, and the APM topology
//! (docs/contract.md#shared-objects).

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use super::documents::{Client, id};
use crate::ask::Answer;

const SETTINGS: &str = "/v2/automated-archival/settings";
const EXEMPT: &str = "/v2/automated-archival/exempt-metrics";

fn settings() -> Value {
    json!({"enabled": true, "lookbackPeriod": "P60D", "gracePeriod": "P30D", "version": 0})
}

fn ruleset(destination: &str) -> Value {
    json!({"metricName": "cpu.utilization", "routingRule": {"destination": destination}})
}

fn slo(name: &str) -> Value {
    json!({"name": name, "type": "WindowsBased", "inputs": {"programText": "data('up').publish()"},
        "targets": [{"type": "RollingWindow", "slo": 99.5, "compliancePeriod": "30d"}]})
}

impl Client {
    /// A token of another member with this role.
    async fn other(&self, name: &str, role: Role) -> String {
        let member = self.app.member(name, role).await;
        self.app.session_token(&member).await
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call(method, path, Some(body)).await
    }

    /// Calls and expects a 400 that names the field.
    async fn rejected(&self, method: &str, path: &str, body: &Value, field: &str) {
        let answer = self.send(method, path, body).await;
        answer.expect(StatusCode::BAD_REQUEST);
        let message = answer.message();
        assert!(message.starts_with(&format!("{field}: ")), "{message}");
    }
}

on_both! {
    async fn an_old_version_of_a_ruleset_is_not_replaced(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let made = client.done("POST", "/v2/metricruleset", Some(&ruleset("RealTime"))).await;
        let path = format!("/v2/metricruleset/{}", id(&made));
        assert_eq!(made["version"], 1);
        let mut update = ruleset("Archived");
        client.rejected("PUT", &path, &update, "version").await;
        update["version"] = json!(1);
        assert_eq!(client.done("PUT", &path, Some(&update)).await["version"], 2);
        let answer = client.send("PUT", &path, &update).await;
        answer.expect(StatusCode::CONFLICT);
        assert_eq!(answer.message(), "version: this metric ruleset has version 2, not 1.");
        update["version"] = json!(2);
        assert_eq!(client.done("PUT", &path, Some(&update)).await["version"], 2, "nothing changed");
        client.rejected("POST", "/v2/metricruleset", &ruleset("Elsewhere"), "routingRule.destination").await;
        let list = client.done("GET", "/v2/metricruleset?query=UTIL&orderBy=metricName", None).await;
        assert_eq!(list["results"], json!([client.done("GET", &path, None).await]));
    }

    async fn only_administrators_let_data_be_dropped(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let writer = client.other("Grace", Role::Power).await;
        let dropping = client.done("POST", "/v2/metricruleset", Some(&ruleset("Drop"))).await;
        let plain = client.done("POST", "/v2/metricruleset", Some(&ruleset("RealTime"))).await;
        let path = |ruleset: &Value| format!("/v2/metricruleset/{}", id(ruleset));
        for (method, path, destination) in [
            ("POST", "/v2/metricruleset".to_owned(), "Drop"),
            ("PUT", path(&dropping), "RealTime"),
            ("DELETE", path(&dropping), "Drop"),
            ("PUT", path(&plain), "Drop"),
        ] {
            let mut body = ruleset(destination);
            body["version"] = json!(1);
            let answer = client.call_with(&writer, method, &path, Some(&body)).await;
            answer.expect(StatusCode::FORBIDDEN);
        }
        client.call_with(&writer, "DELETE", &path(&plain), None).await.expect(StatusCode::NO_CONTENT);
        client.empty("DELETE", &path(&dropping), None, StatusCode::NO_CONTENT).await;
    }

    async fn the_name_of_an_aggregated_metric_is_generated(database: Database) {
        let client = Client::of(database, Role::ReadOnly).await;
        let path = "/v2/metricruleset/generateAggregationMetricName";
        let request = json!({"metricName": "cpu", "dimensions": ["realm", "service"], "dropDimensions": false});
        assert_eq!(client.done("POST", path, Some(&request)).await, "cpu.by.realm.service.agg");
        client.rejected("POST", path, &json!({"metricName": "cpu"}), "dimensions").await;
    }

    async fn an_organization_has_one_object_with_archival_settings(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        for (method, body) in [("GET", None), ("PUT", Some(settings())), ("DELETE", Some(json!({"version": 1})))] {
            client.call(method, SETTINGS, body.as_ref()).await.expect(StatusCode::NOT_FOUND);
        }
        let made = client.done("POST", SETTINGS, Some(&settings())).await;
        assert_eq!((&made["version"], made.get("id")), (&json!(1), None));
        client.send("POST", SETTINGS, &settings()).await.expect(StatusCode::CONFLICT);
        let mut update = settings();
        update["version"] = json!(1);
        update["lookbackPeriod"] = json!("P45D");
        assert_eq!(client.done("PUT", SETTINGS, Some(&update)).await["version"], 2);
        client.send("PUT", SETTINGS, &update).await.expect(StatusCode::CONFLICT);
        client.send("DELETE", SETTINGS, &json!({"version": 3})).await.expect(StatusCode::CONFLICT);
        client.rejected("DELETE", SETTINGS, &json!({}), "version").await;
        let reader = client.other("Karen", Role::ReadOnly).await;
        client.call_with(&reader, "GET", SETTINGS, None).await.expect(StatusCode::OK);
        let earlier = json!({"version": 1});
        client.call_with(&reader, "DELETE", SETTINGS, Some(&earlier)).await.expect(StatusCode::FORBIDDEN);
        let info = client.done("GET", &format!("/v2/audit/info/archivalsettings/{}", made["orgId"].as_str().unwrap()), None).await;
        assert_eq!(info["lastUpdated"]["changed"], json!(["lookbackPeriod"]));
        assert_eq!(info["history"]["results"][0]["outcome"], "denied");
        client.empty("DELETE", SETTINGS, Some(&earlier), StatusCode::NO_CONTENT).await;
        client.call("GET", SETTINGS, None).await.expect(StatusCode::NOT_FOUND);
        let again = client.done("POST", SETTINGS, Some(&settings())).await;
        assert_eq!(again["version"], 1);
    }

    async fn metrics_are_exempt_from_archival_once(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        assert_eq!(client.done("GET", EXEMPT, None).await, json!([]));
        let first = client.done("POST", EXEMPT, Some(&json!([{"name": "b"}, {"name": "a"}, {"name": "x"}, {"name": "y"}]))).await;
        let second = client.done("POST", EXEMPT, Some(&json!([{"name": "c"}, {"name": "b"}]))).await;
        assert_eq!(second[1], first[0], "one that is exempt stays as it is");
        let all = json!([first[0], first[1], first[2], first[3], second[0]]);
        assert_eq!(client.done("GET", EXEMPT, None).await, all);
        client.rejected("POST", EXEMPT, &json!([{"name": "d"}, {}]), "[1].name").await;
        let info = client.done("GET", &format!("/v2/audit/info/exemptmetric/{}", id(&first[0])), None).await;
        assert_eq!((&info["name"], &info["created"]["by"]["id"]), (&json!("b"), &json!(client.user_id)));
        let reader = client.other("Karen", Role::ReadOnly).await;
        let ids = json!({"ids": [first[0]["id"], "AAAAAAAAAAE", second[0]["id"]]});
        for (method, body) in [("POST", json!([{"name": "d"}])), ("DELETE", ids.clone())] {
            client.call_with(&reader, method, EXEMPT, Some(&body)).await.expect(StatusCode::FORBIDDEN);
        }
        client.empty("DELETE", EXEMPT, Some(&ids), StatusCode::NO_CONTENT).await;
        client.empty("DELETE", EXEMPT, Some(&ids), StatusCode::NO_CONTENT).await;
        assert_eq!(client.call_with(&reader, "GET", EXEMPT, None).await.json(), json!([first[1], first[2], first[3]]));
        client.rejected("DELETE", EXEMPT, &json!({}), "ids").await;
        client.rejected("DELETE", EXEMPT, &json!({"ids": ["x"]}), "ids[0]").await;
    }

    async fn only_administrators_change_navigators(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let writer = client.other("Grace", Role::Power).await;
        let navigator = json!({"displayName": "Hosts", "categories": [], "entityMetrics": [],
            "propertyIdentifierTemplate": "{{host}}", "requiredProperties": ["host"]});
        let made = client.done("POST", "/v2/navigator", Some(&navigator)).await;
        let path = format!("/v2/navigator/{}", id(&made));
        for (method, path) in [("POST", "/v2/navigator"), ("PUT", &path), ("DELETE", &path)] {
            client.call_with(&writer, method, path, Some(&navigator)).await.expect(StatusCode::FORBIDDEN);
        }
        client.call_with(&writer, "GET", &path, None).await.expect(StatusCode::OK);
        let partial = client.done("PUT", &path, Some(&json!({"displayName": "Machines"}))).await;
        assert_eq!(partial["requiredProperties"], json!(["host"]), "an update keeps what a navigator must have");
        let mut unknown = navigator.clone();
        unknown["instanceDashboards"] = json!(["AAAAAAAAAAE"]);
        client.rejected("POST", "/v2/navigator", &unknown, "instanceDashboards[0]").await;
    }

    async fn a_chart_shows_an_slo_that_exists(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let [first, second] = [
            client.done("POST", "/v2/slo", Some(&slo("first"))).await,
            client.done("POST", "/v2/slo", Some(&slo("second"))).await,
        ];
        let made = client.done("POST", "/v2/chart/createSloChart", Some(&json!({"sloId": first["id"]}))).await;
        assert_eq!((&made["sloId"], &made["name"], &made["options"]["type"]), (&first["id"], &json!("first"), &json!("SLO")));
        let path = format!("/v2/chart/updateSloChart/{}", id(&made));
        let updated = client.done("PUT", &path, Some(&json!({"sloId": second["id"]}))).await;
        assert_eq!((&updated["id"], &updated["sloId"], &updated["name"]), (&made["id"], &second["id"], &json!("second")));
        client.round_trip(&format!("/v2/chart/{}", id(&made))).await;
        for (method, path) in [("POST", "/v2/chart/createSloChart"), ("PUT", &path)] {
            client.rejected(method, path, &json!({"sloId": "AAAAAAAAAAE"}), "sloId").await;
            client.rejected(method, path, &json!({}), "sloId").await;
        }
        let other = client.done("POST", "/v2/chart", Some(&json!({"name": "c", "options": {"type": "List"}}))).await;
        let path = format!("/v2/chart/updateSloChart/{}", id(&other));
        client.rejected("PUT", &path, &json!({"sloId": first["id"]}), "id").await;
        let reader = client.other("Karen", Role::ReadOnly).await;
        let body = json!({"sloId": first["id"]});
        client.call_with(&reader, "POST", "/v2/chart/createSloChart", Some(&body)).await.expect(StatusCode::FORBIDDEN);
        client.empty("DELETE", &format!("/v2/slo/{}", id(&second)), None, StatusCode::NO_CONTENT).await;
        let path = format!("/v2/chart/updateSloChart/{}", id(&made));
        let again = client.done("PUT", &path, Some(&json!({"sloId": second["id"]}))).await;
        assert_eq!(again, client.done("GET", &format!("/v2/chart/{}", id(&made)), None).await, "the SLO was deleted since");
    }

    async fn slos_are_searched_by_their_ids(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let first = client.done("POST", "/v2/slo", Some(&slo("first"))).await;
        client.app.clock.set(client.app.clock.now().plus_seconds(1));
        let second = client.done("POST", "/v2/slo", Some(&slo("second"))).await;
        let alerts = json!({"breachAlertsTriggered": true, "sloIds": [first["id"]]});
        for (query, body, expected) in [
            ("", json!({}), json!([first, second])),
            ("?limit=1&offset=1", json!({}), json!([second])),
            ("", json!({"sloIds": [second["id"], "AAAAAAAAAAE"], "breachAlertsTriggered": false}), json!([second])),
            ("", alerts, json!([])),
        ] {
            let found = client.done("POST", &format!("/v2/slo/search{query}"), Some(&body)).await;
            assert_eq!(found["results"], expected, "{body}");
        }
        client.rejected("POST", "/v2/slo/search", &json!({"sloIds": ["x"]}), "sloIds[0]").await;
    }

    async fn the_topology_is_empty(database: Database) {
        let client = Client::of(database, Role::ReadOnly).await;
        let range = json!({"timeRange": "2026-01-01T00:00:00Z/2026-01-01T01:00:00Z"});
        let found = client.done("POST", "/v2/apm/topology", Some(&range)).await;
        assert_eq!(found, json!({"data": {"nodes": [], "edges": []}}));
        client.rejected("POST", "/v2/apm/topology", &json!({"timeRange": "-1h"}), "timeRange").await;
    }
}
