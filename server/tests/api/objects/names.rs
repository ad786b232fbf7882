//! Names of every kind (docs/contract.md#names): which are rejected, kept and compared.

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use super::documents::{Client, id};
use crate::support::{PASSWORD, request_meta};

/// Names with characters that are invisible or reorder text.
const UNFIT: [&str; 6] = [
    "pay\u{200b}ments",
    "pay\u{202e}stnem",
    "\u{2067}payments",
    "pay\u{1b}[2Jments",
    "pay\nments",
    "\u{feff}payments",
];

/// The collections of objects that have a name, with a request for one of each.
fn requests() -> Vec<(&'static str, Value)> {
    let slo = json!({"type": "WindowsBased", "inputs": {"programText": "data('up').publish()"},
        "targets": [{"type": "RollingWindow", "slo": 99.5, "compliancePeriod": "30d"}]});
    let program = "data('up').publish('x')";
    vec![
        ("/v2/dashboard", json!({})),
        ("/v2/dashboardgroup", json!({})),
        ("/v2/chart", json!({"options": {"type": "Text"}})),
        ("/v2/detector", json!({"rules": [], "programText": program})),
        ("/v2/slo", slo),
        ("/v2/integration", json!({"type": "PagerDuty"})),
        ("/v2/team", json!({})),
        ("/v2/token", json!({})),
    ]
}

fn with_name(request: &Value, name: &str) -> Value {
    let mut request = request.clone();
    request["name"] = json!(name);
    request
}

async fn rejected(client: &Client, method: &str, path: &str, body: &Value) {
    let answer = client.call(method, path, Some(body)).await;
    answer.expect(StatusCode::BAD_REQUEST);
    let message = answer.message();
    assert!(
        message.contains("has the character U+"),
        "{path}: {message}"
    );
}

on_both! {
    async fn a_name_with_invisible_characters_is_rejected_for_every_kind(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        for (collection, request) in requests() {
            for name in UNFIT {
                rejected(&client, "POST", collection, &with_name(&request, name)).await;
            }
            let name = "می\u{200c}خواهم 👩\u{200d}💻";
            let made = client.done("POST", collection, Some(&with_name(&request, name))).await;
            assert_eq!(made["name"], name);
            if collection != "/v2/token" {
                let path = format!("{collection}/{}", id(&made));
                rejected(&client, "PUT", &path, &with_name(&request, UNFIT[0])).await;
            }
        }
        let invited = json!({"email": "grace@example.com", "fullName": UNFIT[1]});
        client.call("POST", "/v2/organization/member", Some(&invited)).await.expect(StatusCode::BAD_REQUEST);
        let categories = json!([{"name": UNFIT[0]}]);
        let path = "/v2/organization/custom-categories";
        client.call("PATCH", path, Some(&categories)).await.expect(StatusCode::BAD_REQUEST);
    }

    async fn a_name_stored_before_the_rule_is_read_and_sent_back(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        for (collection, request) in requests().into_iter().filter(|it| it.0 != "/v2/token") {
            let made = client.done("POST", collection, Some(&with_name(&request, "plain"))).await;
            let path = format!("{collection}/{}", id(&made));
            let statement = format!("UPDATE object SET name = '{}' WHERE id = '{}'", UNFIT[1], id(&made));
            client.app.tamper(&statement).await;
            let read = client.done("GET", &path, None).await;
            assert_eq!(read["name"], UNFIT[1]);
            let mut changed = read.clone();
            changed["description"] = json!("changed");
            let answer = client.done("PUT", &path, Some(&changed)).await;
            assert_eq!(answer["name"], UNFIT[1], "{collection}");
        }
        client.app.org_token("plain", Role::Power).await;
        client.app.tamper(&format!("UPDATE org_token SET name = '{}' WHERE name = 'plain'", UNFIT[1])).await;
        let path = "/v2/token/pay%E2%80%AEstnem";
        let read = client.done("GET", path, None).await;
        assert_eq!(client.done("PUT", path, Some(&read)).await["name"], UNFIT[1]);
    }

    async fn names_are_compared_in_one_normal_form(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let (one, two) = ("caf\u{e9}", "cafe\u{301}");
        for (collection, message) in [("/v2/team", "already"), ("/v2/token", "exists already")] {
            let made = client.done("POST", collection, Some(&json!({"name": two}))).await;
            assert_eq!(made["name"], two, "a name is kept as it was sent");
            let answer = client.call("POST", collection, Some(&json!({"name": one}))).await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().contains(message), "{}", answer.message());
            for query in ["caf%C3%A9", "CAFE%CC%81"] {
                let list = client.done("GET", &format!("{collection}?name={query}"), None).await;
                assert_eq!(list["count"], 1, "{collection} {query}");
            }
        }
        for path in ["/v2/token/caf%C3%A9", "/v2/token/cafe%CC%81", "/v2/token/caf%25C3%25A9"] {
            assert_eq!(client.done("GET", path, None).await["name"], two, "{path}");
        }
        let renamed = client.done("PUT", "/v2/token/caf%C3%A9", Some(&json!({"name": one}))).await;
        assert_eq!(renamed["name"], one);
        let twice = json!([{"name": one}, {"name": two}]);
        let answer = client.call("PATCH", "/v2/organization/custom-categories", Some(&twice)).await;
        answer.expect(StatusCode::BAD_REQUEST);
    }

    async fn pages_isolate_the_direction_of_a_name(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let name = "\u{5e9}\u{5dc}\u{5d5}\u{5dd}";
        client.done("POST", "/v2/team", Some(&json!({"name": name}))).await;
        client.done("POST", "/v2/dashboard", Some(&json!({"name": name}))).await;
        let signed_in = client.app.service.identity().sign_in("ada@example.com", PASSWORD, &request_meta()).await;
        let cookie = format!("countersign_session={}", signed_in.unwrap().cookie.reveal());
        for path in ["/dashboards", "/audit"] {
            let ask = client.app.get(path).header("host", b"lan:3000").header("cookie", cookie.as_bytes());
            let answer = ask.send().await;
            answer.expect(StatusCode::OK);
            assert!(answer.text().contains(&format!("<bdi>{name}")), "{path}");
        }
    }

    async fn a_rule_without_a_name_is_listed_in_one_line(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let text = "first\nsecond\u{202e}";
        let rule = json!({"description": text, "filters": [{"property": "host", "propertyValue": "a"}]});
        let answer = client.call("POST", "/v2/alertmuting", Some(&rule)).await;
        answer.expect(StatusCode::CREATED);
        assert_eq!(answer.json()["description"], text);
        let info = client.done("GET", &format!("/v2/audit/info/alertmuting/{}", id(&answer.json())), None).await;
        assert_eq!(info["name"], "first second ");
    }
}
