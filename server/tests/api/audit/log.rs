//! The audit log: denied operations, filters on the contract's properties (docs/contract.md#audit-events and
//! docs/contract.md#info), and export.

use axum::http::{Method, StatusCode};
use domain::{
    audit::{
        event::{Action, ObjectType},
        query::{AuditFilter, OutcomeFilter, PageDirection},
    },
    identity::role::Role,
};
use serde_json::json;
use testbed::on_both;

use crate::support::{App, PASSWORD, START, request_meta};

on_both! {
    async fn a_denied_write_is_an_audit_event_and_no_change(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let karen = app.session_token(&app.member("Karen", Role::ReadOnly).await).await;
        app.post("/v2/team").token(&karen).json(&json!({"name": "Mine"})).send().await.expect(StatusCode::FORBIDDEN);
        app.get("/v2/integration").token(&karen).send().await;
        let auditor = app.browser(&ada).await;
        let denied = AuditFilter { outcome: Some(OutcomeFilter::Denied), ..AuditFilter::default() };
        let page = app.service.audit().list_events(&auditor, &denied, PageDirection::NEWEST, 9).await.unwrap();
        let events: Vec<_> = page.rows.into_iter().map(|recorded| recorded.event).collect();
        let [refused] = &events[..] else { panic!("{events:?}") };
        assert_eq!((refused.action, refused.object.kind, refused.by.actor_name.as_str()), (Action::Create, ObjectType::Team, "Karen"));
        assert_eq!((&*refused.by.request.method, refused.by.request.path.as_str()), ("POST", "/v2/team"));
        assert!(app.audit_events(&token, "sf_eventType=TEAM").await.is_empty(), "no team was changed");
        let calls = app.audit_events(&token, "sf_responseStatus=403&sf_requestMethod=POST").await;
        assert_eq!(calls[0]["properties"]["sf_email"], "karen@example.com");
    }

    async fn a_call_with_a_revoked_token_is_logged_with_its_owner(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let grace = app.member("Grace", Role::Power).await;
        let revoked = app.session_token(&grace).await;
        app.delete("/v2/session").token(&revoked).send().await.expect(StatusCode::NO_CONTENT);
        for text in [revoked.as_str(), "csu_nonsense"] {
            app.post("/v2/team").token(text).json(&json!({"name": "Mine"})).send().await.expect(StatusCode::UNAUTHORIZED);
        }
        let entries = app.audit_events(&token, "sf_responseStatus=401").await;
        let [refused] = &entries[..] else { panic!("{entries:?}") };
        let properties = &refused["properties"];
        assert_eq!((&properties["sf_email"], &properties["sf_requestUri"]), (&json!("grace@example.com"), &json!("/v2/team")));
        assert_eq!(properties["sf_tokenFingerprint"].as_str().map(str::len), Some(12));
        assert!(!refused.to_string().contains(&revoked));
    }

    async fn the_contracts_properties_work_as_filters(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let token = app.session_token(&ada).await;
        let grace = app.member("Grace", Role::Power).await;
        let graces = app.session_token(&grace).await;
        let made = app.post("/v2/dashboard").token(&graces).json(&json!({"name": "Latency"})).send().await;
        made.expect(StatusCode::OK);
        let made = made.json();
        let id = made["id"].as_str().unwrap();
        let permissions = json!({"acl": [{"principalId": grace.id.to_string(), "principalType": "USER", "actions": ["READ", "WRITE"]}], "parent": null});
        let mut changed = made.clone();
        changed["permissions"] = permissions;
        app.ask(Method::PUT, &format!("/v2/dashboard/{id}")).token(&graces).json(&changed).send().await.expect(StatusCode::OK);
        let count = async |query: &str| app.audit_events(&token, query).await.len();
        for (query, expected) in [
            (format!("sf_resourceId={id}&sf_eventType=DASHBOARD"), 2),
            (format!("sf_resourceId={id}&sf_eventType=DASHBOARD&sf_operation=CREATE"), 1),
            (format!("sf_resourceId={id}&sf_eventType=DASHBOARD&sf_permissionChange=true&sf_operation=UPDATE"), 1),
            (format!("sf_resourceId={id}&sf_eventType=HttpRequest"), 2),
            ("sf_resourceType=dashboard&sf_eventType=DASHBOARD&sf_resourceName=Latency".to_owned(), 2),
            (format!("sf_principal={}&sf_eventType=DASHBOARD", grace.email), 2),
            (format!("sf_userId={}&sf_eventType=HttpRequest&sf_requestMethod=PUT", grace.id), 1),
            (format!("sf_actorId={}&sf_eventType=DASHBOARD", ada.id), 0),
            ("sf_clientIp=203.0.113.7&sf_eventType=DASHBOARD".to_owned(), 2),
            ("sf_clientIp=192.0.2.1".to_owned(), 0),
        ] {
            assert_eq!(count(&query).await, expected, "{query}");
        }
        let session = app.get("/v2/session").token(&graces).send().await.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(count(&format!("sf_tokenId={session}&sf_eventType=DASHBOARD")).await, 2);
        assert_eq!(count(&format!("sf_sessionId={session}&sf_eventType=HttpRequest&sf_requestMethod=POST")).await, 1);
        assert_eq!(count(&format!("tokenId={session}&sf_eventType=SessionLog&action=session+created")).await, 1);
        let found = app.get("/v2/event/find?query=sf_eventType:DASHBOARD%20AND%20sf_operation:UPDATE").token(&token).send().await.json();
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
        assert_eq!(found[0]["sf_eventCategory"], "CUSTOMER_AUDIT");
    }

    async fn only_an_administrator_exports_the_audit_log(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let grace = app.member("Grace", Role::Power).await;
        app.clock.set(START.plus_seconds(1));
        let export = async |email: &str, query: &str| {
            let signed_in = app.service.identity().sign_in(email, PASSWORD, &request_meta()).await.unwrap();
            let cookie = format!("countersign_session={}", signed_in.cookie.reveal());
            app.clock.set(app.clock.now().plus_seconds(1));
            app.get(&format!("/audit/export?{query}")).header("cookie", cookie.as_bytes()).send().await
        };
        let csv = export(&ada.email, "format=csv&person=grace@example.com").await;
        csv.expect(StatusCode::OK);
        assert!(csv.header("content-disposition").starts_with("attachment; filename=\"countersign-events-"));
        assert_eq!((csv.header("content-type"), csv.header("cache-control")), ("text/csv; charset=utf-8; header=present", "no-store"));
        assert_eq!(csv.text().lines().count(), 1, "Grace has no audit events yet: {}", csv.text());
        let calls = export(&ada.email, "what=calls").await;
        assert_eq!((calls.header("content-type"), calls.text()), ("application/x-ndjson", String::new()));
        export(&grace.email, "").await.expect(StatusCode::FORBIDDEN);
        export(&ada.email, "format=xlsx").await.expect(StatusCode::BAD_REQUEST);
        export(&ada.email, "person=unknown@example.com").await.expect(StatusCode::BAD_REQUEST);
        app.get("/audit/export").send().await.expect(StatusCode::UNAUTHORIZED);
        let auditor = app.browser(&ada).await;
        let exports = AuditFilter { action: Some(Action::Export), ..AuditFilter::default() };
        let page = app.service.audit().list_events(&auditor, &exports, PageDirection::NEWEST, 9).await.unwrap();
        assert_eq!(page.rows.len(), 2);
    }

    async fn a_denied_form_is_an_audit_event(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let grace = app.member("Grace", Role::Power).await;
        let signed_in = app.service.identity().sign_in(&grace.email, PASSWORD, &request_meta()).await.unwrap();
        let answer = app.form(&signed_in, "/ui/member/roles", &format!("id={}&roles[]=power", ada.id)).await.send().await;
        answer.expect(StatusCode::SEE_OTHER);
        let auditor = app.browser(&ada).await;
        let denied = AuditFilter { outcome: Some(OutcomeFilter::Denied), ..AuditFilter::default() };
        let page = app.service.audit().list_events(&auditor, &denied, PageDirection::NEWEST, 9).await.unwrap();
        let [refused] = &page.rows[..] else { panic!("{page:?}") };
        let event = &refused.event;
        assert_eq!((event.action, event.object.kind, event.object.name.as_str()), (Action::Grant, ObjectType::Member, "Ada"));
        assert_eq!((event.by.actor_name.as_str(), event.by.request.path.as_str()), ("Grace", "/ui/member/roles"));
    }

    async fn a_page_that_denies_its_form_logs_an_audit_event(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let adas = app.session_token(&ada).await;
        let grace = app.member("Grace", Role::Power).await;
        let detector = json!({"name": "CPU", "programText": "detect(when(data('x') > 1)).publish('a')", "rules": [], "authorizedWriters": {"users": [ada.id.to_string()]}});
        let made = app.post("/v2/detector").token(&adas).json(&detector).send().await;
        made.expect(StatusCode::OK);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let signed_in = app.service.identity().sign_in(&grace.email, PASSWORD, &request_meta()).await.unwrap();
        let post = async |path: &str, form: String| app.form(&signed_in, path, &form).await.send().await;
        let page = format!("/detectors/{id}");
        post(&format!("{page}/edit"), "name=Mine".to_owned()).await.expect(StatusCode::FORBIDDEN);
        post(&format!("{page}/permissions"), "step=save".to_owned()).await.expect(StatusCode::FORBIDDEN);
        post("/ui/object/delete", format!("kind=detector&id={id}")).await.expect(StatusCode::SEE_OTHER);
        // Opening the form is not an operation and writes no event.
        post("/ui/object/form", format!("kind=detector&id={id}")).await;
        let auditor = app.browser(&ada).await;
        let denied = AuditFilter { outcome: Some(OutcomeFilter::Denied), ..AuditFilter::default() };
        let denials = app.service.audit().list_events(&auditor, &denied, PageDirection::NEWEST, 9).await.unwrap();
        let denials: Vec<_> = denials.rows.iter().map(|denial| (denial.event.action, denial.event.object.kind, denial.event.object.name.as_str())).collect();
        let of = |action| (action, ObjectType::Detector, "CPU");
        assert_eq!(denials, [of(Action::Delete), of(Action::Update), of(Action::Update)]);
    }
}
