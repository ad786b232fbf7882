//! Integrations as real clients use them: requests recorded from the Go client, the exact statuses of
//! docs/contract.md#statuses, who may read secrets, and `validate` with its connectivity probe.

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::{
    on_both,
    tokio::{
        self,
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    },
};

use crate::{
    objects::documents::{Client, check_shape, id, wire},
    support::App,
};

pub(crate) const INTEGRATION: &str = "/v2/integration";

impl Client {
    /// Replays a recorded request that creates an integration, and asserts that the response has what the client reads.
    async fn replayed(&self, recorded: &str, fixture: &str, absent: &[&str]) -> Value {
        let (method, path, body) = wire(recorded);
        let made = self.done(&method, &path, Some(&body)).await;
        check_shape(&made, fixture, absent);
        let sent = body.as_object().unwrap();
        for (field, value) in sent
            .iter()
            .filter(|(field, _)| !absent.contains(&field.as_str()))
        {
            if made[field] != Value::Null {
                assert_eq!(&made[field], value, "{field}");
            }
        }
        let managed = ["creator", "created", "createdByName", "lastUpdatedByName"]
            .map(|field| made[field].clone());
        assert_eq!(
            managed,
            [
                json!(self.user_id),
                made["lastUpdated"].clone(),
                Value::Null,
                Value::Null
            ]
        );
        self.round_trip(&format!("{INTEGRATION}/{}", id(&made)))
            .await;
        made
    }

    pub(crate) async fn made(&self, body: Value) -> Value {
        self.done("POST", INTEGRATION, Some(&body)).await
    }

    pub(crate) async fn validated(&self, integration: &Value) -> (StatusCode, String) {
        let path = format!("{INTEGRATION}/validate/{}", id(integration));
        let answer = self.call("GET", &path, None).await;
        (
            answer.status,
            if answer.body.is_empty() {
                String::new()
            } else {
                answer.message()
            },
        )
    }
}

