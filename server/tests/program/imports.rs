//! Importing from another organization: a second server of ours is the source.

mod source;

use std::{fs, path::Path};

use serde_json::{Value, json};
use testbed::Database;

use self::source::{Made, Source, all, call, make_ada, make_person, on, only, sign_in};
use crate::support::{Server, said};

/// The objects of the target, read by its server, and the number of its audit events.
fn target(folder: &Path, database: &Database) -> (Vec<(&'static str, Vec<Value>)>, usize) {
    let server = Server::started(on(folder, database, &["serve", "--listen", "127.0.0.1:0"]));
    let token = sign_in(&server);
    let objects = all(&server, &token);
    assert!(server.stop().success());
    let changes =
        "SELECT object_id FROM audit_event WHERE action IN ('create', 'update', 'delete')";
    let mut count = 0;
    testbed::run(async { count = database.texts(changes).await.len() });
    (objects, count)
}

fn check_copies(source: &Made, objects: &[(&str, Vec<Value>)]) {
    let find = |collection: &str| only(objects, collection);
    let (team, detector, group) = (find("team"), find("detector"), find("dashboardgroup"));
    let (chart, dashboard, slack) = (find("chart"), find("dashboard"), find("integration"));
    assert_eq!(
        (&slack["name"], &slack["enabled"]),
        (&json!("chat"), &json!(false))
    );
    let ada = team["members"][0].clone();
    assert_eq!(team["members"], json!([ada]));
    let to_chat = json!({"type": "Slack", "credentialId": slack["id"], "channel": "alerts"});
    assert_eq!(team["notificationLists"]["critical"], json!([to_chat]));
    assert_eq!(
        (&team["detectors"], &team["dashboardGroups"]),
        (&json!([detector["id"]]), &json!([group["id"]]))
    );
    let notifications = json!([to_chat, {"type": "Team", "team": team["id"]}, {"type": "Email", "email": "o@example.com"}]);
    assert_eq!(detector["rules"][0]["notifications"], notifications);
    assert_eq!(
        group["authorizedWriters"],
        json!({"users": [ada], "teams": [team["id"]]})
    );
    assert_eq!(group["dashboards"], json!([dashboard["id"]]));
    assert_eq!(
        (&dashboard["groupId"], &dashboard["charts"][0]["chartId"]),
        (&group["id"], &chart["id"])
    );
    assert_eq!(chart["relatedDetectorIds"], json!([detector["id"]]));
    let program = format!(
        "alerts(detector_id='{}').publish()",
        detector["id"].as_str().unwrap()
    );
    assert_eq!(chart["programText"], program);
    let muting = find("alertmuting");
    assert_eq!(muting["filters"][0]["propertyValue"], detector["id"]);
    let link = find("crosslink");
    assert_eq!(
        (&link["contextId"], &link["targets"][0]["dashboardId"]),
        (&dashboard["id"], &dashboard["id"])
    );
    assert_eq!(find("slo")["name"], "up");
    for (original, copy, fields) in [
        (&source.team, &team, &["name", "description"][..]),
        (
            &source.detector,
            &detector,
            &["name", "tags", "programText", "timezone", "description"],
        ),
        (&source.group, &group, &["name", "description"]),
        (
            &source.chart,
            &chart,
            &["name", "options", "description", "tags"],
        ),
        (
            &source.dashboard,
            &dashboard,
            &["name", "filters", "chartDensity", "description", "tags"],
        ),
    ] {
        assert_ne!(original["id"], copy["id"]);
        assert_eq!(copy["creator"], "AAAAAAAAAAA");
        for field in fields {
            assert_eq!(original[field], copy[field], "{field}");
        }
    }
}

fn check_import(database: &Database) {
    let source = Source::start();
    let made = source.fill();
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let import = || {
        let imported = source.import(folder, database);
        assert!(imported.status.success(), "{}", said(&imported));
        said(&imported)
    };
    make_ada(folder, database);
    let first = import();
    for line in [
        "teams: 1 created, 0 updated, 0 unchanged, 0 skipped, 0 failed",
        "integrations: 1 created, 0 updated, 0 unchanged, 1 skipped, 0 failed",
        "dashboards: 1 created, 0 updated, 0 unchanged, 0 skipped, 0 failed",
        "\"pager\": skipped, it needs its secret",
        "\"SRE\": left out a member: bob@example.com has no account here",
        "its Opsgenie integration",
    ] {
        assert!(first.contains(line), "{line} is not in {first}");
    }
    let (objects, events) = target(folder, database);
    check_copies(&made, &objects);

    let second = import();
    assert!(
        !second.contains("1 created") && !second.contains("1 updated"),
        "{second}"
    );
    assert_eq!(target(folder, database), (objects.clone(), events));

    // What changes at the source arrives, what is new is created, and the rest stays.
    let mut detector = made.detector.clone();
    detector["name"] = json!("Latency of the shop");
    source.call(
        "PUT",
        &format!("/v2/detector/{}", detector["id"].as_str().unwrap()),
        &detector,
    );
    source.call(
        "POST",
        "/v2/chart",
        &json!({"name": "New", "options": {"type": "Text"}}),
    );
    let third = import();
    assert!(
        third.contains("detectors: 0 created, 1 updated, 0 unchanged"),
        "{third}"
    );
    assert!(
        third.contains("charts: 1 created, 0 updated, 1 unchanged"),
        "{third}"
    );
    let (changed, later) = target(folder, database);
    assert_eq!(only(&changed, "detector")["name"], "Latency of the shop");
    assert_eq!(
        only(&changed, "detector")["id"],
        only(&objects, "detector")["id"]
    );
    assert_eq!(only(&changed, "dashboard"), only(&objects, "dashboard"));
    assert_eq!(later, events + 2);

    let wrong = folder.join("wrong");
    fs::write(&wrong, "not a token").unwrap();
    let rejected = source.import_with(folder, database, &wrong);
    assert_eq!(rejected.status.code(), Some(1));
    assert!(
        said(&rejected).contains("the source rejects the token (401"),
        "{}",
        said(&rejected)
    );
    testbed::run(async {
        let stored = database.dump().await;
        assert!(!stored.contains(&source.token) && !stored.contains("hunter2"));
    });
    assert!(source.server.stop().success());
}

/// What lacks a person is completed once the person has an account, except what was changed here.
fn check_person_who_comes_later(database: &Database) {
    let source = Source::start();
    let made = source.fill();
    let chart = json!({"name": "Salaries", "programText": "data('a').publish()", "options": {"type": "List"}});
    let chart = source.call("POST", "/v2/chart", &chart);
    let place = json!({"chartId": chart["id"], "row": 0, "column": 0, "width": 6, "height": 2});
    let bob = source.member("bob@example.com");
    let only_bob =
        json!([{"principalType": "USER", "principalId": bob, "actions": ["READ", "WRITE"]}]);
    let dashboard = json!({"name": "Of Bob", "groupId": made.group["id"], "charts": [place],
        "permissions": {"acl": only_bob, "parent": null}});
    source.call("POST", "/v2/dashboard", &dashboard);
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    make_ada(folder, database);

    let first = source.import(folder, database);
    assert_eq!(first.status.code(), Some(1));
    for line in [
        "\"Of Bob\": failed, none of the people and teams in its permissions",
        "\"Salaries\": failed, its dashboard is not here; without it, it would be open to all",
    ] {
        assert!(
            said(&first).contains(line),
            "{line} is not in {}",
            said(&first)
        );
    }
    let named = |objects: &[(&str, Vec<Value>)], collection: &str, name: &str| {
        let (_, found) = objects.iter().find(|(of, _)| *of == collection).unwrap();
        found.iter().find(|object| object["name"] == name).cloned()
    };
    let (objects, _) = target(folder, database);
    assert_eq!(named(&objects, "chart", "Salaries"), None);
    assert_eq!(named(&objects, "dashboard", "Of Bob"), None);

    let server = Server::started(on(folder, database, &["serve", "--listen", "127.0.0.1:0"]));
    let token = sign_in(&server);
    let mut team = only(&objects, "team");
    team["description"] = json!("as we write it here");
    let path = format!("/v2/team/{}", team["id"].as_str().unwrap());
    call(&server, &token, "PUT", &path, &team);
    assert!(server.stop().success());
    make_person(folder, database, "bob@example.com", "power");

    let second = source.import(folder, database);
    assert!(second.status.success(), "{}", said(&second));
    let kept = "\"SRE\": skipped, it was changed here, and not at the source";
    assert!(said(&second).contains(kept), "{}", said(&second));
    let (objects, _) = target(folder, database);
    let team = only(&objects, "team");
    assert_eq!(team["description"], "as we write it here");
    assert_eq!(team["members"].as_array().map(Vec::len), Some(1));
    // Ada, who is no writer of the dashboard, sees it as an administrator.
    let dashboard = named(&objects, "dashboard", "Of Bob").unwrap();
    let chart = named(&objects, "chart", "Salaries").unwrap();
    assert_eq!(dashboard["charts"][0]["chartId"], chart["id"]);
    assert_eq!(
        dashboard["permissions"]["acl"].as_array().map(Vec::len),
        Some(1)
    );
    assert!(source.server.stop().success());
}

#[test]
fn a_person_who_comes_later_completes_an_import_into_sqlite() {
    check_person_who_comes_later(&testbed::sqlite());
}

#[test]
fn a_person_who_comes_later_completes_an_import_into_postgres() {
    let mut database = None;
    testbed::run(async { database = Some(testbed::postgres().await) });
    check_person_who_comes_later(&database.unwrap());
}

#[test]
fn an_organization_is_imported_into_sqlite_and_the_import_can_be_repeated() {
    check_import(&testbed::sqlite());
}

#[test]
fn an_organization_is_imported_into_postgres_and_the_import_can_be_repeated() {
    let mut database = None;
    testbed::run(async { database = Some(testbed::postgres().await) });
    check_import(&database.unwrap());
}
