//! The metric catalog over HTTP: found after data was sent in each format, searched, changed, and sent back.

mod otlp;

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::{Database, on_both};

use crate::{
    ask::Answer, ingest::receive::DATAPOINTS, objects::documents::Client,
    platform::bad_input::audit_event_count,
};

const JSON: &[u8] = b"application/json";
const PROTOBUF: &[u8] = b"application/x-protobuf";

/// A collection, a query, further parameters, the field to look at, the count, and the values of the field on the page.
type SearchCase = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    &'static [&'static str],
);

/// A server, a member who calls it, and an org token that sends data.
struct Catalog {
    client: Client,
    sender: String,
}

impl Catalog {
    async fn of(database: Database, role: Role) -> Self {
        let client = Client::of(database, role).await;
        let sender = client
            .app
            .org_token_for("sender", &["INGEST"], Role::Power)
            .await;
        Self { client, sender }
    }

    async fn send(&self, path: &str, content_type: &[u8], body: impl Into<Vec<u8>>) {
        let ask = self.client.app.post(path).token(&self.sender);
        ask.header("content-type", content_type)
            .body(body.into())
            .send()
            .await
            .expect(StatusCode::OK);
    }

    /// Sends datapoints of gauges, each a metric with a host.
    async fn send_gauges(&self, points: &[(&str, &str)]) {
        let points: Vec<Value> = points
            .iter()
            .map(|(metric, host)| json!({"metric": metric, "value": 1, "dimensions": {"host": host}}))
            .collect();
        self.send("/v2/datapoint", JSON, json!({"gauge": points}).to_string())
            .await;
    }

    async fn get(&self, path: &str) -> Value {
        self.client.done("GET", path, None).await
    }

    async fn put(&self, path: &str, body: &Value) -> Answer {
        self.client.call("PUT", path, Some(body)).await
    }

    /// The values of a field in the results of a search.
    async fn found(&self, search: &str, field: &str) -> (i64, Vec<String>) {
        let list = self.get(search).await;
        let results = list["results"].as_array().unwrap().iter();
        let values = results
            .map(|item| item[field].as_str().unwrap().to_owned())
            .collect();
        (list["count"].as_i64().unwrap(), values)
    }
}

/// A search with this query, which is escaped.
fn search(collection: &str, query: &str, more: &str) -> String {
    let query = percent_encoding::utf8_percent_encode(query, percent_encoding::NON_ALPHANUMERIC);
    format!("/v2/{collection}?query={query}{more}")
}

