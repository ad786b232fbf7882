//! Requests of each route that creates something.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{App, PASSWORD};

const PROGRAM: &str = "detect(when(data('cpu') > 1)).publish('slow')";

/// Two different requests of a route that creates something, with their path. Routes are those of the table.
pub(super) async fn requests(app: &App, token: &str, route: &str) -> (String, Value, Value) {
    let done = async |path: &str, body: Value| {
        let answer = app.post(path).token(token).json(&body).send().await;
        answer.expect(StatusCode::OK);
        answer.json()["id"].as_str().unwrap_or_default().to_owned()
    };
    let path = route.to_owned();
    let named = |extra: Value| {
        let with = |name: &str| {
            let mut body = extra.clone();
            body["name"] = json!(name);
            body
        };
        (with("first"), with("second"))
    };
    let person = |name: &str| json!({"email": format!("{name}@example.com")});
    let (path, (first, second)) = match route {
        "/v2/session" => {
            let given = json!({"email": "ada@example.com", "password": PASSWORD});
            let mut other = given.clone();
            other["note"] = json!("another body");
            (path, (given, other))
        }
        "/v2/dashboard" | "/v2/dashboardgroup" | "/v2/team" => (path, named(json!({}))),
        "/v2/chart" => (path, named(json!({"options": {"type": "List"}}))),
        "/v2/detector" => (path, named(json!({"programText": PROGRAM, "rules": []}))),
        "/v2/alertmuting" => {
            let rule = |name: &str| json!({"description": name});
            (path, (rule("first"), rule("second")))
        }
        "/v2/crosslink" => {
            let link = |name: &str| json!({"propertyName": name, "targets": [{"type": "SPLUNK_LINK", "name": "S"}]});
            (path, (link("first"), link("second")))
        }
        "/v2/slo" => {
            let target = json!({"type": "RollingWindow", "slo": 99, "compliancePeriod": "7d"});
            let slo = json!({"type": "WindowsBased", "inputs": {"programText": "data('a')"}, "targets": [target]});
            (path, named(slo))
        }
        "/v2/chart/createSloChart" => {
            let target = json!({"type": "RollingWindow", "slo": 99, "compliancePeriod": "7d"});
            let slo = json!({"name": "s", "type": "WindowsBased", "inputs": {"programText": "data('a')"}, "targets": [target]});
            let [first, second] = [
                done("/v2/slo", slo.clone()).await,
                done("/v2/slo", slo).await,
            ];
            (path, (json!({"sloId": first}), json!({"sloId": second})))
        }
        "/v2/metricruleset" => {
            let ruleset =
                |name: &str| json!({"metricName": name, "routingRule": {"destination": "Drop"}});
            (path, (ruleset("first"), ruleset("second")))
        }
        "/v2/automated-archival/settings" => {
            let settings = |period: &str| json!({"enabled": true, "lookbackPeriod": period, "gracePeriod": "P0D"});
            (path, (settings("P30D"), settings("P60D")))
        }
        "/v2/automated-archival/exempt-metrics" => {
            let metrics = |name: &str| json!([{"name": name}, {"name": "both"}]);
            (path, (metrics("first"), metrics("second")))
        }
        "/v2/alert/emailtemplate" => (path, named(json!({"to": ["a@example.com"]}))),
        "/v2/navigator" => {
            let navigator = |name: &str| {
                json!({"displayName": name, "categories": [], "entityMetrics": [],
                    "propertyIdentifierTemplate": "{{host}}", "requiredProperties": ["host"]})
            };
            (path, (navigator("first"), navigator("second")))
        }
        "/v2/template" => {
            let template = |title: &str| {
                json!({"type": "#/dashify/v1/templates/Record", "title": title, "spec": {},
                    "metadata": {"rootElement": "Chart"}})
            };
            (path, (template("first"), template("second")))
        }
        "/v2/token" => (path, named(json!({"authScopes": ["API"]}))),
        "/v2/integration" => {
            let hook = json!({"type": "Webhook", "enabled": true, "url": "https://example.com/hook", "sharedSecret": "of the hook"});
            (path, named(hook))
        }
        "/v2/dashboard/simple" => {
            let chart =
                |name: &str| json!([{"name": name, "programText": "data('cpu').publish('A')"}]);
            (path, (chart("first"), chart("second")))
        }
        "/v2/dashboard/import" => {
            let package =
                |name: &str| json!({"dashboardExport": {"dashboard": {"id": "A", "name": name}}});
            (path, (package("first"), package("second")))
        }
        "/v2/dashboardgroup/import" => {
            let package = |name: &str| json!({"groupExport": {"group": {"id": "A", "name": name}}});
            (path, (package("first"), package("second")))
        }
        "/v2/dashboardgroup/{id}/dashboard" => {
            let group = done("/v2/dashboardgroup", json!({"name": "Target"})).await;
            let source = done("/v2/dashboard", json!({"name": "Source"})).await;
            let path = format!("/v2/dashboardgroup/{group}/dashboard");
            (path, named(json!({"sourceDashboard": source})))
        }
        "/v2/token/{name}/rotate" => {
            done(
                "/v2/token",
                json!({"name": "rotated", "authScopes": ["API"]}),
            )
            .await;
            ("/v2/token/rotated/rotate".to_owned(), named(json!({})))
        }
        "/v2/organization/member" => (path, (person("b"), person("c"))),
        "/v2/organization/members" => (
            path,
            (
                json!({"members": [person("d")]}),
                json!({"members": [person("e")]}),
            ),
        ),
        "/v2/organization/orgMembers" => (
            path,
            (
                json!({"members": [person("f")]}),
                json!({"members": [person("g")]}),
            ),
        ),
        other => panic!("{other} creates something: add a request for it"),
    };
    (path, first, second)
}
