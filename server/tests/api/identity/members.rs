//! The organization, its members, invitations and roles over HTTP.

use axum::http::{Method, StatusCode};
use domain::{
    identity::role::Role,
    platform::{id::Id, limits},
};
use serde_json::{Value, json};
use server::middleware::settings::EntrySettings;
use testbed::on_both;

use crate::{
    ask::Answer,
    support::{App, PASSWORD, START},
};

const MEMBER: &str = "/v2/organization/member";
const CATEGORIES: &str = "/v2/organization/custom-categories";

async fn call(app: &App, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    let ask = app
        .ask(Method::from_bytes(method.as_bytes()).unwrap(), path)
        .token(token);
    match body {
        Some(body) => ask.json(&body).send().await,
        None => ask.send().await,
    }
}

async fn list(app: &App, token: &str, query: &str) -> (Vec<String>, Value) {
    let answer = call(app, token, "GET", &format!("{MEMBER}?{query}"), None).await;
    answer.expect(StatusCode::OK);
    let body = answer.json();
    let emails = body["results"].as_array().unwrap().iter();
    (
        emails
            .map(|member| member["email"].as_str().unwrap().to_owned())
            .collect(),
        body["count"].clone(),
    )
}

fn emails(names: &[&str]) -> Vec<String> {
    names
        .iter()
        .map(|name| format!("{name}@example.com"))
        .collect()
}

