//! Exporting a dashboard or a dashboard group as one document and creating it from one (docs/contract.md#packages).

use axum::http::StatusCode;
use domain::identity::role::Role;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use testbed::on_both;

use super::documents::{Client, id};
use crate::support::{PASSWORD, request_meta};

/// A chart and a dashboard as the web interface of the hosted service exports them.
fn published() -> Value {
    json!({
        "chartExports": [{"chart": {"autoDetectMetadataId": null, "created": 1_604_000_000_000_i64, "creator": null,
            "customProperties": null, "description": "per host", "id": "EkxA1AdAcAA", "lastUpdated": 1_604_000_000_000_i64,
            "lastUpdatedBy": null, "name": "CPU %", "options": {"colorBy": "Dimension", "type": "TimeSeriesChart"},
            "packageSpecifications": "", "programText": "A = data('cpu.utilization').publish('A')",
            "relatedDetectorIds": [], "tags": null}}],
        "crossLinkExports": [],
        "dashboardExport": {"dashboard": {"chartDensity": "DEFAULT",
            "charts": [{"chartId": "EkxA1AdAcAA", "column": 6, "height": 1, "row": 2, "width": 6}],
            "created": 1_604_000_000_000_i64, "creator": null, "customProperties": null, "description": "All hosts",
            "discoveryOptions": {"query": "", "selectors": ["host:*"]}, "eventOverlays": null,
            "filters": {"sources": null, "time": null, "variables": [{"alias": "host", "applyIfExists": false,
                "description": "", "preferredSuggestions": [], "property": "host", "replaceOnly": false,
                "required": false, "restricted": false, "value": []}]},
            "groupId": "EkxAyB3AcAA", "id": "EkxA0t4AcAA", "importOf": null, "locked": false, "maxDelayOverride": null,
            "name": "Hosts", "permissions": {"acl": [], "parent": "EkxAyB3AcAA"}, "selectedEventOverlays": [],
            "tags": null}},
        "hashCode": -1_049_424_212, "id": "EkxA0t4AcAA", "modelVersion": 1, "packageType": "DASHBOARD",
    })
}

async fn export(client: &Client, collection: &str, object: &Value) -> Value {
    let path = format!("{collection}/{}/export", id(object));
    client.done("GET", &path, None).await
}

/// What must be equal in two packages: no ids, times and hashes.
fn content(package: &Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for field in [
                    "id",
                    "chartId",
                    "dashboardId",
                    "configId",
                    "groupId",
                    "created",
                    "lastUpdated",
                    "hashCode",
                ] {
                    members.shift_remove(field);
                }
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut content = package.clone();
    if let Some(group) = content.pointer_mut("/groupExport/group") {
        group["dashboards"] = Value::Null;
    }
    strip(&mut content);
    content
}

async fn counts(client: &Client) -> Vec<Value> {
    let mut counts = Vec::new();
    for collection in ["/v2/chart", "/v2/dashboard", "/v2/dashboardgroup"] {
        counts.push(client.done("GET", collection, None).await["count"].clone());
    }
    counts
}

