//! Tests of reading and writing packages.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::*;
use crate::platform::{id::Id, rejection::Rejected};

/// A package as the web interface of the hosted service exports it.
fn exported() -> Value {
    json!({
        "chartExports": [{"chart": {"autoDetectMetadataId": null, "created": 0, "creator": null, "customProperties": null,
            "description": "", "id": "CHARTaaAgAA", "lastUpdated": 0, "lastUpdatedBy": null, "name": "CPU",
            "options": {"type": "TimeSeriesChart"}, "packageSpecifications": "", "programText": "data('cpu').publish()",
            "relatedDetectorIds": [], "tags": null}}],
        "crossLinkExports": [],
        "dashboardExport": {"dashboard": {"chartDensity": "DEFAULT",
            "charts": [{"chartId": "CHARTaaAgAA", "column": 0, "height": 1, "row": 0, "width": 4},
                {"chartId": "CHARTaaAgAA", "column": 4, "height": 1, "row": 0, "width": 4}],
            "created": 0, "creator": null, "customProperties": null, "description": "", "eventOverlays": null,
            "filters": {"sources": null, "time": null, "variables": []}, "groupId": "GROUPaaAgAA", "id": "DASHaaaAgAA",
            "locked": false, "maxDelayOverride": null, "name": "Hosts", "permissions": {"acl": [], "parent": "GROUPaaAgAA"},
            "tags": null}},
        "hashCode": -1_049_424_212, "id": "DASHaaaAgAA", "modelVersion": 1, "packageType": "DASHBOARD",
    })
}

fn read(package: &Value, expected: PackageType) -> Result<Package, Rejected> {
    Package::read(package.as_object().unwrap(), expected)
}

#[test]
fn a_package_of_the_hosted_service_becomes_requests() {
    let package = read(&exported(), PackageType::Dashboard).unwrap();
    let [dashboard] = &package.dashboards[..] else {
        panic!("{package:?}")
    };
    assert_eq!(dashboard.charts.len(), 1);
    let ids = HashMap::from([("CHARTaaAgAA", Id::from_bits(7))]);
    let request = dashboard.request(&ids, Some(Id::from_bits(8)));
    assert_eq!(request["charts"][1]["chartId"], json!(Id::from_bits(7)));
    assert_eq!(request["groupId"], json!(Id::from_bits(8)));
    assert_eq!(
        (request.get("permissions"), request.get("id")),
        (None, None)
    );
}

#[test]
fn what_is_wrong_is_rejected_with_its_place() {
    let check = |change: fn(&mut Value), place: &str| {
        let mut package = exported();
        change(&mut package);
        let rejected = read(&package, PackageType::Dashboard).unwrap_err();
        assert_eq!(rejected.field, place);
        assert!(rejected.message.starts_with(place), "{}", rejected.message);
    };
    check(
        |package| package["packageType"] = json!("GROUP"),
        "packageType",
    );
    check(
        |package| package["chartExports"] = json!({}),
        "chartExports",
    );
    check(
        |package| package["chartExports"][0] = json!({}),
        "chartExports[0].chart",
    );
    check(
        |package| package["chartExports"][0]["chart"]["options"] = Value::Null,
        "chartExports[0].chart.options",
    );
    check(
        |package| package["chartExports"] = json!([]),
        "dashboardExport.dashboard.charts[0].chartId",
    );
    check(
        |package| package["dashboardExport"]["dashboard"]["charts"][0]["row"] = json!(100),
        "dashboardExport.dashboard.charts[0].row",
    );
    check(
        |package| package["dashboardExport"] = Value::Null,
        "dashboardExport.dashboard",
    );
}

#[test]
fn what_is_written_is_read_without_people() {
    let found = exported();
    let mut dashboard = found["dashboardExport"]["dashboard"]
        .as_object()
        .unwrap()
        .clone();
    dashboard.insert("authorizedWriters".to_owned(), json!({"users": ["x"]}));
    let chart = found["chartExports"][0]["chart"]
        .as_object()
        .unwrap()
        .clone();
    let package = dashboard_package(dashboard.clone(), vec![chart.clone()]);
    assert_eq!(
        package["dashboardExport"]["dashboard"].get("authorizedWriters"),
        None
    );
    let again = read(&Value::Object(package), PackageType::Dashboard).unwrap();
    let before = read(&found, PackageType::Dashboard).unwrap();
    assert_eq!(again.dashboards[0].charts, before.dashboards[0].charts);
    let group = json!({"name": "All", "id": "GROUPaaAgAA", "dashboards": ["DASHaaaAgAA"],
        "dashboardConfigs": [{"configId": "x", "dashboardId": "DASHaaaAgAA", "nameOverride": "n"},
            {"dashboardId": "MIRRORaAgAA"}]});
    let package = group_package(
        group.as_object().unwrap().clone(),
        vec![dashboard],
        vec![chart],
    );
    let again = read(&Value::Object(package), PackageType::Group).unwrap();
    let ids = HashMap::from([("DASHaaaAgAA", Id::from_bits(9))]);
    let entries = group_entries(&again.group.unwrap(), &ids);
    let expected =
        json!([{"configId": null, "dashboardId": Id::from_bits(9), "nameOverride": "n"}]);
    assert_eq!(entries["dashboardConfigs"], expected);
}

#[test]
fn a_package_that_would_become_too_much_or_has_items_of_another_type_is_rejected() {
    let check = |package: &Value, expected, place: &str| {
        assert_eq!(read(package, expected).unwrap_err().field, place);
    };
    let mut of_numbers = exported();
    of_numbers["chartExports"][0]["chart"]["id"] = json!("");
    check(
        &of_numbers,
        PackageType::Dashboard,
        "chartExports[0].chart.id",
    );
    let mut of_numbers = exported();
    of_numbers["dashboardExport"]["dashboard"]["charts"] = json!([5]);
    let place = "dashboardExport.dashboard.charts[0]";
    check(&of_numbers, PackageType::Dashboard, place);

    let chart = |bytes| json!({"chart": {"id": "c", "name": "n", "programText": "x".repeat(bytes), "options": {"type": "Text"}}});
    let dashboard = json!({"dashboard": {"id": "d", "name": "n", "charts": [{"chartId": "c", "row": 0, "column": 0, "width": 1, "height": 1}]}});
    let group = |bytes, dashboards: usize| {
        json!({"groupExport": {"group": {"name": "g"}}, "chartExports": [chart(bytes)],
            "dashboardExports": vec![dashboard.clone(); dashboards]})
    };
    assert!(read(&group(1_000, 500), PackageType::Group).is_ok());
    check(&group(1_000, 501), PackageType::Group, "dashboardExports");
    check(&group(100_000, 50), PackageType::Group, "chartExports");
    let mut of_numbers = group(1, 1);
    of_numbers["groupExport"]["group"]["dashboardConfigs"] = json!([5]);
    let place = "groupExport.group.dashboardConfigs[0]";
    check(&of_numbers, PackageType::Group, place);
}
