//! Dashboards, groups, charts, detectors and teams as real clients use them: the exact statuses of
//! docs/contract.md#statuses, requests recorded from the Go client, and responses that change nothing when sent back.

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::{ask::Answer, support::App};

/// A server and a member who calls it with a token.
pub(crate) struct Client {
    pub(crate) app: App,
    pub(crate) token: String,
    pub(crate) user_id: String,
}

impl Client {
    pub(crate) async fn of(database: testbed::Database, role: Role) -> Self {
        Self::in_app(App::start(database).await, role).await
    }

    pub(crate) async fn in_app(app: App, role: Role) -> Self {
        let member = app.member("Ada", role).await;
        Self {
            token: app.session_token(&member).await,
            user_id: member.id.to_string(),
            app,
        }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.call_with(&self.token, method, path, body).await
    }

    pub(crate) async fn call_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let ask = self.app.ask(method, path).token(token);
        match body {
            Some(body) => ask.json(body).send().await,
            None => ask.send().await,
        }
    }

    /// Calls and expects 200 with a body.
    pub(crate) async fn done(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self.call(method, path, body).await;
        answer.expect(StatusCode::OK);
        answer.json()
    }

    /// Calls and expects this status without a body.
    pub(crate) async fn empty(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        status: StatusCode,
    ) {
        let answer = self.call(method, path, body).await;
        answer.expect(status);
        assert!(answer.body.is_empty(), "{method} {path}: {}", answer.text());
    }

    /// Sends back what was read and asserts that nothing changes, including the time of the last update.
    pub(crate) async fn round_trip(&self, path: &str) {
        let read = self.done("GET", path, None).await;
        self.app.clock.set(self.app.clock.now().plus_seconds(1));
        assert_eq!(self.done("PUT", path, Some(&read)).await, read, "{path}");
        assert_eq!(self.done("GET", path, None).await, read, "{path}");
    }
}

pub(crate) fn wire(text: &str) -> (String, String, Value) {
    let recorded: Value = serde_json::from_str(text).unwrap();
    let text = |field: &str| recorded[field].as_str().unwrap().to_owned();
    (text("method"), text("path"), recorded["body"].clone())
}

pub(crate) fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

/// Whether a response has every member the Go client's own tests decode, with the same type.
pub(crate) fn check_shape(answer: &Value, fixture: &str, may_be_absent: &[&str]) {
    let fixture: Value = serde_json::from_str(fixture).unwrap();
    for (field, example) in fixture.as_object().unwrap() {
        let Some(value) = answer.get(field) else {
            assert!(
                may_be_absent.contains(&field.as_str()),
                "{field} is missing in {answer}"
            );
            continue;
        };
        let same_type = std::mem::discriminant(value) == std::mem::discriminant(example);
        let any = field == "customProperties";
        assert!(same_type || value.is_null() || any, "{field} is {value}");
    }
}