on_both! {
    async fn the_go_clients_recorded_integration_lifecycles_work(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let slack = client.replayed(
            include_str!("../../fixtures/wire/10_slack_create.json"),
            include_str!("../../fixtures/signalfx-go/integration_slack.json"),
            &["webhookUrl", "method", "scope", "slackTeamId", "slackTeamName", "slackUserId", "accessTokenUpdated"],
        ).await;
        assert_eq!(slack.get("webhookUrl"), None);
        let pager = client.replayed(
            include_str!("../../fixtures/wire/11_pagerduty_create.json"),
            include_str!("../../fixtures/signalfx-go/integration_pd.json"),
            &["apiKey"],
        ).await;
        assert_eq!(pager.get("apiKey"), None);
        let (method, path, _) = wire(include_str!("../../fixtures/wire/12_pagerduty_find_by_name.json"));
        let found = client.done(&method, &format!("{path}?name=PD+primary&type=PagerDuty"), None).await;
        assert_eq!(found, json!({"count": 1, "results": [pager]}));
        check_shape(&found, include_str!("../../fixtures/signalfx-go/integration_pd_by_name.json"), &[]);
        let webhook = client.replayed(
            include_str!("../../fixtures/wire/13_webhook_create.json"),
            include_str!("../../fixtures/signalfx-go/integration_webhook.json"),
            &["method", "payloadTemplate"],
        ).await;
        assert_eq!((&webhook["sharedSecret"], &webhook["headers"]), (&json!("s3cr3t"), &json!({"X-Env": "prod"})));
        assert_eq!(webhook.get("method"), None, "a default is not returned because the provider would report drift");
        let jira = client.replayed(
            include_str!("../../fixtures/wire/15_jira_create.json"),
            include_str!("../../fixtures/signalfx-go/integration_jira.json"),
            &["username"],
        ).await;
        assert_eq!((jira.get("apiToken"), jira.get("password")), (Some(&Value::Null), Some(&Value::Null)));
        for made in [slack, pager, webhook, jira] {
            let path = format!("{INTEGRATION}/{}", id(&made));
            client.empty("DELETE", &path, None, StatusCode::NO_CONTENT).await;
            client.call("GET", &path, None).await.expect_error(StatusCode::NOT_FOUND, "Unable to find the given integration.");
            client.call("DELETE", &path, None).await.expect(StatusCode::NOT_FOUND);
        }
        assert_eq!(client.done("GET", INTEGRATION, None).await, json!({"count": 0, "results": []}));
    }

    async fn the_providers_aws_lifecycle_works(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        client.app.org_token("metrics", Role::Power).await;
        let stub = client.replayed(
            include_str!("../../fixtures/wire/14_aws_create.json"),
            include_str!("../../fixtures/signalfx-go/integration_aws.json"),
            &["customCloudWatchNamespaces", "customNamespaceSyncRules", "enableAwsUsage", "enableCheckLargeVolume", "importCloudWatch",
                "isLargeVolume", "key", "namespaceSyncRules", "regions", "roleArn", "services", "token", "useGetMetricDataMethod"],
        ).await;
        let path = format!("{INTEGRATION}/{}", id(&stub));
        let mut full: Value = serde_json::from_str(include_str!("../../fixtures/signalfx-go/integration_aws.json")).unwrap();
        full["namedToken"] = json!("metrics");
        full["metricStatsToSync"] = json!({"AWS/EC2": {"CPUUtilization": ["mean", "upper"]}});
        full["metricStreamsSyncState"] = json!("ENABLED");
        let made = client.done("PUT", &path, Some(&full)).await;
        check_shape(&made, include_str!("../../fixtures/signalfx-go/integration_aws.json"), &["key", "token"]);
        assert_eq!((&made["metricStreamsSyncState"], &made["externalId"], &made["id"]), (&json!("ENABLED"), &stub["externalId"], &stub["id"]));
        assert_eq!((made.get("key"), made.get("token")), (None, None));
        client.round_trip(&path).await;

        let mut off = client.done("GET", &path, None).await;
        off["metricStreamsSyncState"] = json!("CANCELLING");
        client.done("PUT", &path, Some(&off)).await;
        assert_eq!(client.done("GET", &path, None).await["metricStreamsSyncState"], "DISABLED");
        off["enabled"] = json!(true);
        off["authMethod"] = json!("SecurityToken");
        client.done("PUT", &path, Some(&off)).await;
        client.empty("DELETE", &path, None, StatusCode::NO_CONTENT).await;
    }

    async fn azure_and_gcp_return_the_booleans_that_clients_require(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let azure = client.made(json!({"type": "Azure", "name": "az", "enabled": false, "tenantId": "t", "appId": "a", "secretKey": "s",
            "pollRate": 300_000, "services": ["microsoft.x"], "subscriptions": ["1"], "customNamespacesPerService": {"vm": ["n"]},
            "resourceFilterRules": [{"filter": {"source": "filter('x', 'y')"}}]})).await;
        assert_eq!((&azure["importAzureMonitor"], &azure["useBatchApi"], &azure["enabled"]), (&json!(true), &json!(false), &json!(false)));
        assert_eq!((azure.get("appId"), azure.get("secretKey"), azure.get("azureEnvironment")), (None, None, None));
        let gcp = client.made(json!({"type": "GCP", "name": "g", "projectServiceKeys": [{"projectId": "p", "projectKey": "{\"k\":1}"}],
            "projects": {"syncMode": "SELECTED", "selectedProjectIds": ["p"]}, "includeList": [], "importGCPMetrics": false})).await;
        assert_eq!((&gcp["importGCPMetrics"], gcp.get("wifSplunkIdentity"), gcp.get("authMethod")), (&json!(false), Some(&Value::Null), None));
        assert_eq!(gcp["projectServiceKeys"], json!([{"projectId": "p"}]));
        for made in [azure, gcp] {
            client.round_trip(&format!("{INTEGRATION}/{}", id(&made))).await;
        }
    }

    async fn only_administrators_read_secrets_and_only_readable_ones(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let webhook = client.made(json!({"type": "Webhook", "name": "w", "url": "https://x", "sharedSecret": "s3cr3t", "headers": {"A": "h3ad3r"}})).await;
        let on_call = client.made(json!({"type": "VictorOps", "name": "v", "postUrl": "https://alert/p0st"})).await;
        assert_eq!(on_call["postUrl"], "https://alert/p0st");
        let power = client.app.session_token(&client.app.member("Grace", Role::Power).await).await;
        for token in [power, client.app.org_token("ci", Role::Power).await] {
            for path in [INTEGRATION.to_owned(), format!("{INTEGRATION}/{}", id(&webhook)), format!("{INTEGRATION}/{}", id(&on_call))] {
                let answer = client.call_with(&token, "GET", &path, None).await;
                answer.expect(StatusCode::OK);
                for secret in ["s3cr3t", "h3ad3r", "p0st", "sealed"] {
                    assert!(!answer.text().contains(secret), "{}", answer.text());
                }
            }
        }
        let path = format!("{INTEGRATION}/{}", id(&webhook));
        let changed = client.done("PUT", &path, Some(&json!({"name": "w2", "url": "https://y", "sharedSecret": null}))).await;
        assert_eq!((&changed["name"], &changed["sharedSecret"], &changed["headers"]), (&json!("w2"), &json!("s3cr3t"), &json!({"A": "h3ad3r"})));
        let events = client.call("GET", "/v2/audit/events?sf_eventCategory=CUSTOMER_AUDIT&sf_eventType=INTEGRATION", None).await;
        let info = client.call("GET", &format!("/v2/audit/info/integration/{}", id(&webhook)), None).await;
        for answer in [events, info] {
            answer.expect(StatusCode::OK);
            assert!(answer.text().contains("w2"), "{}", answer.text());
            for secret in ["s3cr3t", "h3ad3r", "p0st", "sealed"] {
                assert!(!answer.text().contains(secret), "{}", answer.text());
            }
        }
    }

    async fn integrations_are_filtered_by_type_and_whole_name(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        for (kind, name) in [("Slack", "PD primary"), ("PagerDuty", "PD primary"), ("PagerDuty", "pd 100%"), ("Office365", "PD x_y")] {
            client.made(json!({"type": kind, "name": name})).await;
        }
        let check = async |query: &str, expected: &[&str]| {
            let found = client.done("GET", &format!("{INTEGRATION}?{query}"), None).await;
            let names: Vec<_> = found["results"].as_array().unwrap().iter().map(|made| made["name"].as_str().unwrap()).collect();
            assert_eq!((names.as_slice(), &found["count"]), (expected, &json!(expected.len())), "{query}");
        };
        check("name=pd+PRIMARY", &["PD primary", "PD primary"]).await;
        check("name=PD", &[]).await;
        check("name=PD*&orderBy=-name&type=PagerDuty", &["PD primary", "pd 100%"]).await;
        check("name=*%25", &["pd 100%"]).await;
        check("name=PD%20x_y", &["PD x_y"]).await;
        check("name=pd+?_?", &["PD x_y"]).await;
        check("name=pd+100?&type=PagerDuty", &["pd 100%"]).await;
        check("type=pagerduty", &[]).await;
        check(&format!("name={}", "*a".repeat(20_000)), &[]).await;
        let page = client.done("GET", &format!("{INTEGRATION}?limit=1&offset=1&type=PagerDuty&orderBy=-name"), None).await;
        assert_eq!((&page["count"], &page["results"][0]["name"]), (&json!(2), &json!("pd 100%")));
        let path = format!("{INTEGRATION}/{}", id(&page["results"][0]));
        let named = client.done("GET", &format!("{path}?userParam=creator&userParam=lastUpdatedBy"), None).await;
        assert_eq!((&named["createdByName"], &named["lastUpdatedByName"]), (&json!("Ada"), &json!("Ada")));
        let half = client.done("GET", &format!("{path}?userParam=creator"), None).await;
        assert_eq!((&half["createdByName"], &half["lastUpdatedByName"]), (&json!("Ada"), &Value::Null));
    }

    async fn rule_violations_are_a_400_in_the_order_of_the_contract(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let post = async |body: Value, message: &str| {
            client.call("POST", INTEGRATION, Some(&body)).await.expect_error(StatusCode::BAD_REQUEST, message);
        };
        post(json!({"type": "Slack"}), "name: is missing").await;
        post(json!({"name": "x", "type": "Opsgenie", "apiUrl": "https://x"}), "apiKey: is missing").await;
        post(json!({"name": "x", "type": "Azure", "namedToken": "unknown"}), "namedToken: there is no org token unknown").await;
        let slow = "Poll rate value 600001 ms is out of the range. Supported poll rate values are 60000 - 600000 ms.";
        post(json!({"name": "x", "type": "GCP", "pollRate": 600_001}), slow).await;
        client.call("POST", INTEGRATION, Some(&json!({"name": "x", "type": "Pigeon"}))).await.expect(StatusCode::BAD_REQUEST);
        let made = client.done("POST", &format!("{INTEGRATION}?skipValidation=true"), Some(&json!({"type": "PagerDuty", "name": "pd", "apiKey": "k"}))).await;
        let path = format!("{INTEGRATION}/{}", id(&made));
        client.call("PUT", &path, Some(&json!({"type": "Slack"}))).await.expect_error(StatusCode::BAD_REQUEST, "type: cannot change");
        for path in [format!("{INTEGRATION}/short"), format!("{INTEGRATION}/validate/short")] {
            client.call("GET", &path, None).await.expect_error(StatusCode::BAD_REQUEST, "Invalid ID short");
        }
        for path in [format!("{INTEGRATION}/AAAAAAAAAAE"), format!("{INTEGRATION}/validate/AAAAAAAAAAE")] {
            client.call("GET", &path, None).await.expect_error(StatusCode::NOT_FOUND, "Unable to find the given integration.");
        }
        let malformed = [json!(1), json!("x"), json!([1]), json!({"a": 1}), json!({"a": ["b"]}), json!([{}]), json!(true), json!("x".repeat(5_000))];
        for (kind, fields) in [
            ("AWSCloudWatch", &["authMethod", "regions", "namespaceSyncRules", "metricStatsToSync", "pollRate", "key", "enabled", "name"][..]),
            ("GCP", &["projectServiceKeys", "projects", "workloadIdentityFederationConfigs", "namedToken"]),
            ("Webhook", &["url", "headers", "sharedSecret", "type"]),
            ("NewRelic", &["apiKey", "tags", "teams", "dashboardConfigs", "$sealed", "created"]),
        ] {
            for field in fields {
                for value in &malformed {
                    let mut body = json!({"type": kind, "name": "n", "authMethod": "ExternalId"});
                    body[*field] = value.clone();
                    let answer = client.call("POST", INTEGRATION, Some(&body)).await;
                    let is_expected = [StatusCode::OK, StatusCode::BAD_REQUEST].contains(&answer.status);
                    assert!(is_expected, "{body}: {answer:?}");
                }
            }
        }
        client.done("GET", INTEGRATION, None).await;
    }

    async fn validation_probes_the_address_and_reports_the_result(database: Database) {
        let client = Client::in_app(App::allowing_private_targets(database).await, Role::Admin).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let probe = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            stream.write_all(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n").await.unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let body = json!({"type": "Webhook", "name": "w", "url": format!("http://127.0.0.1:{port}/path-k3y?q=k3y"), "sharedSecret": "s3cr3t", "headers": {"A": "h3ad3r"}});
        let webhook = client.made(body).await;
        assert_eq!(client.validated(&webhook).await, (StatusCode::OK, String::new()));
        let probe = probe.await.unwrap();
        assert!(probe.starts_with("HEAD / HTTP/1.1"), "{probe}");
        for secret in ["k3y", "s3cr3t", "h3ad3r", "x-sf-token"] {
            assert!(!probe.to_lowercase().contains(secret), "{probe}");
        }
        let (status, message) = client.validated(&webhook).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(message, format!("127.0.0.1:{port} cannot be reached: connection refused."));
        let pager = client.made(json!({"type": "PagerDuty", "name": "pd"})).await;
        assert_eq!(client.validated(&pager).await, (StatusCode::BAD_REQUEST, "apiKey: is missing".to_owned()));
        let pager = client.made(json!({"type": "PagerDuty", "name": "pd", "apiKey": "k"})).await;
        let path = format!("{INTEGRATION}/validate/{}", id(&pager));
        let not_tried = json!({"outcome": "notTried", "message": "Its settings name no host to connect to."});
        assert_eq!(client.done("GET", &path, None).await, not_tried);
        let aws = client.made(json!({"type": "AWSCloudWatch", "name": "aws", "authMethod": "ExternalId"})).await;
        assert_eq!(client.validated(&aws).await, (StatusCode::BAD_REQUEST, "roleArn: is missing".to_owned()));
    }

    async fn validation_does_not_try_private_addresses_by_default(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433"] {
            let made = client.made(json!({"type": "XMatters", "name": "x", "url": format!("http://{host}:{port}/")})).await;
            let (status, message) = client.validated(&made).await;
            let expected = if message.contains("private") { StatusCode::OK } else { StatusCode::BAD_REQUEST };
            assert_eq!(status, expected, "{host}: {message}");
            assert!(message.contains("private") || message.contains("no address"), "{message}");
        }
        let metadata = client.made(json!({"type": "Okta", "name": "x", "publicKey": "k", "issuerUrl": "i", "metadataUrl": "http://169.254.169.254/latest/meta-data"})).await;
        assert!(client.validated(&metadata).await.1.contains("private"));
        let connection = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
        assert!(connection.is_err(), "the probe connected");
    }
}
