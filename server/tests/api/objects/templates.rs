//! Templates and the directory (docs/contract.md#templates, docs/contract.md#directory).

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use super::documents::{Client, id};

const TEMPLATE: &str = "/v2/template";

fn template(title: &str, root: &str, imports: &[&Value]) -> Value {
    json!({"type": "#/dashify/v1/templates/Record", "title": title, "spec": {"<Root>": [null, 1.5]},
        "metadata": {"rootElement": root, "imports": imports, "datasource": {"type": "SPLUNK_O11Y"}}})
}

async fn make(client: &Client, body: &Value) -> Value {
    let answer = client.call("POST", TEMPLATE, Some(body)).await;
    answer.expect(StatusCode::CREATED);
    // Lists are in the order of times.
    client.app.clock.set(client.app.clock.now().plus_seconds(1));
    answer.json()["data"].clone()
}

fn path(template: &Value) -> &str {
    template["self"].as_str().unwrap()
}

fn titles(envelope: &Value) -> Vec<&str> {
    let templates = envelope["includes"].as_array().unwrap().iter();
    templates
        .map(|template| template["title"].as_str().unwrap())
        .collect()
}

on_both! {
    async fn a_template_lives_from_its_creation_to_its_deletion(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let made = make(&client, &template("Rate", "Chart", &[])).await;
        assert_eq!((&made["createdBy"], &made["metadata"]), (&json!(client.user_id), &json!({"rootElement": "Chart", "imports": []})));
        let plain = json!({"type": made["type"], "title": "Plain", "spec": {}, "metadata": {"rootElement": "Chart"}});
        let plain = make(&client, &plain).await;
        let kept = client.done("PUT", path(&plain), Some(&plain)).await;
        assert_eq!(kept["data"], plain, "what a response adds changes nothing");
        client.empty("DELETE", path(&plain), None, StatusCode::NO_CONTENT).await;
        let read = client.done("GET", path(&made), None).await;
        assert_eq!(read, json!({"data": made, "errors": [], "includes": []}));
        client.app.clock.set(client.app.clock.now().plus_seconds(1));
        assert_eq!(client.done("PUT", path(&made), Some(&made)).await, read, "what was read changes nothing");
        let mut changed = made.clone();
        changed["title"] = json!("Error rate");
        let updated = client.done("PUT", path(&made), Some(&changed)).await;
        assert_eq!(updated["data"]["title"], "Error rate");
        let info_path = format!("/v2/audit/info/template/{}", id(&made));
        let info = client.done("GET", &info_path, None).await;
        assert_eq!(info["lastUpdated"]["changed"], json!(["title"]));

        let karen = client.app.member("Karen", Role::ReadOnly).await;
        let reader = client.app.session_token(&karen).await;
        client.call_with(&reader, "GET", path(&made), None).await.expect(StatusCode::OK);
        for (method, path) in [("POST", TEMPLATE), ("PUT", path(&made)), ("DELETE", path(&made))] {
            client.call_with(&reader, method, path, Some(&changed)).await.expect(StatusCode::FORBIDDEN);
        }
        let info = client.done("GET", &info_path, None).await;
        assert_eq!(info["history"]["results"][0]["outcome"], "denied");
        for (field, value) in [("type", json!("other")), ("spec", Value::Null), ("title", json!(1))] {
            let mut wrong = template("Rate", "Chart", &[]);
            wrong[field] = value;
            let answer = client.call("POST", TEMPLATE, Some(&wrong)).await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().starts_with(field), "{}", answer.message());
        }
        client.empty("DELETE", path(&made), None, StatusCode::NO_CONTENT).await;
        for method in ["GET", "DELETE"] {
            client.call(method, path(&made), None).await.expect(StatusCode::NOT_FOUND);
        }
    }

    async fn a_template_is_read_with_what_it_imports(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let leaf = make(&client, &template("leaf", "Chart", &[])).await;
        let middle = make(&client, &template("middle", "Chart", &[&leaf["self"], &json!("/v2/template/AAAAAAAAAAE")])).await;
        let root = make(&client, &template("root", "Dashboard", &[&middle["self"], &leaf["self"]])).await;
        // A cycle ends.
        let cycle = template("leaf", "Chart", &[&root["self"]]);
        client.done("PUT", path(&leaf), Some(&cycle)).await;
        let read = client.done("GET", &format!("{}?import=ALL_CHILDREN", path(&root)), None).await;
        assert_eq!(titles(&read), ["leaf", "middle"]);
        client.call("GET", &format!("{}?import=SOME", path(&root)), None).await.expect(StatusCode::BAD_REQUEST);
    }

    async fn templates_are_searched_by_title_id_and_kind(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let chart = make(&client, &template("a chart", "Chart", &[])).await;
        let board = make(&client, &template("B board", "Dashboard", &[&chart["self"]])).await;
        let other = make(&client, &template("c Board", "Dashboard", &[])).await;
        for (query, expected, count) in [
            ("", vec!["a chart", "B board", "c Board"], 3),
            ("?orderBy=-title&size=2", vec!["c Board", "B board"], 3),
            ("?orderBy=-title&size=2&offset=2", vec!["a chart"], 3),
            ("?search=BOARD&orderBy=title", vec!["B board", "c Board"], 2),
            ("?rootElement=Dashboard&orderBy=title&size=1", vec!["B board"], 2),
            ("?rootElement=Dashboard&rootElement=Chart", vec!["a chart", "B board", "c Board"], 3),
            ("?title=a+chart&title=c+Board&title=c+board&orderBy=-title", vec!["c Board", "a chart"], 2),
            ("?title=none", vec![], 0),
            ("?rootElement=Dashboard&import=ALL_CHILDREN&size=1&orderBy=title", vec!["B board", "a chart"], 2),
        ] {
            let found = client.done("GET", &format!("{TEMPLATE}{query}"), None).await;
            assert_eq!((titles(&found), &found["data"]["count"]), (expected, &json!(count)), "{query}");
        }
        let ids = format!("{TEMPLATE}?id={}&id={}&rootElement=Dashboard", id(&chart), id(&board));
        let found = client.done("GET", &ids, None).await;
        assert_eq!(found["data"]["items"], json!([board["self"]]));
        let page = client.done("GET", &format!("{TEMPLATE}?title=a%20chart&title=c%20Board&size=1"), None).await;
        let next = client.done("GET", page["data"]["next"].as_str().unwrap(), None).await;
        assert_eq!((&next["data"]["items"], &next["data"]["next"]), (&json!([other["self"]]), &Value::Null));
        let previous = client.done("GET", next["data"]["prev"].as_str().unwrap(), None).await;
        assert_eq!(previous, page);
        for query in ["?rootElement=Page", "?id=x"] {
            client.call("GET", &format!("{TEMPLATE}{query}"), None).await.expect(StatusCode::BAD_REQUEST);
        }
    }

    async fn the_directory_lists_templates_at_paths(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let chart = make(&client, &template("Rate", "Chart", &[])).await;
        let entry = "/v2/directory/~users/ada%40x/A%2BB+c";
        let answer = client.call("PATCH", entry, Some(&json!({"templates": [chart["self"]], "pinned": true}))).await;
        answer.expect(StatusCode::CREATED);
        let made = answer.json();
        assert_eq!(made["data"], json!({"self": entry, "type": "#/dashify/v1/directory/Entry", "path": "~users/ada@x/A+B c",
            "label": "A+B c", "templates": [chart["self"]], "ancestors": ["/v2/directory", "/v2/directory/~users", "/v2/directory/~users/ada%40x"],
            "children": [], "pinned": true, "identity": false, "canonical": false}));
        assert_eq!(client.done("GET", entry, None).await, made);
        assert_eq!(client.done("GET", "/v2/directory/~users/ada@x/A%2BB%20c", None).await, made, "another way to write it");
        assert_eq!(client.done("PATCH", entry, Some(&made["data"])).await, made, "what was read changes nothing");
        let parent = client.done("GET", "/v2/directory/~users/ada%40x", None).await;
        assert_eq!((&parent["data"]["children"], &parent["data"]["pinned"]), (&json!([entry]), &json!(false)));
        let root = client.done("GET", "/v2/directory", None).await;
        assert_eq!(root["data"]["children"], json!(["/v2/directory/~users"]));
        assert_eq!(client.done("GET", path(&chart), None).await["data"]["directoryEntries"], json!([entry]));

        let unpinned = client.done("PATCH", entry, Some(&json!({"pinned": false}))).await;
        assert_eq!(unpinned["data"]["templates"], json!([chart["self"]]));
        let karen = client.app.member("Karen", Role::ReadOnly).await;
        let reader = client.app.session_token(&karen).await;
        client.call_with(&reader, "GET", entry, None).await.expect(StatusCode::OK);
        for method in ["PATCH", "DELETE"] {
            client.call_with(&reader, method, entry, Some(&json!({}))).await.expect(StatusCode::FORBIDDEN);
        }
        let events = client.done("GET", "/v2/audit/events?sf_eventType=DIRECTORY", None).await;
        let operations: Vec<_> = events["results"].as_array().unwrap().iter().map(|event| &event["properties"]["sf_operation"]).collect();
        assert_eq!(operations, ["CREATE", "UPDATE"]);
        client.empty("DELETE", entry, None, StatusCode::NO_CONTENT).await;
        client.call("DELETE", entry, None).await.expect(StatusCode::NOT_FOUND);
        assert_eq!(client.done("GET", entry, None).await["data"]["templates"], json!([]), "a path without an entry is empty");
        assert_eq!(client.done("GET", path(&chart), None).await["data"]["directoryEntries"], json!([]));
    }

    async fn an_entry_of_the_directory_lists_templates_that_exist(database: Database) {
        let client = Client::of(database, Role::Power).await;
        let chart = make(&client, &template("Rate", "Chart", &[])).await;
        let rejected = async |path: &str, body: Value, about: &str| {
            let answer = client.call("PATCH", path, Some(&body)).await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().starts_with(about), "{}", answer.message());
        };
        rejected("/v2/directory/a", json!({"templates": [chart["self"], "/v2/template/AAAAAAAAAAE"]}), "templates[1]: there is no template").await;
        rejected("/v2/directory/a", json!({"templates": ["x"]}), "templates[0]").await;
        rejected("/v2/directory/a", json!({"pinned": 1}), "pinned").await;
        for wrong in ["a%2Fb", "a%3F", "..%20", "a/~b~", "%ff", "a/b/c/d/e/f/g/h/i/j/k"] {
            rejected(&format!("/v2/directory/{wrong}"), json!({}), "path").await;
        }
        let listing = json!({"templates": [chart["self"]]});
        client.call("PATCH", "/v2/directory/a", Some(&listing)).await.expect(StatusCode::CREATED);
        client.empty("DELETE", path(&chart), None, StatusCode::NO_CONTENT).await;
        assert_eq!(client.done("PATCH", "/v2/directory/a", Some(&listing)).await["data"]["templates"], listing["templates"]);
    }
}