on_both! {
    async fn what_was_sent_as_json_is_found(database: Database) {
        let catalog = Catalog::of(database, Role::ReadOnly).await;
        let points = json!({
            "gauge": [{"metric": "cpu.load", "value": 0.5, "dimensions": {"host": "web-1", "core": 3}}],
            "counter": [{"metric": "requests", "value": "3"}],
            "cumulative_counter": [{"metric": "total", "value": 3, "dimensions": {}}, {"metric": "", "value": 3}],
        });
        catalog.send("/v2/datapoint", JSON, points.to_string()).await;
        let event = json!([{"eventType": "deployed", "dimensions": {"service": "shop"}}]);
        catalog.send("/v2/event", JSON, event.to_string()).await;
        let metric = catalog.get("/v2/metric/cpu.load").await;
        let token = catalog.client.app.texts("SELECT id FROM org_token WHERE name = 'sender'").await.remove(0);
        let at = metric["created"].clone();
        assert_eq!(metric, json!({"id": metric["id"], "name": "cpu.load", "type": "GAUGE", "description": "", "customProperties": {},
            "tags": [], "created": at, "creator": token, "lastUpdated": at, "lastUpdatedBy": token}));
        for (name, kind) in [("requests", "COUNTER"), ("total", "CUMULATIVE_COUNTER")] {
            assert_eq!(catalog.get(&format!("/v2/metric/{name}")).await["type"], kind);
        }
        let dimension = catalog.get("/v2/dimension/core/3").await;
        assert_eq!((&dimension["key"], &dimension["value"]), (&json!("core"), &json!("3")));
        assert_eq!(catalog.get("/v2/dimension/service/shop").await["creator"], token);
        let list = catalog.get(&search("metrictimeseries", "sf_metric:cpu.load AND core:3", "")).await;
        let series = &list["results"][0];
        assert_eq!(*series, json!({"id": series["id"], "metric": "cpu.load", "type": "GAUGE", "dimensions": {"host": "web-1", "core": "3"},
            "customProperties": {}, "tags": [], "created": at, "creator": token, "lastUpdated": at, "lastUpdatedBy": token}));
        let path = format!("/v2/metrictimeseries/{}", series["id"].as_str().unwrap());
        assert_eq!(catalog.get(&path).await, *series);
        assert_eq!(catalog.get("/v2/metrictimeseries").await["count"], 3);
    }

    async fn what_was_sent_as_protobuf_is_found(database: Database) {
        let catalog = Catalog::of(database, Role::Power).await;
        catalog.send("/v2/datapoint", PROTOBUF, DATAPOINTS).await;
        let recent = catalog.client.app.texts("SELECT metric || ' ' || metric_type FROM metric_series ORDER BY 1").await;
        assert_eq!(recent, Vec::<String>::new(), "stored in the background, or by a search");
        let list = catalog.get("/v2/metrictimeseries?orderBy=name").await;
        let shown = |item: &Value| (item["metric"].clone(), item["type"].clone());
        let found: Vec<_> = list["results"].as_array().unwrap().iter().map(shown).collect();
        let types: Vec<_> = found.iter().map(|(_, kind)| kind.as_str().unwrap()).collect();
        assert_eq!(list["count"], 3);
        for kind in ["GAUGE", "COUNTER", "CUMULATIVE_COUNTER"] {
            assert!(types.contains(&kind), "{found:?}");
        }
    }

    async fn what_was_sent_as_otlp_is_found(database: Database) {
        let catalog = Catalog::of(database, Role::Power).await;
        catalog.send("/v2/datapoint/otlp", PROTOBUF, otlp::metrics()).await;
        let list = catalog.get("/v2/metrictimeseries?orderBy=name").await;
        let shown = |item: &Value| (item["metric"].clone(), item["type"].clone(), item["dimensions"].clone());
        let found: Vec<_> = list["results"].as_array().unwrap().iter().map(shown).collect();
        let of = |metric: &str, kind: &str, dimensions: Value| (json!(metric), json!(kind), dimensions);
        assert_eq!(found, [
            of("delta", "COUNTER", json!({"service.name": "shop", "n": "-7"})),
            of("growing", "CUMULATIVE_COUNTER", json!({"service.name": "shop"})),
            of("latency", "CUMULATIVE_COUNTER", json!({"service.name": "shop", "path": "/a"})),
            of("load", "GAUGE", json!({"service.name": "other", "ok": "true", "share": "0.5"})),
            of("updown", "GAUGE", json!({"service.name": "shop"})),
        ]);
    }

    async fn attributes_of_a_datapoint_take_the_place_of_those_of_a_resource(database: Database) {
        let catalog = Catalog::of(database, Role::Power).await;
        catalog.send("/v2/datapoint/otlp", PROTOBUF, otlp::crowded()).await;
        let series = catalog.get("/v2/metrictimeseries?query=host:web-1").await["results"][0].clone();
        assert_eq!(series["dimensions"].as_object().unwrap().len(), 36, "{series}");
    }

    async fn a_search_is_filtered_ordered_and_paged(database: Database) {
        let catalog = Catalog::of(database, Role::Power).await;
        catalog.send_gauges(&[("cpu.load", "web-1"), ("cpu.load", "web-2"), ("cpu.idle", "web-1"), ("mem (used)", "db:1")]).await;
        let cases: [SearchCase; 17] = [
            ("metric", "", "&orderBy=name", "name", 3, &["cpu.idle", "cpu.load", "mem (used)"]),
            ("metric", "*", "&orderBy=-name", "name", 3, &["mem (used)", "cpu.load", "cpu.idle"]),
            ("metric", "name:cpu*", "&orderBy=sf_metric&limit=1&offset=1", "name", 2, &["cpu.load"]),
            ("metric", "name:cpu*", "&offset=2", "name", 2, &[]),
            ("metric", "\"mem (used)\"", "", "name", 1, &["mem (used)"]),
            ("metric", "name:CPU*", "", "name", 0, &[]),
            ("metric", "type:GAUGE AND NOT name:(cpu.load OR cpu.idle)", "", "name", 1, &["mem (used)"]),
            ("metric", "sf_metric:*load", "", "name", 1, &["cpu.load"]),
            ("dimension", "host:web-1", "", "value", 1, &["web-1"]),
            ("dimension", "host:web-*", "&order_by=-value", "value", 2, &["web-2", "web-1"]),
            ("dimension", "key:host value:db\\:1", "", "value", 1, &["db:1"]),
            ("dimension", "shoe:*", "", "value", 0, &[]),
            ("metrictimeseries", "host:web-1", "&orderBy=metric", "metric", 2, &["cpu.idle", "cpu.load"]),
            ("metrictimeseries", "sf_metric:cpu* !host:web-1", "", "metric", 1, &["cpu.load"]),
            ("metrictimeseries", "host:web-1 AND host:web-2", "", "metric", 0, &[]),
            ("metrictimeseries", "cpu.idle OR db:1 OR host:db\\:1", "&orderBy=metric&limit=x&offset=-1", "metric", 2, &["cpu.idle", "mem (used)"]),
            ("tag", "*", "", "name", 0, &[]),
        ];
        for (collection, query, more, field, count, values) in cases {
            let found = catalog.found(&search(collection, query, more), field).await;
            assert_eq!(found, (count, values.iter().map(|value| (*value).to_owned()).collect()), "{collection} {query} {more}");
        }
        for collection in ["metric", "dimension", "metrictimeseries", "tag"] {
            let answer = catalog.client.call("GET", &search(collection, "a AND (b", ""), None).await;
            answer.expect_error(StatusCode::BAD_REQUEST, "query: a bracket is not closed (character 7)");
        }
    }

    async fn names_with_odd_characters_are_decoded_once(database: Database) {
        let catalog = Catalog::of(database, Role::Power).await;
        let text = "50% a/b ä+c?d#e";
        catalog.send_gauges(&[(text, text)]).await;
        let escaped = "50%25%20a%2Fb%20%C3%A4+c%3Fd%23e";
        assert_eq!(catalog.get(&format!("/v2/metric/{escaped}")).await["name"], text);
        assert_eq!(catalog.get(&format!("/v2/dimension/host/{escaped}")).await["value"], text);
        catalog.put(&format!("/v2/tag/{escaped}"), &json!({})).await.expect(StatusCode::OK);
        assert_eq!(catalog.get(&format!("/v2/tag/{escaped}")).await["name"], text);
        for path in ["/v2/metric/50%2525", "/v2/dimension/host/none", "/v2/tag/none", "/v2/metrictimeseries/AAAAAAAAAAE"] {
            catalog.client.call("GET", path, None).await.expect(StatusCode::NOT_FOUND);
        }
        catalog.client.call("GET", "/v2/metrictimeseries/none", None).await.expect(StatusCode::BAD_REQUEST);
        catalog.client.call("GET", "/v2/metric/a%00b", None).await.expect(StatusCode::BAD_REQUEST);
    }

    async fn a_request_creates_replaces_and_deletes(database: Database) {
        let catalog = Catalog::of(database, Role::Admin).await;
        let auditor = catalog.client.app.browser(&catalog.client.app.member("Karen", Role::Admin).await).await;
        catalog.send_gauges(&[("cpu", "web-1")]).await;
        let full = json!({"description": "d", "customProperties": {"owner": "ops"}, "tags": ["a", "b"], "type": "COUNTER"});
        for path in ["/v2/metric/cpu", "/v2/metric/new", "/v2/dimension/host/web-1", "/v2/dimension/host/new", "/v2/tag/new"] {
            let answer = catalog.put(path, &full).await;
            answer.expect(StatusCode::OK);
            let made = answer.json();
            assert_eq!((&made["description"], &made["customProperties"]["owner"]), (&json!("d"), &json!("ops")), "{path}");
            assert_eq!(made["lastUpdatedBy"], catalog.client.user_id);
            assert_eq!(catalog.get(path).await, made, "{path}");
            // What was read may be sent back, and changes nothing.
            let events = audit_event_count(&catalog.client.app, &auditor).await;
            assert_eq!(catalog.put(path, &made).await.json(), made, "{path}");
            assert_eq!(audit_event_count(&catalog.client.app, &auditor).await, events, "{path}");
            let cleared = catalog.put(path, &json!({"customProperties": null, "tags": []})).await.json();
            assert_eq!((&cleared["description"], &cleared["customProperties"]), (&json!(""), &json!({})), "{path}");
            let kind = path.split('/').nth(2).unwrap();
            let info = catalog.get(&format!("/v2/audit/info/{kind}/{}", made["id"].as_str().unwrap())).await;
            assert_eq!(info["lastUpdated"]["by"]["id"], catalog.client.user_id, "{path}");
        }
        assert_eq!(catalog.get("/v2/metric/cpu").await["type"], "COUNTER", "the type is kept");
        for _ in 0..2 {
            let answer = catalog.client.call("DELETE", "/v2/tag/new", None).await;
            answer.expect(StatusCode::NO_CONTENT);
            catalog.client.call("GET", "/v2/tag/new", None).await.expect(StatusCode::NOT_FOUND);
        }
        for (path, given, field) in [
            ("/v2/metric/x", json!({"type": "gauge"}), "type"),
            ("/v2/metric/x", json!({"tags": [1]}), "tags[0]"),
            ("/v2/dimension/a/b", json!({"customProperties": {"k": "v".repeat(257)}}), "customProperties.k"),
            ("/v2/tag/x", json!({"description": "x".repeat(1_025)}), "description"),
            ("/v2/tag/%20", json!({}), "name"),
            ("/v2/dimension/%20/b", json!({}), "key"),
        ] {
            let answer = catalog.put(path, &given).await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().starts_with(&format!("{field}: ")), "{path}: {}", answer.message());
        }
    }

    async fn a_denied_change_is_an_event_about_the_entry(database: Database) {
        let catalog = Catalog::of(database, Role::ReadOnly).await;
        catalog.send_gauges(&[("cpu", "a/b")]).await;
        let id = catalog.get("/v2/dimension/host/a%2Fb").await["id"].as_str().unwrap().to_owned();
        catalog.put("/v2/dimension/host/a%2Fb", &json!({})).await.expect(StatusCode::FORBIDDEN);
        catalog.client.call("DELETE", "/v2/tag/none", None).await.expect(StatusCode::FORBIDDEN);
        let events = "SELECT object_type || ' ' || object_id || ' ' || object_name || ' ' || action FROM audit_event \
            WHERE outcome = 'denied' ORDER BY number";
        let events = catalog.client.app.texts(events).await;
        assert_eq!(events, [format!("dimension {id} host:a/b update"), "tag AAAAAAAAAAA none delete".to_owned()]);
    }

    async fn data_of_another_token_kind_or_a_rejected_request_adds_nothing(database: Database) {
        let catalog = Catalog::of(database, Role::Power).await;
        let limited = json!({"name": "limited", "authScopes": ["INGEST"], "limits": {"dpmQuota": 1}});
        let admin = catalog.client.app.system().await;
        let made = catalog.client.app.service.tokens().org().issue(&admin, limited.as_object().unwrap()).await.unwrap();
        let secret = made.secret.unwrap().to_string();
        let points = json!({"gauge": [{"metric": "a", "value": 1}, {"metric": "b", "value": 1}]});
        let ask = catalog.client.app.ask(Method::POST, "/v2/datapoint").token(&secret).json(&points);
        ask.send().await.expect(StatusCode::TOO_MANY_REQUESTS);
        let nul = json!({"gauge": [{"metric": "nul\u{0}", "value": 1}, {"metric": "good", "value": 1}]});
        catalog.send("/v2/datapoint", JSON, nul.to_string()).await;
        assert_eq!(catalog.found("/v2/metric", "name").await, (1, vec!["good".to_owned()]));
    }
}
