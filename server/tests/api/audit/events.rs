//! `/v2/audit/events`: the audit log for permitted callers (docs/contract.md#audit-events and docs/contract.md#info).

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::support::{App, PASSWORD, START};

impl App {
    /// The entries that `GET /v2/audit/events` returns to this token for this query.
    pub(crate) async fn audit_events(&self, token: &str, query: &str) -> Vec<Value> {
        let answer = self
            .get(&format!("/v2/audit/events?{query}"))
            .token(token)
            .send()
            .await;
        answer.expect(StatusCode::OK);
        let body = answer.json();
        let results = body["results"].as_array().unwrap().clone();
        assert_eq!(body["count"], results.len(), "{query}");
        results
    }
}

fn kinds(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .map(|entry| entry["metadata"]["sf_eventType"].as_str().unwrap())
        .collect()
}

on_both! {
    async fn a_call_is_listed_with_its_user_and_token(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let body = json!({"oldPassword": PASSWORD, "newPassword": "a completely new one"});
        let answer = app.post("/v2/password/update").token(&token).header("user-agent", b"curl/8.5.0").json(&body).send().await;
        answer.expect(StatusCode::OK);
        let calls = app.audit_events(&token, "sf_eventType=HttpRequest&sf_requestUri=/v2/password/update").await;
        let id = app.get("/v2/session").token(&token).send().await.json()["id"].clone();
        let organization = app.service.identity().organization().await.unwrap().id.to_string();
        let request_id = answer.header("x-request-id");
        assert_eq!(calls, [json!({
            "id": request_id, "tsId": request_id, "timestamp": START.as_millis(),
            "metadata": {"sf_eventCategory": "AUDIT", "sf_eventType": "HttpRequest"},
            "properties": {
                "sf_requestMethod": "POST", "sf_requestUri": "/v2/password/update", "sf_responseStatus": 200,
                "sf_actorType": "USER", "sf_actorId": ada.id.to_string(), "sf_userId": ada.id.to_string(),
                "sf_email": "ada@example.com", "sf_organizationId": organization,
                "sf_tokenId": id, "sf_tokenType": "API_SESSION", "sf_sessionId": id,
                "sf_clientIp": "203.0.113.7", "sf_userAgent": "curl/8.5.0",
                "sf_resourceType": "member", "sf_resourceId": ada.id.to_string(), "sf_resourceName": "Ada",
            },
        })]);
        assert!(!calls[0].to_string().contains("completely new"));
    }

    async fn rejected_calls_are_listed_and_reads_only_on_request(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let org_token = app.org_token("ci", Role::Power).await;
        app.post("/v2/password/update").token(&org_token).send().await.expect(StatusCode::FORBIDDEN);
        app.get("/v2/session").token(&org_token).send().await.expect(StatusCode::OK);
        let calls = app.audit_events(&token, "sf_actorType=ORG_TOKEN").await;
        let [refused] = &calls[..] else { panic!("{calls:?}") };
        let properties = &refused["properties"];
        assert_eq!((&properties["sf_responseStatus"], &properties["sf_tokenName"]), (&json!(403), &json!("ci")));
        assert_eq!((&properties["sf_tokenType"], properties.get("sf_userId")), (&json!("ORG"), None));
        assert_eq!(app.audit_events(&token, "sf_responseStatus=403").await, calls);
        let reads = app.audit_events(&token, "sf_requestMethod=GET&sf_actorType=ORG_TOKEN").await;
        assert_eq!(reads[0]["properties"]["sf_requestUri"], "/v2/session");
    }

    async fn sign_ins_and_changes_are_listed_in_their_own_categories(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        app.sign_in("ada@example.com", "not the right password").await.expect(StatusCode::UNAUTHORIZED);
        let sessions = app.audit_events(&token, "sf_eventType=SessionLog").await;
        let actions: Vec<_> = sessions.iter().map(|entry| entry["properties"]["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["session created", "session refused"]);
        assert_eq!(sessions[0]["properties"]["email"], "ada@example.com");
        let changes = app.audit_events(&token, "sf_eventCategory=CUSTOMER_AUDIT").await;
        assert_eq!(kinds(&changes), ["ORGANIZATION", "ORG_TOKEN", "ORG_MEMBER"]);
        let member = &changes[2]["properties"];
        assert_eq!((&member["sf_operation"], &member["sf_resourceName"]), (&json!("CREATE"), &json!("Ada")));
        assert_eq!(member["sf_resourceId"], ada.id.to_string());
        assert_eq!(member["sf_principal"], "Countersign");
    }

    async fn a_page_contains_the_calls_of_its_events_and_reads_no_rows_beyond_them(database: Database) {
        let app = App::start(database).await;
        let token = app.session_token(&app.member("Ada", Role::Admin).await).await;
        app.post("/v2/team").token(&token).json(&json!({"name": "before", "members": []})).send().await.expect(StatusCode::OK);
        app.clock.set(START.plus_seconds(1));
        let mut detector = json!({
            "name": "latency", "programText": "detect(when(data('latency') > 1)).publish('slow')",
            "rules": [{"detectLabel": "slow", "severity": "Critical"}],
        });
        let made = app.post("/v2/detector").token(&token).json(&detector).send().await.json();
        let id = made["id"].as_str().unwrap();
        for number in 2..=5 {
            app.clock.set(START.plus_seconds(number));
            detector["name"] = json!(format!("latency {number}"));
            app.ask(Method::PUT, &format!("/v2/detector/{id}")).token(&token).json(&detector).send().await.expect(StatusCode::OK);
        }
        for (order, at, beyond) in [("timestamp", 1, '>'), ("-timestamp", 5, '<')] {
            // A page of two entries reads at most the next two timestamps. Reading further hits corrupt rows and fails.
            let middle = START.plus_seconds(3).as_micros();
            app.tamper(&format!("UPDATE audit_event SET outcome = 'x' || outcome WHERE at {beyond} {middle}")).await;
            app.tamper(&format!("UPDATE call_block SET calls = 'x' || calls WHERE writes AND first_at {beyond} {middle}")).await;
            let page = app.audit_events(&token, &format!("sf_resourceId={id}&limit=2&sortBy={order}")).await;
            let mut listed = kinds(&page);
            listed.sort_unstable();
            assert_eq!(listed, ["DETECTOR", "HttpRequest"]);
            assert!(page.iter().all(|entry| entry["timestamp"] == START.plus_seconds(at).as_millis()), "{page:?}");
            app.tamper("UPDATE audit_event SET outcome = substr(outcome, 2) WHERE outcome LIKE 'x%'").await;
            app.tamper("UPDATE call_block SET calls = substr(calls, 2) WHERE calls LIKE 'x%'").await;
        }
    }

    async fn events_with_equal_timestamps_are_listed_with_their_own_calls(database: Database) {
        let app = App::start(database).await;
        let token = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let mut ids = Vec::new();
        for name in ["one", "another", "a third"] {
            let team = app.post("/v2/team").token(&token).json(&json!({"name": name, "members": []})).send().await.json();
            ids.push(team["id"].as_str().unwrap().to_owned());
        }
        for id in ids {
            let entries = app.audit_events(&token, &format!("sf_resourceId={id}")).await;
            let mut kinds = kinds(&entries);
            kinds.sort_unstable();
            assert_eq!(kinds, ["HttpRequest", "TEAM"], "{entries:?}");
        }
    }

    async fn the_audit_log_is_read_page_by_page_in_every_order(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        for second in 1..=5 {
            app.clock.set(START.plus_seconds(second));
            app.post("/v2/password/update").token(&token).send().await.expect(StatusCode::BAD_REQUEST);
        }
        let whole = app.audit_events(&token, "").await;
        let mut paged = Vec::new();
        for offset in (0..whole.len()).step_by(3) {
            paged.extend(app.audit_events(&token, &format!("offset={offset}&limit=3")).await);
        }
        assert_eq!(paged, whole);
        let mut reversed = app.audit_events(&token, "sortBy=-timestamp").await;
        reversed.reverse();
        assert_eq!(reversed, whole);
        let by_type = app.audit_events(&token, "sortBy=sf_eventType").await;
        assert!(kinds(&by_type).is_sorted(), "{:?}", kinds(&by_type));
        let at = START.plus_seconds(2).as_millis();
        let one = app.audit_events(&token, &format!("startTime={at}&endTime={}", at + 1)).await;
        assert_eq!(kinds(&one), ["HttpRequest"]);
        assert_eq!(app.audit_events(&token, "offset=9000").await, [Value::Null; 0]);
    }

    async fn an_invalid_audit_query_is_a_400(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        for query in [
            "startTime=5&endTime=5", "startTime=6&endTime=5", "startTime=yesterday", "limit=10001", "limit=5000&offset=5001",
            "sortBy=size", "sf_eventCategory=OTHER", "x=%00",
        ] {
            let answer = app.get(&format!("/v2/audit/events?{query}")).token(&token).send().await;
            answer.expect(StatusCode::BAD_REQUEST);
        }
        for query in ["limit=x", "limit=-1", "offset=-1", "endTime=", "startTime=-99999999999999999", "unknown=%ff"] {
            app.audit_events(&token, query).await;
        }
    }

    async fn only_administrators_read_the_audit_log(database: Database) {
        let app = App::start(database).await;
        for (name, role) in [("Grace", Role::Power), ("Uma", Role::Usage), ("Karen", Role::ReadOnly)] {
            let token = app.session_token(&app.member(name, role).await).await;
            app.get("/v2/audit/events").token(&token).send().await.expect_error(
                StatusCode::FORBIDDEN,
                "Access denied: User does not have READ_AUDIT_EVENTS capability",
            );
        }
        let org_token = app.org_token("ci", Role::Power).await;
        app.get("/v2/audit/events").token(&org_token).send().await.expect(StatusCode::FORBIDDEN);
    }
}
