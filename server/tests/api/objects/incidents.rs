//! The incident routes, which always list nothing, and the legacy audit query `/v2/event/find`.

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::support::{App, PASSWORD, START};

async fn find(app: &App, token: &str, query: &str) -> Vec<Value> {
    let answer = app
        .get(&format!("/v2/event/find?{query}"))
        .token(token)
        .send()
        .await;
    answer.expect(StatusCode::OK);
    answer.json().as_array().unwrap().clone()
}

on_both! {
    async fn incident_lists_are_empty_and_clearing_finds_nothing(database: Database) {
        let app = App::start(database).await;
        let power = app.session_token(&app.member("Grace", Role::Power).await).await;
        let reader = app.session_token(&app.member("Karen", Role::ReadOnly).await).await;
        for query in ["", "?includeResolved=true&limit=10&query=&offset=0", "?offset=0&include_resolved=false"] {
            let answer = app.get(&format!("/v2/incident{query}")).token(&reader).send().await;
            answer.expect(StatusCode::OK);
            assert_eq!(answer.json(), json!([]));
        }
        app.get("/v2/incident/EvKe0GnAcAA").token(&reader).send().await.expect(StatusCode::NOT_FOUND);
        app.get("/v2/incident/x").token(&reader).send().await.expect_error(StatusCode::BAD_REQUEST, "Invalid ID x");
        let clear = |path: &str, token: &str| app.ask(Method::PUT, path).token(token);
        clear("/v2/incident/EvKe0GnAcAA/clear", &power).send().await.expect(StatusCode::NOT_FOUND);
        clear("/v2/incident/EvKe0GnAcAA/clear", &reader).send().await.expect(StatusCode::FORBIDDEN);
        let filters = json!({"filters": [{"property": "sf_severity", "propertyValue": ["Critical"], "NOT": false}]});
        clear("/v2/incident/clear", &power).json(&filters).send().await.expect(StatusCode::CREATED);
        clear("/v2/incident/clear", &reader).json(&filters).send().await.expect(StatusCode::FORBIDDEN);
        for body in [json!({}), json!({"filters": []}), json!({"filters": [{"property": "x"}]})] {
            clear("/v2/incident/clear", &power).json(&body).send().await.expect(StatusCode::BAD_REQUEST);
        }
    }

    async fn the_legacy_query_returns_the_same_events(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        app.clock.set(START.plus_seconds(10));
        app.sign_in("ada@example.com", "not the right password").await.expect(StatusCode::UNAUTHORIZED);
        let found = find(&app, &admin, "query=sf_eventType:SessionLog").await;
        assert_eq!(found.len(), 2);
        let newer = app.get("/v2/audit/events?sf_eventType=SessionLog").token(&admin).send().await.json();
        for (older, newer) in found.iter().zip(newer["results"].as_array().unwrap()) {
            let mut older = older.clone();
            let older = older.as_object_mut().unwrap();
            assert_eq!(older.remove("sf_eventCategory").unwrap(), "AUDIT");
            assert_eq!(older.remove("sf_eventType").unwrap(), "SessionLog");
            assert_eq!(older.remove("sf_eventCreatedOnMs").unwrap(), newer["timestamp"]);
            assert_eq!(json!(older), *newer);
        }
        let count = async |query: &str| find(&app, &admin, query).await.len();
        assert_eq!(count("query=sf_eventType:SessionLog+AND+action:%22session+refused%22").await, 1);
        assert_eq!(count("query=(sf_eventCategory:AUDIT+!sf_eventType:HttpRequest)&start_time=-5000").await, 1);
        assert_eq!(count("query=sf_eventType:SessionLog&end_time=-5000").await, 1);
        assert_eq!(count(&format!("query=sf_eventType:SessionLog&start_time={}", START.plus_seconds(10).as_millis())).await, 1);
        assert_eq!(count("query=sf_eventType:ORG_MEMBER+sf_operation:CREATE").await, 1);
        assert_eq!(count("query=sf_responseStatus:401").await, 0, "a call with an unknown credential is not attributed");
        assert_eq!(count("query=nonsense").await, 0);
        assert_eq!(count("query=sf_eventType:SessionLog&limit=1").await, 1);
        assert_eq!(count("query=sf_eventType:SessionLog&limit=1&offset=2").await, 0);
        assert_eq!(count("query=*&limit=99999").await, count("query=*").await);
        let latest = find(&app, &admin, "query=sf_eventType:SessionLog&order_by=-timestamp").await;
        assert_eq!(latest[0], found[1]);
        assert_eq!(find(&app, &admin, "query=sf_eventType:SessionLog&order_by=shoe").await, found);

        app.post("/v2/password/update").token(&admin).json(&json!({"oldPassword": PASSWORD, "newPassword": "short"})).send().await.expect(StatusCode::BAD_REQUEST);
        assert_eq!(count("query=sf_responseStatus:400+sf_email:ada*").await, 1);
        assert_eq!(count("query=sf_requestUri:%22%2Fv2%2Faudit%2Fevents%22").await, 0);
        assert_eq!(count("query=sf_requestMethod:GET+sf_requestUri:%2Fv2%2Faudit%2Fevents*").await, 1, "with its filters");
    }

    async fn the_legacy_query_requires_a_valid_filter(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        for query in ["", "?query=", "?limit=1"] {
            app.get(&format!("/v2/event/find{query}")).token(&admin).send().await
                .expect_error(StatusCode::NOT_ACCEPTABLE, "At least one filtration clause must be specified.");
        }
        for query in ["query=(a", "query=a&start_time=x", "query=a&start_time=5&end_time=4", "query=a&offset=10001"] {
            app.get(&format!("/v2/event/find?{query}")).token(&admin).send().await.expect(StatusCode::BAD_REQUEST);
        }
        for (name, role) in [("Grace", Role::Power), ("Uma", Role::Usage), ("Karen", Role::ReadOnly)] {
            let token = app.session_token(&app.member(name, role).await).await;
            assert_eq!(find(&app, &token, "query=*").await, [Value::Null; 0], "only administrators read the audit log");
        }
        let org_token = app.org_token("ci", Role::Power).await;
        assert_eq!(find(&app, &org_token, "query=sf_eventType:SessionLog").await, [Value::Null; 0]);
    }
}