on_both! {
    async fn the_organization_shows_what_clients_decode(database: Database) {
        let settings = EntrySettings { public_url: Some("https://countersign.example".to_owned()), ..EntrySettings::default() };
        let app = App::with(database, settings).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let id = app.service.identity().organization().await.unwrap().id;
        let answer = call(&app, &admin, "GET", "/v2/organization", None).await;
        answer.expect(StatusCode::OK);
        assert_eq!(answer.json(), json!({
            "id": id, "organizationName": "Analytical Engines", "accountType": "SELF_HOSTED", "accountStatus": "ACTIVE",
            "accountKey": id, "accountRenews": true, "accountValidUntil": 253_402_300_799_000_i64, "dpmLimit": 0,
            "tokensExpiringInSevenDays": [], "tokensExpiringInThirtyDays": ["Default"], "url": "https://countersign.example",
            "created": START.as_millis(), "creator": "AAAAAAAAAAA",
            "lastUpdated": START.as_millis(), "lastUpdatedBy": "AAAAAAAAAAA",
        }));
    }

    async fn without_a_public_url_the_organizations_url_is_the_request_host(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let answer = app.get("/v2/organization").token(&admin).header("host", b"lan:3000").send().await;
        assert_eq!(answer.json()["url"], "http://lan:3000");
    }

    async fn a_member_shows_what_clients_decode_and_may_be_sent_back(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let admin = app.session_token(&ada).await;
        let path = format!("{MEMBER}/{}", ada.id);
        let answer = call(&app, &admin, "GET", &path, None).await;
        answer.expect(StatusCode::OK);
        let member = answer.json();
        let (id, organization) = (json!(ada.id), json!(ada.organization_id));
        let mut shown = member.clone();
        let roles = shown.as_object_mut().unwrap().remove("roles").unwrap();
        assert_eq!(shown, json!({
            "id": id, "userId": id, "organizationId": organization, "email": "ada@example.com", "fullName": "Ada",
            "title": null, "phone": null, "admin": true,
            "created": START.as_millis(), "creator": "AAAAAAAAAAA",
            "lastUpdated": START.as_millis(), "lastUpdatedBy": "AAAAAAAAAAA",
        }));
        let role = call(&app, &admin, "GET", &format!("/v2/role/{}", roles[0]["id"].as_str().unwrap()), None).await;
        role.expect(StatusCode::OK);
        assert_eq!(roles, json!([role.json()]));
        assert_eq!((&roles[0]["title"], &roles[0]["immutable"]), (&json!("admin"), &json!(true)));
        assert_eq!(roles[0]["organizationId"], organization);

        app.clock.set(START.plus_seconds(5));
        let put = call(&app, &admin, "PUT", &path, Some(member.clone())).await;
        put.expect(StatusCode::OK);
        assert_eq!(put.json(), member, "sending back what was read changes nothing");
        let power = app.member("Grace", Role::Power).await;
        let path = format!("{MEMBER}/{}", power.id);
        let put = call(&app, &admin, "PUT", &path, Some(json!({"admin": true}))).await.json();
        assert_eq!((&put["admin"], put["roles"].as_array().unwrap().len()), (&json!(true), 2));
        assert_eq!((&put["lastUpdated"], &put["lastUpdatedBy"]), (&json!(START.plus_seconds(5).as_millis()), &id));
        call(&app, &admin, "PUT", &path, Some(json!({"admin": 1}))).await.expect(StatusCode::BAD_REQUEST);
        call(&app, &admin, "PUT", &path, Some(json!({"roles": ["emperor"]}))).await.expect(StatusCode::BAD_REQUEST);
        for id in [Id::from_bits(7), power.organization_id.0] {
            call(&app, &admin, "GET", &format!("{MEMBER}/{id}"), None).await.expect(StatusCode::NOT_FOUND);
            call(&app, &admin, "PUT", &format!("{MEMBER}/{id}"), Some(json!({"admin": true}))).await.expect(StatusCode::NOT_FOUND);
            call(&app, &admin, "DELETE", &format!("{MEMBER}/{id}"), None).await.expect(StatusCode::NOT_FOUND);
        }
        call(&app, &admin, "GET", &format!("{MEMBER}/unknown"), None).await.expect_error(StatusCode::BAD_REQUEST, "Invalid ID unknown");
    }

    async fn members_are_listed_with_the_queries_of_the_provider_and_scripts(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        for (second, name) in (1..).zip(["Grace", "Karen", "Graham"]) {
            app.clock.set(START.plus_seconds(second));
            app.member(name, Role::Power).await;
        }
        let provider = "limit=1000&orderBy=-sf_timestamp&query=email%3Agrace%40example.com";
        assert_eq!(list(&app, &admin, &format!("{provider}&offset=0")).await, (emails(&["grace"]), json!(1)));
        assert_eq!(list(&app, &admin, &format!("{provider}&offset=1000")).await, (Vec::new(), json!(1)));
        assert_eq!(list(&app, &admin, "query=(email:karen@example.com)").await.0, emails(&["karen"]));
        assert_eq!(list(&app, &admin, "query=(!sf_role:admin)&limit=1&offset=1").await, (emails(&["graham"]), json!(3)));
        assert_eq!(list(&app, &admin, "query=gra*+AND+!grace").await.0, emails(&["graham"]));
        assert_eq!(list(&app, &admin, "query=&order_by=-lastUpdated").await.0, emails(&["graham", "karen", "grace", "ada"]));
        assert_eq!(list(&app, &admin, "limit=x&offset=-1&orderBy=-shoe").await.1, 4);
        assert_eq!(list(&app, &admin, "query=shoe:42").await, (Vec::new(), json!(0)));
        call(&app, &admin, "GET", &format!("{MEMBER}?query=(a"), None).await.expect(StatusCode::BAD_REQUEST);
    }

    async fn an_invited_person_accepts_and_signs_in(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let given = json!({"email": "Grace@example.com", "fullName": "Grace <i>", "title": "Admiral", "phone": "1", "admin": true});
        let answer = app.post(MEMBER).token(&admin).header("host", b"lan:3000").json(&given).send().await;
        answer.expect(StatusCode::OK);
        let invited = answer.json();
        assert_eq!((&invited["email"], &invited["fullName"], &invited["title"]), (&json!("grace@example.com"), &json!("Grace <i>"), &json!("Admiral")));
        assert_eq!((&invited["phone"], &invited["admin"], &invited["roles"][0]["title"]), (&json!("1"), &json!(true), &json!("admin")));
        assert_eq!(list(&app, &admin, "").await.1, 1, "pending invitations are not counted as members");
        let link = invited["inviteUrl"].as_str().unwrap();
        let page = link.strip_prefix("http://lan:3000").unwrap();
        let claim = page.strip_prefix("/invitation?claim=").unwrap();

        let shown = app.get(page).send().await;
        shown.expect(StatusCode::OK);
        for text in ["Analytical Engines", "grace@example.com", "value=\"Grace &lt;i&gt;\"", "name=\"password\""] {
            assert!(shown.text().contains(text), "{text} in {}", shown.text());
        }
        let accept = |password: &str| {
            let form = format!("claim={claim}&name=Grace+Hopper&password={}", password.replace(' ', "+"));
            app.post("/ui/invitation/accept")
                .header("sec-fetch-site", b"same-origin")
                .header("accept", b"text/html")
                .header("content-type", b"application/x-www-form-urlencoded")
                .body(form)
                .send()
        };
        let refused = accept("short").await;
        assert_eq!((refused.status, refused.header("location")), (StatusCode::SEE_OTHER, page));
        let done = accept(PASSWORD).await;
        assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/signin"));
        assert!(app.get(page).send().await.text().contains("is no longer valid"));
        assert!(app.get("/invitation").send().await.text().contains("is no longer valid"));

        let token = app.sign_in("grace@example.com", PASSWORD).await.json();
        assert_eq!(token["userId"], invited["id"], "the id of the invitation is the member's");
        let grace = call(&app, &admin, "GET", &format!("{MEMBER}/{}", invited["id"].as_str().unwrap()), None).await.json();
        assert_eq!((&grace["fullName"], &grace["title"], &grace["admin"]), (&json!("Grace Hopper"), &json!("Admiral"), &json!(true)));
        let ada = app.service.identity().members().find_by_email("ada@example.com").await.unwrap();
        assert_eq!(grace["creator"], json!(ada.id));
        let again = call(&app, &admin, "POST", MEMBER, Some(json!({"email": "grace@example.com"}))).await;
        again.expect(StatusCode::BAD_REQUEST);

        let events = call(&app, &admin, "GET", "/v2/audit/events?sf_eventType=ORG_MEMBER", None).await;
        let principals: Vec<_> = events.json()["results"].as_array().unwrap().iter().map(|entry| entry["properties"]["sf_principal"].clone()).collect();
        assert_eq!(principals, ["Countersign", "ada@example.com", "grace@example.com"]);
        assert!(!events.text().contains(claim));
    }

    async fn several_people_are_invited_together_or_not_at_all(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let people = |names: &[&str]| names.iter().map(|name| json!({"email": format!("{name}@example.com")})).collect::<Vec<_>>();
        let given = json!({"members": people(&["a", "b"])});
        let answer = call(&app, &admin, "POST", "/v2/organization/members", Some(given)).await;
        answer.expect(StatusCode::OK);
        let invited = answer.json();
        let emails: Vec<_> = invited["members"].as_array().unwrap().iter().map(|one| one["email"].as_str().unwrap()).collect();
        assert_eq!(emails, ["a@example.com", "b@example.com"]);
        assert_ne!(invited["members"][0]["inviteUrl"], invited["members"][1]["inviteUrl"]);
        let nested = json!({"members": [people(&["c", "d"])]});
        call(&app, &admin, "POST", "/v2/organization/orgMembers", Some(nested)).await.expect(StatusCode::OK);

        for (given, status) in [
            (json!({"members": people(&["e", "ada"])}), StatusCode::BAD_REQUEST),
            (json!({"members": [{"email": "e@example.com"}, {"email": "unknown"}]}), StatusCode::BAD_REQUEST),
            (json!({"members": people(&["e", "e"])}), StatusCode::BAD_REQUEST),
            (json!({"members": people(&["e", "a"])}), StatusCode::TOO_MANY_REQUESTS),
            (json!({}), StatusCode::BAD_REQUEST),
        ] {
            call(&app, &admin, "POST", "/v2/organization/members", Some(given)).await.expect(status);
        }
        let given = json!({"email": "e@example.com"});
        call(&app, &admin, "POST", MEMBER, Some(given.clone())).await.expect(StatusCode::OK);
        let soon = call(&app, &admin, "POST", MEMBER, Some(given.clone())).await;
        soon.expect_error(
            StatusCode::TOO_MANY_REQUESTS,
            "Email e@example.com was already invited to this org recently; please wait before inviting them again.",
        );
        assert_eq!(soon.header("retry-after"), "60");
        app.clock.set(START.plus_seconds(limits::INVITATION_REPEAT_SECONDS));
        call(&app, &admin, "POST", MEMBER, Some(given)).await.expect(StatusCode::OK);
    }

    async fn a_removed_member_is_rejected_immediately_and_the_last_administrator_stays(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let grace = app.member("Grace", Role::Power).await;
        let (admin, token) = (app.session_token(&ada).await, app.session_token(&grace).await);
        let path = format!("{MEMBER}/{}", grace.id);
        let gone = call(&app, &admin, "DELETE", &path, None).await;
        gone.expect(StatusCode::NO_CONTENT);
        assert_eq!(gone.text(), "");
        app.get("/v2/session").token(&token).send().await.expect(StatusCode::UNAUTHORIZED);
        call(&app, &admin, "DELETE", &path, None).await.expect(StatusCode::NOT_FOUND);
        assert_eq!(list(&app, &admin, "").await, (emails(&["ada"]), json!(1)));

        let own = format!("{MEMBER}/{}", ada.id);
        call(&app, &admin, "DELETE", &own, None).await.expect(StatusCode::BAD_REQUEST);
        call(&app, &admin, "PUT", &own, Some(json!({"admin": false}))).await.expect(StatusCode::BAD_REQUEST);
        let dismissal = json!({"objectType": "OrgUser", "objectIds": [ada.id], "roleNames": ["admin"]});
        call(&app, &admin, "PATCH", "/v2/role/dismiss", Some(dismissal)).await.expect(StatusCode::BAD_REQUEST);
        let bob = app.member("Bob", Role::Power).await;
        call(&app, &admin, "PUT", &format!("{MEMBER}/{}", bob.id), Some(json!({"admin": true}))).await.expect(StatusCode::OK);
        call(&app, &admin, "DELETE", &own, None).await.expect(StatusCode::NO_CONTENT);
        app.get("/v2/session").token(&admin).send().await.expect(StatusCode::UNAUTHORIZED);
    }

    async fn a_granted_role_takes_effect_immediately(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let karen = app.member("Karen", Role::ReadOnly).await;
        let token = app.session_token(&karen).await;
        call(&app, &token, "GET", "/v2/role", None).await.expect(StatusCode::FORBIDDEN);
        let grant = |titles: &[&str]| Some(json!({"objectType": "OrgUser", "objectIds": [karen.id], "roleNames": titles}));
        let done = call(&app, &admin, "PATCH", "/v2/role/assign", grant(&["power"])).await;
        done.expect(StatusCode::OK);
        assert_eq!(done.json(), json!({}));
        let roles = call(&app, &token, "GET", "/v2/role", None).await;
        roles.expect(StatusCode::OK);
        let titles: Vec<_> = roles.json().as_array().unwrap().iter().map(|role| role["title"].clone()).collect();
        assert_eq!(titles, ["admin", "power", "usage", "read_only"]);
        call(&app, &admin, "PATCH", "/v2/role/dismiss", grant(&["power"])).await.expect(StatusCode::OK);
        call(&app, &token, "GET", "/v2/role", None).await.expect(StatusCode::FORBIDDEN);
        call(&app, &admin, "GET", "/v2/role/AAAAAAAAAAE", None).await.expect(StatusCode::NOT_FOUND);

        let org_token = app.org_token("ci", Role::ReadOnly).await;
        let id = app.service.tokens().org().find(&app.system().await, "ci").await.unwrap().token.id;
        call(&app, &org_token, "GET", "/v2/role", None).await.expect(StatusCode::FORBIDDEN);
        let grant = json!({"objectType": "NamedToken", "objectIds": [id], "roleNames": ["power"]});
        call(&app, &admin, "PATCH", "/v2/role/assign", Some(grant)).await.expect(StatusCode::OK);
        call(&app, &org_token, "GET", "/v2/role", None).await.expect(StatusCode::OK);
        for (kind, ids, titles) in [
            ("NamedToken", json!([id]), json!(["admin"])), ("OrgUser", json!([id]), json!(["power"])),
            ("OrgUser", json!([karen.id]), json!(["emperor"])), ("Team", json!([karen.id]), json!(["power"])),
        ] {
            let grant = json!({"objectType": kind, "objectIds": ids, "roleNames": titles});
            call(&app, &admin, "PATCH", "/v2/role/assign", Some(grant)).await.expect(StatusCode::BAD_REQUEST);
        }
    }

    async fn custom_categories_are_replaced_and_rejected_with_the_contracts_messages(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let power = app.session_token(&app.member("Grace", Role::Power).await).await;
        let categories = json!([{"name": "web", "alias": "front", "description": "pages"}, {"name": "db"}]);
        let stored = call(&app, &admin, "PATCH", CATEGORIES, Some(categories.clone())).await;
        stored.expect(StatusCode::OK);
        assert_eq!(stored.json(), categories);
        assert_eq!(call(&app, &power, "GET", CATEGORIES, None).await.json(), categories);
        let many: Vec<_> = (0..11).map(|number| json!({"name": number.to_string()})).collect();
        for (given, message) in [
            (json!(many), "Only up to 10 custom categories allowed"),
            (json!([{"name": "a\u{7}"}]), "Invalid custom category property"),
            (json!([{"alias": "a"}]), "Invalid custom category item"),
            (json!([{"name": "a"}, {"name": "a"}]), "Repeated custom category item a"),
        ] {
            call(&app, &admin, "PATCH", CATEGORIES, Some(given)).await.expect_error(StatusCode::BAD_REQUEST, message);
        }
        for body in ["", "null", "{}", "[", "\"web\""] {
            app.ask(Method::PATCH, CATEGORIES).token(&admin).body(body).send().await.expect(StatusCode::BAD_REQUEST);
        }
        let org_token = app.org_token("ci", Role::Power).await;
        for token in [&power, &org_token] {
            let refused = app.ask(Method::PATCH, CATEGORIES).token(token).body("[").send().await;
            refused.expect_error(StatusCode::FORBIDDEN, "Unauthorized request to update org settings");
        }
        assert_eq!(call(&app, &admin, "GET", CATEGORIES, None).await.json(), categories);
        assert_eq!(call(&app, &admin, "PATCH", CATEGORIES, Some(json!([]))).await.json(), json!([]));
    }
}
