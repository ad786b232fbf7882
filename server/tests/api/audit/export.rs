//! `/v2/audit/export`: who may call it, what its lines are, and what an org token for it may not do.

use std::io::Read as _;

use axum::http::StatusCode;
use domain::identity::role::Role;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use testbed::on_both;

use crate::{
    ask::Answer,
    support::{App, START},
};

fn lines(answer: &Answer) -> Vec<Value> {
    answer.expect(StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let text = answer.text();
    assert!(text.ends_with('\n'));
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().unwrap()
}

impl App {
    async fn export(&self, token: &str, query: &str) -> Answer {
        self.get(&format!("/v2/audit/export?{query}"))
            .token(token)
            .send()
            .await
    }
}

on_both! {
    async fn an_org_token_for_it_exports_and_continues(database: Database) {
        let app = App::start(database).await;
        let token = app.org_token_for("siem", &["AUDIT"], Role::Power).await;
        let first = lines(&app.export(&token, "").await);
        let last = first.last().unwrap();
        assert_eq!((&last["record"], &last["complete"]), (&json!("cursor"), &json!(true)));
        assert!(first[..first.len() - 1].iter().all(|line| line["record"] == "act"));
        let cursor = last["cursor"].as_str().unwrap();
        app.member("Grace", Role::Power).await;
        let next = lines(&app.export(&token, &format!("cursor={cursor}&sf_resourceType=member")).await);
        assert_eq!((next.len(), &next[0]["object"]["name"]), (2, &json!("Grace")));
        assert_eq!(next[0]["number"].as_i64().unwrap(), cursor.parse::<i64>().unwrap() + 2, "the first export is an event");
        app.service.audit().make_checkpoints().await.unwrap();
        let calls = lines(&app.export(&token, "kind=calls").await);
        assert_eq!((&calls[0]["record"], &calls[0]["route"], &calls[0]["token"]["name"]), (&json!("call"), &json!("/v2/audit/export"), &json!("siem")));
    }

    async fn an_export_is_compressed(database: Database) {
        let app = App::start(database).await;
        let token = app.org_token_for("siem", &["AUDIT"], Role::Power).await;
        let answer = app.get("/v2/audit/export?endTime=1798034709124").token(&token).header("accept-encoding", b"gzip").send().await;
        answer.expect(StatusCode::OK);
        assert_eq!((answer.header("content-encoding"), answer.header("vary")), ("gzip", "accept-encoding"));
        let mut text = String::new();
        GzDecoder::new(&answer.body[..]).read_to_string(&mut text).unwrap();
        let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        assert_eq!(last["complete"], true);
    }

    async fn each_parameter_has_its_effect(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        app.clock.set(START.plus_seconds(60));
        let token = app.session_token(&ada).await;
        let chart = json!({"name": "CPU", "options": {"type": "Text"}});
        let made = app.post("/v2/chart").token(&token).json(&chart).send().await.json();
        app.post("/v2/team").token(&token).json(&json!({"name": "Core"})).send().await.expect(StatusCode::OK);
        let all = lines(&app.export(&token, "").await);
        let session = all.iter().find_map(|line| line["token"]["id"].as_str()).unwrap();
        let request = all.iter().find(|line| line["object"]["name"] == "CPU").unwrap()["request"]["id"].as_str().unwrap();
        let start = START.plus_seconds(30).as_millis();
        let is = |field: &'static [&'static str], expected: String| move |line: &Value| {
            field.iter().fold(line, |value, name| &value[*name]).as_str() == Some(expected.as_str())
        };
        type Holds<'h> = Box<dyn Fn(&Value) -> bool + 'h>;
        let cases: Vec<(String, Holds<'_>)> = vec![
            ("cursor=3".to_owned(), Box::new(|line| line["number"].as_i64() > Some(3))),
            (format!("startTime={start}"), Box::new(|line| line["at"].as_str() > Some("2026-12-23T14:05:30"))),
            (format!("endTime={start}"), Box::new(|line| line["at"].as_str() < Some("2026-12-23T14:05:30"))),
            (format!("sf_actorId={}", ada.id), Box::new(is(&["actor", "id"], ada.id.to_string()))),
            (format!("sf_tokenId={session}"), Box::new(is(&["token", "id"], session.to_owned()))),
            ("sf_clientIp=203.0.113.7".to_owned(), Box::new(is(&["request", "address"], "203.0.113.7".to_owned()))),
            ("sf_resourceType=team".to_owned(), Box::new(is(&["object", "type"], "team".to_owned()))),
            (format!("sf_resourceId={}", made["id"].as_str().unwrap()), Box::new(is(&["object", "name"], "CPU".to_owned()))),
            ("action=issue".to_owned(), Box::new(is(&["action"], "issue".to_owned()))),
            ("outcome=denied".to_owned(), Box::new(is(&["outcome"], "denied".to_owned()))),
            (format!("requestId={request}"), Box::new(is(&["request", "id"], request.to_owned()))),
        ];
        let grace = app.member("Grace", Role::ReadOnly).await;
        let graces = app.session_token(&grace).await;
        app.post("/v2/team").token(&graces).json(&json!({"name": "Mine"})).send().await.expect(StatusCode::FORBIDDEN);
        let before = lines(&app.export(&token, "").await);
        let last = before.last().unwrap()["cursor"].as_str().unwrap().parse::<i64>().unwrap();
        for (query, holds) in cases {
            let found = lines(&app.export(&token, &query).await);
            let is_old = |line: &&Value| line["number"].as_i64().is_some_and(|number| number <= last);
            let expected: Vec<_> = before.iter().filter(is_old).filter(|line| holds(line)).collect();
            let found: Vec<_> = found.iter().filter(is_old).collect();
            assert!(!expected.is_empty() && expected.len() < before.len() - 1, "{query}: {expected:?}");
            assert_eq!(found, expected, "{query}");
        }
    }

    async fn a_parameter_that_cannot_be_used_is_named(database: Database) {
        let app = App::start(database).await;
        let token = app.org_token_for("siem", &["AUDIT"], Role::Power).await;
        for (query, named) in [
            ("kind=people", "kind"),
            ("cursor=x", "cursor"),
            ("kind=calls&cursor=7", "cursor"),
            ("startTime=yesterday", "startTime"),
            ("sf_actorId=Ada", "sf_actorId"),
            ("sf_tokenID=AAAAAAAAAAc", "sf_tokenID"),
            ("kind=calls&action=update", "action"),
            ("outcome=eaten", "outcome"),
        ] {
            let answer = app.export(&token, query).await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().contains(named), "{query}: {}", answer.message());
        }
    }

    async fn an_org_token_for_it_sends_no_data_and_has_no_other_scope(database: Database) {
        let app = App::start(database).await;
        let token = app.org_token_for("siem", &["AUDIT"], Role::Power).await;
        let data = json!({"gauge": [{"metric": "cpu", "value": 1}]});
        app.post("/v2/datapoint").token(&token).json(&data).send().await.expect(StatusCode::UNAUTHORIZED);
        app.get("/v2/session").token(&token).send().await.expect(StatusCode::UNAUTHORIZED);
        let ada = app.member("Ada", Role::Admin).await;
        let admins = app.session_token(&ada).await;
        for scopes in [json!(["AUDIT", "API"]), json!(["INGEST", "AUDIT"]), json!(["RUM", "AUDIT"])] {
            let given = json!({"name": "more", "authScopes": scopes});
            app.post("/v2/token").token(&admins).json(&given).send().await.expect(StatusCode::BAD_REQUEST);
        }
        let api = app.org_token("ci", Role::Power).await;
        app.export(&api, "").await.expect(StatusCode::FORBIDDEN);
        lines(&app.export(&admins, "").await);
    }

    async fn entries_are_listed_by_cursor_in_both_directions(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        for number in 0..5 {
            app.clock.set(START.plus_seconds(number / 2));
            app.member(&format!("Member{number}"), Role::Power).await;
        }
        app.clock.set(START.plus_seconds(60));
        let all = app.get("/v2/audit/events?sf_resourceType=member").token(&token).send().await.json();
        let ids = |page: &Value| -> Vec<String> {
            page["results"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
        };
        let expected = ids(&all);
        assert!(expected.len() >= 6 && all.get("cursor").is_none(), "{all}");
        for order in ["timestamp", "-timestamp"] {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let path = format!("/v2/audit/events?sf_resourceType=member&limit=2&sortBy={order}&cursor={cursor}");
                let page = app.get(&path).token(&token).send().await.json();
                let some = ids(&page);
                if some.is_empty() {
                    assert_eq!(page["cursor"], json!(cursor), "an empty page keeps its cursor");
                    break;
                }
                page["cursor"].as_str().unwrap().clone_into(&mut cursor);
                found.extend(some);
            }
            if order.starts_with('-') {
                found.reverse();
            }
            assert_eq!(found, expected, "{order}");
        }
        for query in ["cursor=x", "cursor=1.2&offset=3", "cursor=1.2&sortBy=sf_eventType"] {
            app.get(&format!("/v2/audit/events?{query}")).token(&token).send().await.expect(StatusCode::BAD_REQUEST);
        }
    }

    async fn the_call_log_has_the_filters_of_those_who_read_it(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        app.get(&format!("/v2/audit/events?sf_actorId={}&limit=3&access_token={token}&x=1", ada.id)).token(&token).send().await;
        app.service.audit().make_checkpoints().await.unwrap();
        let calls = lines(&app.export(&token, "kind=calls").await);
        let read = calls.iter().find(|line| line["route"] == "/v2/audit/events").unwrap();
        assert_eq!(read["request"]["path"], json!(format!("/v2/audit/events?sf_actorId={}&limit=3", ada.id)));
    }
}