on_both! {
    async fn the_go_clients_recorded_dashboard_lifecycle_works(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let chart = client.done("POST", "/v2/chart", Some(&json!({"name": "cpu", "options": {"type": "TimeSeriesChart", "x": {"y": null}}}))).await;
        assert_eq!(chart["options"], json!({"type": "TimeSeriesChart", "x": {"y": null}}));
        let group = client.done("POST", "/v2/dashboardgroup?empty=true", Some(&json!({"name": "G"}))).await;

        let (method, path, mut body) = wire(include_str!("../../fixtures/wire/07_dashboard_create.json"));
        body["groupId"] = group["id"].clone();
        body["charts"][0]["chartId"] = chart["id"].clone();
        let made = client.done(&method, &path, Some(&body)).await;
        for field in ["charts", "chartDensity", "description", "filters", "groupId", "name"] {
            assert_eq!(made[field], body[field], "{field}");
        }
        assert_eq!(made["authorizedWriters"], json!({"users": [], "teams": []}));
        assert_eq!(made["permissions"], json!({"acl": [], "parent": group["id"]}));
        assert_eq!((&made["locked"], &made["customProperties"]), (&json!(false), &Value::Null));
        assert_eq!((&made["creator"], &made["lastUpdated"]), (&json!(client.user_id), &made["created"]));
        check_shape(&made, include_str!("../../fixtures/signalfx-go/dashboard.json"), &[]);

        let (method, _, mut body) = wire(include_str!("../../fixtures/wire/08_dashboard_update_inherit.json"));
        body["groupId"] = group["id"].clone();
        body["permissions"]["parent"] = group["id"].clone();
        body["charts"][0]["chartId"] = chart["id"].clone();
        let path = format!("/v2/dashboard/{}", id(&made));
        assert_eq!(client.done(&method, &path, Some(&body)).await, made, "the provider's update changes nothing");
        client.round_trip(&path).await;
        client.round_trip(&format!("/v2/chart/{}", id(&chart))).await;
        client.round_trip(&format!("/v2/dashboardgroup/{}", id(&group))).await;

        let (method, ..) = wire(include_str!("../../fixtures/wire/09_dashboard_delete.json"));
        client.empty(&method, &path, None, StatusCode::OK).await;
        client.call("GET", &path, None).await.expect(StatusCode::NOT_FOUND);
        client.empty("DELETE", &format!("/v2/dashboardgroup/{}", id(&group)), None, StatusCode::NO_CONTENT).await;
        client.empty("DELETE", &format!("/v2/chart/{}", id(&chart)), None, StatusCode::OK).await;
    }

    async fn dashboard_groups_match_the_contract(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let group = client.done("POST", "/v2/dashboardgroup", Some(&json!({"name": "Checkout"}))).await;
        assert_eq!(group["dashboards"][0], group["dashboardConfigs"][0]["dashboardId"]);
        assert_eq!(group["dashboardConfigs"][0]["filtersOverride"], Value::Null);
        assert_eq!((&group["description"], &group["teams"], &group["importQualifiers"]), (&json!(""), &json!([]), &json!([])));
        assert_eq!(group["permissions"]["parent"], Value::Null);
        assert_eq!(group["permissions"]["acl"][0]["principalType"], "ORG");
        let none = client.done("GET", "/v2/dashboardgroup?limit=50&offset=0&excludeCustom=true", None).await;
        assert_eq!(none, json!({"count": 0, "results": []}));
        let listed = client.done("GET", "/v2/dashboardgroup?name=CHECK&limit=1", None).await;
        assert_eq!(listed, json!({"count": 1, "results": [group]}));
        let clone_path = format!("/v2/dashboardgroup/{}/dashboard", id(&group));
        let copy = client.done("POST", &clone_path, Some(&json!({"sourceDashboard": group["dashboards"][0]}))).await;
        assert_eq!(copy.as_object().unwrap().len(), 1);
        client.done("GET", &format!("/v2/dashboard/{}", id(&copy)), None).await;
        client.empty("POST", "/v2/dashboardgroup/validate?validationMode=FULL", Some(&json!({"name": "G"})), StatusCode::NO_CONTENT).await;
        client.round_trip(&format!("/v2/dashboardgroup/{}", id(&group))).await;
    }

    async fn validating_stores_nothing(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let in_unknown_group = json!({"name": "D", "groupId": "AAAAAAAAAAE"});
        client.empty("POST", "/v2/dashboard/validate?validationMode=TERRAFORM", Some(&in_unknown_group), StatusCode::NO_CONTENT).await;
        let refused = client.call("POST", "/v2/dashboard/validate?validationMode=FULL", Some(&in_unknown_group)).await;
        refused.expect_error(StatusCode::BAD_REQUEST, "groupId: there is no dashboard group AAAAAAAAAAE");
        client.call("POST", "/v2/dashboard/validate?validationMode=HALF", Some(&json!({"name": "D"}))).await.expect(StatusCode::BAD_REQUEST);
        client.empty("POST", "/v2/chart/validate", Some(&json!({"name": "c", "options": {"type": "List"}})), StatusCode::NO_CONTENT).await;
        client.call("POST", "/v2/chart/validate", Some(&json!({"name": "c"}))).await.expect(StatusCode::BAD_REQUEST);
        for kind in ["dashboard", "chart", "dashboardgroup"] {
            assert_eq!(client.done("GET", &format!("/v2/{kind}"), None).await["count"], 0);
        }
    }

    async fn a_simple_dashboard_is_returned_with_its_charts(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let body = json!([{"name": "cpu", "programText": "data('cpu').publish('A')"}]);
        let made = client.done("POST", "/v2/dashboard/simple?name=Simple", Some(&body)).await;
        assert_eq!(made["name"], "Simple");
        assert_eq!(made["charts"][0]["programText"], "data('cpu').publish('A')");
        client.call("POST", "/v2/dashboard/simple", Some(&json!({}))).await.expect(StatusCode::BAD_REQUEST);
        let text = json!([{"name": "notes", "options": {"type": "Text", "markdown": "*"}}, {"chartId": made["charts"][0]["id"]}]);
        client.call("POST", "/v2/dashboard/simple", Some(&text)).await.expect(StatusCode::BAD_REQUEST);
        let made = client.done("POST", "/v2/dashboard/simple", Some(&json!([text[0], body[0]]))).await;
        let placed = &made["charts"][1];
        assert_eq!((&placed["chartId"], &placed["column"], &placed["row"]), (&placed["id"], &json!(4), &json!(0)));
        let path = format!("/v2/dashboard/{}", id(&made));
        let read = client.done("GET", &path, None).await;
        assert_eq!(client.done("PUT", &path, Some(&made)).await, read, "the response is accepted and changes nothing");
    }

    async fn the_go_clients_recorded_detector_lifecycle_works(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let team = client.done("POST", "/v2/team", Some(&json!({"name": "SRE"}))).await;
        let (method, path, mut body) = wire(include_str!("../../fixtures/wire/04_detector_create.json"));
        client.call(&method, &path, Some(&body)).await.expect(StatusCode::BAD_REQUEST);
        body["teams"] = json!([team["id"]]);
        let made = client.done(&method, &path, Some(&body)).await;
        for field in ["name", "programText", "description", "tags", "teams", "maxDelay", "minDelay", "timezone", "visualizationOptions", "detectorOrigin", "authorizedWriters"] {
            assert_eq!(made[field], body[field], "{field}");
        }
        assert_eq!(made["rules"][0]["notifications"], body["rules"][0]["notifications"]);
        assert_eq!((&made["rules"][0]["disabled"], &made["status"]), (&json!(false), &json!("ACTIVE")));
        assert!(made.get("permissions").is_none());
        check_shape(&made, include_str!("../../fixtures/signalfx-go/detector.json"), &["parentDetectorId"]);
        let path = format!("/v2/detector/{}", id(&made));
        client.round_trip(&path).await;

        let (method, validate, body) = wire(include_str!("../../fixtures/wire/05_detector_validate.json"));
        client.empty(&method, &validate, Some(&body), StatusCode::NO_CONTENT).await;
        let (method, _, labels) = wire(include_str!("../../fixtures/wire/06_detector_disable.json"));
        client.empty(&method, &format!("{path}/disable"), Some(&labels), StatusCode::NO_CONTENT).await;
        assert_eq!(client.done("GET", &path, None).await["rules"][0]["disabled"], true);
        for nothing in [json!([]), Value::Null] {
            client.empty("PUT", &format!("{path}/enable"), Some(&nothing), StatusCode::NO_CONTENT).await;
        }
        let unknown = client.call("PUT", &format!("{path}/enable"), Some(&json!(["cold"]))).await;
        unknown.expect_error(StatusCode::BAD_REQUEST, "Label not found in detector: cold");
        for list in ["events?from=0&to=0&offset=0&limit=10", "incidents?offset=0&limit=10"] {
            assert_eq!(client.done("GET", &format!("{path}/{list}"), None).await, json!([]));
        }
        let linked = client.done("GET", &format!("/v2/team/{}", id(&team)), None).await;
        assert_eq!(linked["detectors"], json!([made["id"]]));
        let found = client.done("GET", "/v2/detector?limit=100&name=&offset=0&tags=prod&orderBy=-description", None).await;
        assert_eq!(found["count"], 1);
        client.empty("DELETE", &path, None, StatusCode::NO_CONTENT).await;
    }

    async fn the_go_clients_recorded_team_lifecycle_works(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let (method, path, mut body) = wire(include_str!("../../fixtures/wire/02_team_create.json"));
        client.call(&method, &path, Some(&body)).await.expect(StatusCode::BAD_REQUEST);
        body["members"] = json!([client.user_id]);
        let made = client.done(&method, &path, Some(&body)).await;
        for field in ["name", "description", "members", "notificationLists"] {
            assert_eq!(made[field], body[field], "{field}");
        }
        check_shape(&made, include_str!("../../fixtures/signalfx-go/team.json"), &[]);
        client.call("POST", "/v2/team", Some(&json!({"name": "sre ON-CALL"}))).await.expect(StatusCode::BAD_REQUEST);
        let path = format!("/v2/team/{}", id(&made));
        client.round_trip(&path).await;

        let group = client.done("POST", "/v2/dashboardgroup?empty=true", Some(&json!({"name": "G"}))).await;
        let link = format!("{path}/dashboardgroup/{}", id(&group));
        client.empty("POST", &link, None, StatusCode::NO_CONTENT).await;
        client.empty("POST", &link, None, StatusCode::NO_CONTENT).await;
        let linked = client.done("GET", &format!("/v2/dashboardgroup/{}", id(&group)), None).await;
        assert_eq!((&linked["teams"], &linked["lastUpdated"]), (&json!([made["id"]]), &group["lastUpdated"]));
        let found = client.done("GET", &format!("/v2/dashboardgroup?teamId={}", id(&made)), None).await;
        assert_eq!(found["count"], 1);

        let (method, _, body) = wire(include_str!("../../fixtures/wire/03_team_update_cleared.json"));
        let cleared = client.done(&method, &path, Some(&body)).await;
        assert_eq!((&cleared["members"], &cleared["notificationLists"]), (&json!([]), &json!({})));
        assert_eq!(cleared["dashboardGroups"], json!([group["id"]]), "an update does not change links");
        client.empty("DELETE", &link, None, StatusCode::NO_CONTENT).await;
        client.empty("POST", &link, None, StatusCode::NO_CONTENT).await;
        client.empty("DELETE", &path, None, StatusCode::NO_CONTENT).await;
        let left = client.done("GET", &format!("/v2/dashboardgroup/{}", id(&group)), None).await;
        assert_eq!(left["teams"], json!([]));
    }

    async fn members_join_and_leave_a_team_themselves_and_administrators_manage_others(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let app = &client.app;
        let (grace, reader) = (app.member("Grace", Role::Power).await, app.member("Karen", Role::ReadOnly).await);
        let (grace_token, reader_token) = (app.session_token(&grace).await, app.session_token(&reader).await);
        let org_token = app.org_token("ci", Role::Power).await;
        let team = client.done("POST", "/v2/team", Some(&json!({"name": "SRE"}))).await;
        let member = |user: &str| format!("/v2/team/{}/member/{user}", id(&team));
        let (of_grace, of_reader, of_ada) = (member(&grace.id.to_string()), member(&reader.id.to_string()), member(&client.user_id));

        let check = async |token: &str, method: &str, path: &str, status: StatusCode| {
            client.call_with(token, method, path, None).await.expect(status);
        };
        check(&grace_token, "PUT", &of_grace, StatusCode::NO_CONTENT).await;
        check(&grace_token, "PUT", &of_grace, StatusCode::NO_CONTENT).await;
        check(&grace_token, "PUT", &of_ada, StatusCode::FORBIDDEN).await;
        check(&reader_token, "PUT", &of_reader, StatusCode::FORBIDDEN).await;
        check(&org_token, "PUT", &of_grace, StatusCode::FORBIDDEN).await;
        check(&client.token, "PUT", &of_reader, StatusCode::NO_CONTENT).await;
        check(&client.token, "PUT", &member("AAAAAAAAAAE"), StatusCode::BAD_REQUEST).await;
        check(&client.token, "PUT", &member("short"), StatusCode::BAD_REQUEST).await;
        check(&reader_token, "DELETE", &of_grace, StatusCode::FORBIDDEN).await;
        check(&reader_token, "DELETE", &of_reader, StatusCode::NO_CONTENT).await;

        let members = format!("/v2/team/{}/members", id(&team));
        let both = json!({"members": [grace.id, client.user_id]});
        client.call_with(&grace_token, "PUT", &members, Some(&both)).await.expect(StatusCode::FORBIDDEN);
        client.empty("PUT", &members, Some(&both), StatusCode::NO_CONTENT).await;
        client.call_with(&grace_token, "DELETE", &members, Some(&json!({"members": [grace.id]}))).await.expect(StatusCode::NO_CONTENT);
        let now = client.done("GET", &format!("/v2/team/{}", id(&team)), None).await;
        assert_eq!(now["members"], json!([client.user_id]));
        assert_eq!(now["lastUpdatedBy"], json!(grace.id));
    }

    async fn errors_are_checked_in_the_order_of_the_contract(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let app = &client.app;
        let grace = app.member("Grace", Role::Power).await;
        let other = app.session_token(&grace).await;
        let protected = json!({"name": "D", "authorizedWriters": {"users": [client.user_id]}});
        let dashboard = client.done("POST", "/v2/dashboard", Some(&protected)).await;
        let path = format!("/v2/dashboard/{}", id(&dashboard));
        let broken = json!({"chartDensity": "MANY"});
        client.call("PUT", "/v2/dashboard/short", Some(&broken)).await.expect_error(StatusCode::BAD_REQUEST, "Invalid ID short");
        client.call("PUT", "/v2/dashboard/AAAAAAAAAAE", Some(&broken)).await.expect(StatusCode::NOT_FOUND);
        client.call_with(&other, "PUT", &path, Some(&broken)).await.expect_error(StatusCode::FORBIDDEN, "Unauthorized update.");
        client.call("PUT", &path, Some(&broken)).await.expect(StatusCode::BAD_REQUEST);
        let by_id = client.call("GET", "/v2/dashboard?chartId=short", None).await;
        by_id.expect_error(StatusCode::BAD_REQUEST, "Invalid ID short");
        assert_eq!(client.done("GET", &path, None).await, dashboard);
    }

    async fn malformed_documents_never_cause_a_server_error(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let malformed = [json!(1), json!("x"), json!([1]), json!({"a": 1}), json!(true), json!("x".repeat(2_000))];
        let fields: [(&str, Value, &[&str]); 5] = [
            ("dashboard", json!({"name": "n"}), &["name", "groupId", "charts", "chartDensity", "filters", "eventOverlays", "maxDelayOverride", "tags", "authorizedWriters", "permissions"]),
            ("dashboardgroup", json!({"name": "n"}), &["name", "teams", "dashboards", "dashboardConfigs", "importQualifiers", "authorizedWriters", "permissions"]),
            ("chart", json!({"name": "n", "options": {"type": "List"}}), &["name", "options", "tags", "relatedDetectorIds"]),
            ("detector", json!({"name": "n", "programText": "A.publish('x')", "rules": []}), &["name", "rules", "maxDelay", "tags", "teams", "authorizedWriters", "visualizationOptions"]),
            ("team", json!({"name": "n"}), &["name", "members", "notificationLists"]),
        ];
        for (kind, valid, names) in fields {
            for name in names {
                for value in &malformed {
                    let mut body = valid.clone();
                    body[*name] = value.clone();
                    let answer = client.call("POST", &format!("/v2/{kind}"), Some(&body)).await;
                    let is_expected = answer.status == StatusCode::OK || answer.status == StatusCode::BAD_REQUEST;
                    assert!(is_expected, "{kind} {body}: {answer:?}");
                }
            }
        }
    }
}
