//! Objects of each kind, which the parameters of lists tell apart.

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::{Value, json};

use crate::objects::documents::{Client, id};

/// Ids, and the times of the first and the last call.
pub(super) struct World {
    pub(super) chart: String,
    pub(super) dashboard: String,
    pub(super) group: String,
    pub(super) team: String,
    pub(super) user: String,
    pub(super) token: String,
    /// The address of a template.
    pub(super) template: String,
    pub(super) middle: i64,
    pub(super) from: i64,
    pub(super) to: i64,
}

async fn made(client: &Client, path: &str, body: Value) -> Value {
    let clock = &client.app.clock;
    clock.set(clock.now().plus_seconds(1));
    let answer = client.call("POST", path, Some(&body)).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    answer.json()
}

/// Creates three objects of each kind, which the parameters tell apart.
pub(super) async fn world(client: &Client) -> World {
    let from = client.app.clock.now().as_millis();
    let mut chart = Value::Null;
    for (name, tag) in [("beta", "team:x"), ("gamma", "b"), ("alpha", "team:y")] {
        let given = json!({"name": name, "tags": [tag], "options": {"type": "Text"}});
        chart = made(client, "/v2/chart", given).await;
        let program = "data('up').publish('x')";
        let given = json!({"name": name, "tags": [tag], "rules": [], "programText": program});
        made(client, "/v2/detector", given).await;
    }
    let team = made(client, "/v2/team", json!({"name": "beta"})).await;
    made(client, "/v2/team", json!({"name": "gamma"})).await;
    let middle = client.app.clock.now().as_millis() + 500;
    made(client, "/v2/team", json!({"name": "alpha"})).await;
    let (mut group, mut dashboard) = (Value::Null, Value::Null);
    for name in ["beta", "gamma", "alpha"] {
        let teams = (name == "beta").then(|| json!([team["id"]]));
        let given = json!({"name": name, "teams": teams});
        group = made(client, "/v2/dashboardgroup?empty=true", given).await;
        let place =
            json!([{"chartId": chart["id"], "row": 0, "column": 0, "width": 1, "height": 1}]);
        let charts = (name == "alpha").then_some(place);
        let given = json!({"name": name, "groupId": group["id"], "charts": charts, "tags": [name]});
        dashboard = made(client, "/v2/dashboard", given).await;
    }
    make_others(client, &dashboard).await;
    let template = make_stored(client).await;
    send_data(client).await;
    fill_catalog(client).await;
    let to = client.app.clock.now().as_millis() + 1;
    client
        .app
        .clock
        .set(client.app.clock.now().plus_seconds(300));
    let token = client.done("GET", "/v2/session", None).await;
    let id = |object: &Value| id(object).to_owned();
    World {
        chart: id(&chart),
        dashboard: id(&dashboard),
        group: id(&group),
        team: id(&team),
        user: client.user_id.clone(),
        token: id(&token),
        template,
        middle,
        from,
        to,
    }
}

/// Shared objects, integrations, org tokens and members.
async fn make_others(client: &Client, dashboard: &Value) {
    let future = client.app.clock.now().plus_days(1).as_millis();
    let targets =
        json!([{"type": "EXTERNAL_LINK", "name": "runbook", "url": "https://example.com"}]);
    client
        .empty("DELETE", "/v2/token/Default", None, StatusCode::NO_CONTENT)
        .await;
    for name in ["beta", "gamma", "alpha"] {
        let start = (name == "gamma").then_some(future);
        let filters = json!([{"property": "host", "propertyValue": "a"}]);
        let given = json!({"description": name, "startTime": start, "filters": filters});
        made(client, "/v2/alertmuting", given).await;
        let context = (name == "gamma").then(|| dashboard["id"].clone());
        let given = json!({"contextId": context, "propertyName": name, "targets": targets});
        made(client, "/v2/crosslink", given).await;
        let given = json!({"name": name, "type": "WindowsBased",
            "inputs": {"programText": "data('up').publish()"},
            "targets": [{"type": "RollingWindow", "slo": 99.5, "compliancePeriod": "30d"}]});
        made(client, "/v2/slo", given).await;
        let kind = if name == "gamma" {
            "PagerDuty"
        } else {
            "XMatters"
        };
        made(
            client,
            "/v2/integration",
            json!({"name": name, "type": kind}),
        )
        .await;
        made(
            client,
            "/v2/token",
            json!({"name": name, "authScopes": ["INGEST", "API"]}),
        )
        .await;
        client.app.member(name, Role::Power).await;
    }
}

/// Metric rulesets, email templates, navigators and templates. Returns the address of a template that imports another.
async fn make_stored(client: &Client) -> String {
    let mut template = Value::Null;
    for name in ["beta", "gamma", "alpha"] {
        let given = json!({"metricName": name, "routingRule": {"destination": "RealTime"}});
        made(client, "/v2/metricruleset", given).await;
        made(client, "/v2/alert/emailtemplate", json!({"name": name})).await;
        let given = json!({"displayName": name, "categories": [], "entityMetrics": [],
            "propertyIdentifierTemplate": "{{host}}", "requiredProperties": ["host"]});
        made(client, "/v2/navigator", given).await;
        let is_last = name == "alpha";
        let root = if is_last { "Dashboard" } else { "Chart" };
        let imports: Vec<_> = is_last.then(|| template.clone()).into_iter().collect();
        let given = json!({"type": "#/dashify/v1/templates/Record", "title": name, "spec": {},
            "metadata": {"rootElement": root, "imports": imports}});
        let envelope = made(client, "/v2/template", given).await;
        template = envelope["data"]["self"].clone();
    }
    template.as_str().unwrap().to_owned()
}

/// Dimensions, metrics, metric time series and tags.
async fn fill_catalog(client: &Client) {
    let token = client.done("GET", "/v2/token/alpha", None).await;
    let secret = token["secret"].as_str().unwrap();
    for name in ["beta", "gamma", "alpha"] {
        let clock = &client.app.clock;
        clock.set(clock.now().plus_seconds(1));
        for path in ["dimension/host", "metric", "tag"] {
            let path = format!("/v2/{path}/{name}");
            client.done("PUT", &path, Some(&json!({}))).await;
        }
        let point = json!({"metric": "cpu", "value": 1, "dimensions": {"host": name}});
        let body = json!({"gauge": [point]});
        let answer = client.call_with(secret, "POST", "/v2/datapoint", Some(&body));
        answer.await.expect(StatusCode::OK);
    }
}

/// Datapoints of one org token and events of another.
async fn send_data(client: &Client) {
    for (name, path, body) in [
        (
            "beta",
            "/v2/datapoint",
            json!({"gauge": [{"metric": "cpu", "value": 1}]}),
        ),
        ("gamma", "/v2/event", json!([{"eventType": "deployment"}])),
        (
            "gamma",
            "/v2/datapoint",
            json!({"gauge": [{"metric": "cpu", "value": 2}]}),
        ),
    ] {
        let token = client.done("GET", &format!("/v2/token/{name}"), None).await;
        let secret = token["secret"].as_str().unwrap();
        let answer = client.call_with(secret, "POST", path, Some(&body)).await;
        answer.expect(StatusCode::OK);
    }
    client
        .call("GET", "/v2/team/AAAAAAAAAAE", None)
        .await
        .expect(StatusCode::NOT_FOUND);
}