on_both! {
    async fn a_published_dashboard_is_imported_and_exported_with_equal_content(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let group = client.done("POST", "/v2/dashboardgroup?empty=true", Some(&json!({"name": "Ours"}))).await;
        let path = format!("/v2/dashboard/import?groupId={}", id(&group));
        let imported = client.done("POST", &path, Some(&published())).await;
        assert_eq!((&imported["name"], &imported["groupId"]), (&json!("Hosts"), &group["id"]));
        assert_eq!(imported["creator"], client.user_id);
        assert_ne!(imported["id"], "EkxA0t4AcAA");
        assert_eq!(imported["charts"][0]["row"], 2);
        let chart = imported["charts"][0]["chartId"].as_str().unwrap();
        let chart = client.done("GET", &format!("/v2/chart/{chart}"), None).await;
        assert_eq!((&chart["name"], &chart["description"]), (&json!("CPU %"), &json!("per host")));
        let exported = export(&client, "/v2/dashboard", &imported).await;
        assert_eq!(exported["packageType"], "DASHBOARD");
        assert_eq!(exported["id"], imported["id"]);
        assert_eq!(exported["dashboardExport"]["dashboard"].get("permissions"), None);
        let again = client.done("POST", "/v2/dashboard/import", Some(&exported)).await;
        assert_ne!((&again["id"], &again["groupId"]), (&imported["id"], &imported["groupId"]));
        assert_eq!(content(&export(&client, "/v2/dashboard", &again).await), content(&exported));
        assert_eq!(counts(&client).await, [json!(2), json!(2), json!(2)]);
    }

    async fn a_group_is_imported_with_its_order_and_without_mirrors(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let elsewhere = client.done("POST", "/v2/dashboard", Some(&json!({"name": "Elsewhere"}))).await;
        let group = json!({"name": "Ours", "description": "d", "importQualifiers": [{"metric": "cpu", "filters": []}]});
        let group = client.done("POST", "/v2/dashboardgroup?empty=true", Some(&group)).await;
        let mut dashboards = Vec::new();
        for name in ["One", "Two"] {
            let mut package = published();
            package["dashboardExport"]["dashboard"]["name"] = json!(name);
            let path = format!("/v2/dashboard/import?groupId={}", id(&group));
            dashboards.push(client.done("POST", &path, Some(&package)).await);
        }
        let entries = json!([{"dashboardId": dashboards[1]["id"], "nameOverride": "First"},
            {"dashboardId": elsewhere["id"]}, {"dashboardId": dashboards[0]["id"]}]);
        let mut update = client.done("GET", &format!("/v2/dashboardgroup/{}", id(&group)), None).await;
        update["dashboardConfigs"] = entries;
        client.done("PUT", &format!("/v2/dashboardgroup/{}", id(&group)), Some(&update)).await;

        let exported = export(&client, "/v2/dashboardgroup", &group).await;
        assert_eq!(exported["packageType"], "GROUP");
        let names: Vec<_> = exported["dashboardExports"].as_array().unwrap().iter()
            .map(|wrapper| wrapper["dashboard"]["name"].clone()).collect();
        assert_eq!(names, ["Two", "One"]);
        let imported = client.done("POST", "/v2/dashboardgroup/import", Some(&exported)).await;
        let configs = imported["dashboardConfigs"].as_array().unwrap();
        let overrides: Vec<_> = configs.iter().map(|config| config["nameOverride"].clone()).collect();
        assert_eq!(overrides, [json!("First"), Value::Null]);
        assert_eq!((&imported["name"], &imported["importQualifiers"]), (&group["name"], &group["importQualifiers"]));
        let once = export(&client, "/v2/dashboardgroup", &imported).await;
        let twice = client.done("POST", "/v2/dashboardgroup/import", Some(&once)).await;
        assert_eq!(content(&export(&client, "/v2/dashboardgroup", &twice).await), content(&once));
        assert_eq!(once["dashboardExports"].as_array().unwrap().len(), 2);
    }

    async fn a_bad_document_is_rejected_with_its_place_and_creates_nothing(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let check = async |path: &str, change: &dyn Fn(&mut Value), place: &str| {
            let mut package = published();
            change(&mut package);
            let answer = client.call("POST", path, Some(&package)).await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().starts_with(place), "{}", answer.message());
        };
        let path = "/v2/dashboard/import";
        check(path, &|package| package["packageType"] = json!("GROUP"), "packageType: ").await;
        check(path, &|package| package["chartExports"][0]["chart"]["options"] = json!(1), "chartExports[0].chart.options").await;
        check(path, &|package| package["chartExports"] = json!([]), "dashboardExport.dashboard.charts[0].chartId").await;
        check(path, &|package| package["dashboardExport"] = json!([]), "dashboardExport.dashboard: is missing").await;
        check(path, &|package| package["dashboardExport"]["dashboard"]["name"] = json!(""), "dashboardExport.dashboard.name").await;
        check("/v2/dashboard/import?groupId=AAAAAAAAAAQ", &|_| {}, "groupId: ").await;
        check("/v2/dashboardgroup/import", &|_| {}, "packageType: ").await;
        check("/v2/dashboardgroup/import", &|package| package["packageType"] = json!(null), "groupExport.group: is missing").await;
        let nothing = client.call("POST", path, None).await;
        nothing.expect(StatusCode::BAD_REQUEST);
        assert_eq!(counts(&client).await, [json!(0), json!(0), json!(0)]);
    }

    async fn who_may_not_read_or_write_can_neither_export_nor_import(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let only = |user: &str| json!({"acl": [{"principalType": "USER", "principalId": user, "actions": ["READ", "WRITE"]}]});
        let group = json!({"name": "Hers", "permissions": only(&client.user_id)});
        let group = client.done("POST", "/v2/dashboardgroup?empty=true", Some(&group)).await;
        let into = format!("/v2/dashboard/import?groupId={}", id(&group));
        let dashboard = client.done("POST", &into, Some(&published())).await;
        for (name, role) in [("Grace", Role::Power), ("Karen", Role::ReadOnly)] {
            let member = client.app.member(name, role).await;
            let token = client.app.session_token(&member).await;
            for path in [format!("/v2/dashboard/{}/export", id(&dashboard)), format!("/v2/dashboardgroup/{}/export", id(&group))] {
                client.call_with(&token, "GET", &path, None).await.expect(StatusCode::FORBIDDEN);
            }
            client.call_with(&token, "POST", &into, Some(&published())).await.expect(StatusCode::FORBIDDEN);
        }
        assert_eq!(counts(&client).await, [json!(1), json!(1), json!(1)]);
        client.call("GET", "/v2/dashboard/AAAAAAAAAAQ/export", None).await.expect(StatusCode::NOT_FOUND);
        client.call("GET", "/v2/dashboardgroup/AAAAAAAAAAQ/export", None).await.expect(StatusCode::NOT_FOUND);
    }

    async fn a_page_imports_keeps_rejected_text_and_downloads(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let app = &client.app;
        let signed_in = app.service.identity().sign_in("ada@example.com", PASSWORD, &request_meta()).await.unwrap();
        let send = async |path: &str, text: &str| {
            let fields = format!("document={}", utf8_percent_encode(text, NON_ALPHANUMERIC));
            let caller = app.browser_of(&signed_in).await;
            let address = path.split('?').next().unwrap();
            let token = app.service.identity().form_token(&caller, address).unwrap();
            app.post_as(&signed_in, path, &format!("formToken={token}&{fields}")).send().await
        };
        let cookie = format!("countersign_session={}", signed_in.cookie.reveal());
        let read = async |path: &str| {
            app.get(path).header("cookie", cookie.as_bytes()).header("accept", b"text/html").send().await
        };
        assert!(read("/dashboards").await.text().contains("href=\"/dashboards/import\""));
        let mut bad = published();
        bad["chartExports"][0]["chart"]["options"] = json!("kept as it was typed");
        let rejected = send("/dashboards/import", &serde_json::to_string_pretty(&bad).unwrap()).await.text();
        for text in ["Line 14: chartExports[0].chart.options", "kept as it was typed"] {
            assert!(rejected.contains(text), "{text} is not in {rejected}");
        }
        assert_eq!(counts(&client).await[1], 0);

        let done = send("/dashboards/import", &published().to_string()).await;
        done.expect(StatusCode::SEE_OTHER);
        let page = done.header("location").to_owned();
        assert!(read(&page).await.text().contains(&format!("href=\"{page}/export\"")), "{page}");
        let downloaded = read(&format!("{page}/export")).await;
        downloaded.expect(StatusCode::OK);
        let file = downloaded.header("content-disposition");
        assert!(file.starts_with("attachment; filename=\"dashboard-"), "{file}");
        let api = client.done("GET", &format!("/v2{}/export", page.replace("dashboards", "dashboard")), None).await;
        assert_eq!(downloaded.json(), api);
        let group = api["dashboardExport"]["dashboard"]["groupId"].as_str().unwrap();
        let downloaded = read(&format!("/dashboard-groups/{group}/export")).await.json();
        assert_eq!(downloaded, client.done("GET", &format!("/v2/dashboardgroup/{group}/export"), None).await);
        let into = format!("/dashboards/import?groupId={group}");
        let shown = read(&format!("/dashboard-groups/{group}")).await.text();
        assert!(shown.contains(&format!("href=\"{into}\"")), "{shown}");
        send("/dashboard-groups/import", &downloaded.to_string()).await.expect(StatusCode::SEE_OTHER);
        send(&into, &published().to_string()).await.expect(StatusCode::SEE_OTHER);
        assert_eq!(counts(&client).await, [json!(3), json!(3), json!(2)]);

        let anonymous = app.get(&format!("{page}/export")).send().await;
        anonymous.expect(StatusCode::UNAUTHORIZED);
        let karen = app.member("Karen", Role::ReadOnly).await;
        let reader = app.service.identity().sign_in(&karen.email, PASSWORD, &request_meta()).await.unwrap();
        let fields = format!("document={}", utf8_percent_encode(&published().to_string(), NON_ALPHANUMERIC));
        let denied = app.form(&reader, "/dashboards/import", &fields).await.send().await;
        denied.expect(StatusCode::FORBIDDEN);
        assert_eq!(counts(&client).await, [json!(3), json!(3), json!(2)]);
    }
}
