//! A document that was read may be sent back, as scripts do (docs/contract.md#clients). The response is identical, and
//! no audit event is written.

use axum::http::StatusCode;
use domain::identity::{actor::Caller, role::Role};
use serde_json::{Value, json};
use testbed::on_both;

use crate::{
    objects::documents::{Client, id},
    platform::bad_input::audit_event_count,
    support::App,
};

/// A client that sends documents back, and an administrator who reads the audit log.
struct Sender {
    client: Client,
    auditor: Caller,
}

impl Sender {
    async fn of(database: testbed::Database) -> Self {
        let client = Client::in_app(App::start(database).await, Role::Admin).await;
        let auditor = client.app.member("Karen", Role::Admin).await;
        let auditor = client.app.browser(&auditor).await;
        Self { client, auditor }
    }

    /// Creates an object from this document, and sends back the response and what is read afterwards.
    async fn make(&self, collection: &str, document: Value) -> Value {
        let made = self.client.done("POST", collection, Some(&document)).await;
        let (plain, _) = collection.split_once('?').unwrap_or((collection, ""));
        let path = format!("{plain}/{}", id(&made));
        let read = self.client.done("GET", &path, None).await;
        let answer = self.client.done("PUT", &path, Some(&made)).await;
        assert_eq!(
            answer, read,
            "the response to POST {collection} is accepted"
        );
        self.send_back("PUT", &path).await;
        made
    }

    /// Sends back what is read at a later time. Asserts that nothing changes and no event is written.
    async fn send_back(&self, method: &str, path: &str) {
        let (client, clock) = (&self.client, &self.client.app.clock);
        let read = client.done("GET", path, None).await;
        let events_before = audit_event_count(&client.app, &self.auditor).await;
        assert!(events_before > 0, "the creation is in the audit log");
        clock.set(clock.now().plus_seconds(1));
        let answer = client.done(method, path, Some(&read)).await;
        assert_eq!(answer, read, "{method} {path}");
        assert_eq!(client.done("GET", path, None).await, read, "{path}");
        let events_after = audit_event_count(&client.app, &self.auditor).await;
        assert_eq!(
            events_after, events_before,
            "{method} {path} wrote an audit event"
        );
    }
}

fn writers(user: &str) -> Value {
    json!({"users": [user], "teams": []})
}

fn readers(user: &str) -> Value {
    json!({"acl": [{"principalId": user, "principalType": "USER", "actions": ["READ", "WRITE"]}], "parent": null})
}

/// Every type of integration with all its fields (docs/contract.md#integrations).
fn integrations() -> Vec<Value> {
    let triggered = "{\"a\": \"{{{messageTitle}}}\"}";
    vec![
        json!({"type": "Slack", "webhookUrl": "https://hooks.example.com/services/T/B/x", "method": "Webhook"}),
        json!({"type": "PagerDuty", "apiKey": "k"}),
        json!({"type": "Webhook", "url": "https://hook.example.com/a", "sharedSecret": "s", "headers": {"X-Env": "prod"}, "method": "PUT", "payloadTemplate": triggered}),
        json!({"type": "Webhook", "url": "https://hook.example.com/a", "enabled": false}),
        json!({"type": "Opsgenie", "apiKey": "k", "apiUrl": "https://api.opsgenie.example"}),
        json!({"type": "VictorOps", "postUrl": "https://alert.example.com/p"}),
        json!({"type": "BigPanda", "appKey": "a", "token": "t", "alertTriggeredPayloadTemplate": triggered, "alertResolvedPayloadTemplate": "{}"}),
        json!({"type": "Office365", "webhookUrl": "https://teams.example.com/w"}),
        json!({"type": "Jira", "authMethod": "EmailAndToken", "baseUrl": "https://jira.example.com", "issueType": "Bug", "projectKey": "OPS",
            "assignee": {"name": "ada", "displayName": "Ada"}, "userEmail": "ada@example.com", "apiToken": "t"}),
        json!({"type": "Jira", "authMethod": "UsernameAndPassword", "baseUrl": "https://jira.example.com", "issueType": "Bug", "projectKey": "OPS",
            "assignee": {"name": "ada"}, "username": "ada", "password": "p"}),
        json!({"type": "ServiceNow", "instanceName": "x.service-now.example", "issueType": "Incident", "username": "u", "password": "p", "tableName": "incident",
            "alertTriggeredPayloadTemplate": triggered, "alertResolvedPayloadTemplate": "{}"}),
        json!({"type": "XMatters", "url": "https://xm.example.com/t"}),
        json!({"type": "SplunkPlatform", "url": "https://splunk.example.com", "hecToken": "t", "payloadTemplate": "{}"}),
        json!({"type": "AmazonEventBridge", "awsAccountId": "123456789012", "awsRegion": "us-east-1"}),
        json!({"type": "AWSCloudWatch", "enabled": false, "authMethod": "ExternalId", "pollRate": 300_000}),
        json!({"type": "AWSCloudWatch", "authMethod": "SecurityToken", "key": "k", "token": "t", "regions": ["us-east-1", "eu-west-1"], "services": ["AWS/EC2"],
            "pollRate": 60_000, "inactiveMetricsPollRate": 1_200_000, "metadataPollRate": 900_000,
            "namespaceSyncRules": [{"namespace": "AWS/EC2", "defaultAction": "Exclude", "filter": {"action": "Include", "source": "filter('a', 'b')"}}],
            "customCloudWatchNamespaces": "a,b", "namespacesExcludeTagSync": ["AWS/EC2"], "metricStatsToSync": {"AWS/EC2": {"CPUUtilization": ["mean"]}},
            "metricStreamsSyncState": "ENABLED", "importCloudWatch": true, "enableAwsUsage": false, "namedToken": "Default"}),
        json!({"type": "Azure", "tenantId": "t", "appId": "a", "secretKey": "s", "azureEnvironment": "AZURE", "pollRate": 300_000, "services": ["microsoft.sql"],
            "additionalServices": ["x"], "subscriptions": ["s"], "resourceFilterRules": [{"filter": {"source": "filter('a', 'b')"}}],
            "customNamespacesPerService": {"vm": ["ns"]}, "syncGuestOsNamespaces": true, "importAzureMonitor": false, "useBatchApi": true}),
        json!({"type": "GCP", "authMethod": "SERVICE_ACCOUNT_KEY", "projectServiceKeys": [{"projectId": "p", "projectKey": "k"}, {"projectId": "q", "projectKey": "l"}],
            "projects": {"syncMode": "SELECTED", "selectedProjectIds": ["p"]}, "services": ["compute"], "customMetricTypeDomains": ["d"], "includeList": ["i"],
            "excludeGCEInstancesWithLabels": ["l"], "pollRate": 300_000, "importGCPMetrics": false, "useMetricSourceProjectForQuota": true}),
        json!({"type": "GCP", "authMethod": "WORKLOAD_IDENTITY_FEDERATION", "workloadIdentityFederationConfigs": [{"projectId": "p", "wifConfig": "{}"}]}),
        json!({"type": "ADFS", "metadata": "<xml/>", "publicKey": "p", "issuerUrl": "https://adfs.example.com"}),
        json!({"type": "GoogleSaml", "metadata": "<xml/>", "publicKey": "p", "issuerUrl": "https://google.example.com"}),
        json!({"type": "PingOne", "metadata": "<xml/>", "publicKey": "p", "issuerUrl": "https://ping.example.com"}),
        json!({"type": "AzureAD", "publicKey": "p", "issuerUrl": "https://ad.example.com", "metadataUrl": "https://ad.example.com/m"}),
        json!({"type": "Okta", "publicKey": "p", "issuerUrl": "https://okta.example.com", "metadataUrl": "https://okta.example.com/m"}),
        json!({"type": "OneLogin", "publicKey": "p", "issuerUrl": "https://one.example.com", "metadataUrl": "https://one.example.com/m"}),
        json!({"type": "Bitium", "publicKey": "p", "issuerUrl": "https://bitium.example.com", "metadataUrl": "https://bitium.example.com/m"}),
        json!({"type": "NewRelic", "apiKey": "k", "anything": {"at": ["all", 1, 2.5, null]}}),
        json!({"type": "SplunkEnterpriseCloud", "accessToken": "t", "url": "https://splunk.example.com"}),
    ]
}

on_both! {
    async fn every_type_of_integration_may_be_sent_back(database: Database) {
        let sender = Sender::of(database).await;
        for mut document in integrations() {
            document["name"] = document["type"].clone();
            sender.make("/v2/integration", document).await;
        }
    }

    async fn charts_dashboards_and_groups_may_be_sent_back(database: Database) {
        let sender = Sender::of(database).await;
        let user = sender.client.user_id.clone();
        let team = sender.make("/v2/team", json!({"name": "SRE"})).await;
        let plain = sender.make("/v2/chart", json!({"name": "text", "options": {"type": "Text", "markdown": "# Hello"}})).await;
        let chart = sender.make("/v2/chart", json!({"name": "cpu", "description": "of all", "programText": "data('cpu').publish('A')",
            "options": {"type": "TimeSeriesChart", "time": {"type": "relative", "range": 900_000}, "axes": [{"max": 1.5, "min": null}, null]},
            "tags": ["b", "a", "b"], "customProperties": {"k": "v"}, "packageSpecifications": "", "relatedDetectorIds": []})).await;

        sender.make("/v2/dashboardgroup", json!({"name": "with a dashboard of its own"})).await;
        let group = sender.make("/v2/dashboardgroup?empty=true", json!({"name": "G", "description": "d", "teams": [team["id"]],
            "importQualifiers": [{"metric": "cpu", "filters": [{"property": "p", "values": ["v"], "NOT": false}]}], "authorizedWriters": writers(&user)})).await;
        let dashboard = sender.make("/v2/dashboard", json!({"name": "D", "description": "d", "groupId": group["id"], "chartDensity": "LOW",
            "charts": [{"chartId": chart["id"], "row": 0, "column": 6, "width": 6, "height": 2}, {"chartId": plain["id"], "row": 0, "column": 0, "width": 6, "height": 1}],
            "filters": {"sources": [{"property": "env", "value": ["prod"], "NOT": true, "applyIfExists": false}],
                "variables": [{"property": "host", "alias": "Host", "value": "", "required": false, "preferredSuggestions": ["a"]}],
                "time": {"start": "-1h", "end": "Now"}},
            "eventOverlays": [{"eventSignal": {"eventSearchText": "deploy", "eventType": "eventTimeSeries"}, "eventColorIndex": 3, "eventLine": true, "label": "l"}],
            "selectedEventOverlays": [{"eventSignal": {"eventSearchText": "deploy", "eventType": "eventTimeSeries"}}],
            "discoveryOptions": {"query": "q", "selectors": ["s"]}, "maxDelayOverride": 1000, "tags": ["z", "a"]})).await;
        sender.make("/v2/dashboard", json!({"name": "with a group of its own"})).await;
        sender.make("/v2/dashboard", json!({"name": "restricted", "groupId": group["id"], "permissions": readers(&user)})).await;
        sender.make("/v2/dashboard", json!({"name": "protected", "groupId": group["id"], "authorizedWriters": writers(&user)})).await;

        let mirror = json!({"dashboardId": dashboard["id"], "nameOverride": "mirrored", "filtersOverride": {"sources": [{"property": "a", "value": ["b"], "NOT": false}], "variables": []}});
        sender.make("/v2/dashboardgroup", json!({"name": "with a mirror", "dashboardConfigs": [mirror], "permissions": readers(&user)})).await;
        sender.client.empty("POST", &format!("/v2/team/{}/dashboardgroup/{}", id(&team), id(&group)), None, StatusCode::NO_CONTENT).await;
        for path in [format!("/v2/dashboardgroup/{}", id(&group)), format!("/v2/dashboard/{}", id(&dashboard)), format!("/v2/team/{}", id(&team))] {
            sender.send_back("PUT", &path).await;
        }
    }

    async fn detectors_and_teams_may_be_sent_back(database: Database) {
        let sender = Sender::of(database).await;
        let user = sender.client.user_id.clone();
        let notifications = json!([{"type": "Email", "email": "a@example.com"}, {"type": "Slack", "credentialId": "AAAAAAAAAAE", "channel": "ops"},
            {"type": "Webhook", "url": "https://hook.example.com", "secret": "s"}]);
        let team = sender.make("/v2/team", json!({"name": "SRE", "description": "d", "members": [user],
            "notificationLists": {"default": notifications, "critical": [], "info": [{"type": "PagerDuty", "credentialId": "AAAAAAAAAAE"}]}})).await;
        sender.make("/v2/detector", json!({"name": "least", "programText": "detect(when(data('cpu') > 1)).publish('x')", "rules": []})).await;
        let detector = sender.make("/v2/detector", json!({"name": "most", "programText": "detect(when(data('cpu') > 1)).publish('x')",
            "rules": [{"detectLabel": "x", "severity": "Critical", "description": "d", "disabled": true, "notifications": notifications, "parameterizedBody": "b",
                "parameterizedSubject": "s", "runbookUrl": "https://run.example.com", "tip": "t", "reminderNotification": {"type": "TIMEOUT", "interval": 300_000}}],
            "description": "d", "maxDelay": 0, "minDelay": 1000, "timezone": "Europe/Berlin", "tags": ["t"], "teams": [team["id"]], "authorizedWriters": writers(&user),
            "customProperties": {"a": 1}, "packageSpecifications": "", "visualizationOptions": {"disableSampling": true, "showDataMarkers": false,
                "time": {"type": "relative", "range": 3_600_000}, "publishLabelOptions": [{"label": "x", "displayName": "X", "paletteIndex": 3, "valueUnit": "Byte"}]}})).await;
        sender.make("/v2/detector", json!({"name": "customized", "programText": "detect(when(data('cpu') > 1)).publish('x')", "rules": [],
            "detectorOrigin": "AutoDetectCustomization", "parentDetectorId": detector["id"]})).await;
        sender.send_back("PUT", &format!("/v2/team/{}", id(&team))).await;
    }

    async fn shared_objects_may_be_sent_back(database: Database) {
        let sender = Sender::of(database).await;
        let detector = sender.make("/v2/detector", json!({"name": "d", "programText": "detect(when(data('cpu') > 1)).publish('x')", "rules": []})).await;
        let dashboard = sender.make("/v2/dashboard", json!({"name": "D"})).await;
        for link in [
            json!({"propertyName": "host", "propertyValue": "a", "contextId": dashboard["id"], "targets": [
                {"type": "INTERNAL_LINK", "name": "D", "dashboardId": dashboard["id"], "dashboardGroupId": dashboard["groupId"], "isDefault": true},
                {"type": "EXTERNAL_LINK", "name": "E", "url": "https://example.com/{{value}}", "minimumTimeWindow": "6000", "timeFormat": "Epoch", "propertyKeyMapping": {"a": "b"}}]}),
            json!({"targets": [{"type": "SPLUNK_LINK", "name": "S"}]}),
        ] {
            sender.make("/v2/crosslink", link).await;
        }
        let alert = json!({"type": "BURN_RATE", "rules": [{"severity": "Major", "disabled": false, "parameters": {"shortWindow1": "5m", "burnRateThreshold1": 1.5},
            "notifications": [{"type": "Webhook", "url": "https://hook.example.com/a", "secret": "s"}]}]});
        for slo in [
            json!({"name": "requests", "description": "d", "type": "RequestBased", "inputs": {"programText": "G = data('g')\nT = data('t')", "goodEventsLabel": "G", "totalEventsLabel": "T"},
                "targets": [{"type": "RollingWindow", "slo": 99.9, "compliancePeriod": "7d", "sloAlertRules": [alert]}], "metadata": ["m"]}),
            json!({"name": "windows", "type": "WindowsBased", "inputs": {"programText": "data('g').publish()"}, "targets": [{"type": "CalendarWindow", "slo": 95, "cycleType": "month"}]}),
        ] {
            sender.make("/v2/slo", slo).await;
        }
        let matcher = json!({"type": "dimension", "filters": [{"property": "realm", "propertyValue": ["a"]}]});
        sender.make("/v2/metricruleset", json!({"metricName": "cpu", "description": "d", "version": 0, "routingRule": {"destination": "Drop"},
            "aggregationRules": [{"name": "a", "description": "", "enabled": true, "matcher": matcher,
                "aggregator": {"type": "rollup", "outputName": "cpu.by.service.agg", "dimensions": ["service"]}}],
            "exceptionRules": [{"name": "e", "enabled": false, "matcher": matcher, "restoration": {}}, {"name": "f", "enabled": false, "matcher": matcher, "restoration": {"startTime": 1}}]})).await;
        sender.make("/v2/navigator", json!({"displayName": "Hosts", "categories": [{"categoryName": "C"}], "propertyIdentifierTemplate": "{{host}}",
            "requiredProperties": ["host"], "instanceDashboards": [dashboard["id"]], "tooltipKeyList": [{"displayName": "H", "property": "host", "format": "id"}],
            "entityMetrics": [{"id": "m", "type": "metric", "metricSelectors": [], "coloringScheme": {"maxValue": 100},
                "job": {"resolution": 1000, "template": "A", "varName": "A", "filters": [{"property": "p", "propertyValue": "*"}]}}]})).await;
        let template = json!({"name": "Alert", "triggerBody": "b", "cc": ["a@example.com"], "customHeaders": {"X-Priority": "1"}});
        let answer = sender.client.call("POST", "/v2/alert/emailtemplate", Some(&template)).await;
        answer.expect(StatusCode::CREATED);
        sender.send_back("PUT", &format!("/v2/alert/emailtemplate/{}", id(&answer.json()))).await;
        sender.client.done("POST", "/v2/automated-archival/settings", Some(&json!({"enabled": true, "lookbackPeriod": "P30D", "gracePeriod": "P0D", "rulesetLimit": 5}))).await;
        sender.send_back("PUT", "/v2/automated-archival/settings").await;
        sender.client.done("POST", "/v2/automated-archival/exempt-metrics", Some(&json!([{"name": "a"}, {"name": "b"}]))).await;
        sender.send_back("POST", "/v2/automated-archival/exempt-metrics").await;
        let rule = json!({"filters": [{"property": "sf_detectorId", "propertyValue": [detector["id"]]}, {"property": "host", "propertyValue": "a", "NOT": true}],
            "description": "m", "startTime": 1_000, "stopTime": 2_000, "recurrence": {"unit": "w", "value": 2}, "sendAlertsOnceMutingPeriodHasEnded": false});
        let answer = sender.client.call("POST", "/v2/alertmuting", Some(&rule)).await;
        answer.expect(StatusCode::CREATED);
        sender.send_back("PUT", &format!("/v2/alertmuting/{}", id(&answer.json()))).await;
    }

    async fn org_tokens_members_and_categories_may_be_sent_back(database: Database) {
        let sender = Sender::of(database).await;
        let (client, user) = (&sender.client, sender.client.user_id.clone());
        for document in [
            json!({"name": "least"}),
            json!({"name": "sends", "authScopes": ["INGEST"], "limits": {"dpmQuota": 5, "categoryQuota": {"1": 1}}, "notifications": [{"type": "Email", "email": "a@example.com"}]}),
            json!({"name": "reads", "description": "d", "authScopes": ["API"], "roles": ["read_only"], "disabled": true, "permissions": readers(&user)}),
            json!({"name": "watches", "authScopes": ["RUM"], "secondsUntilExpiry": 60}),
        ] {
            let made = client.done("POST", "/v2/token", Some(&document)).await;
            sender.send_back("PUT", &format!("/v2/token/{}", made["name"].as_str().unwrap())).await;
        }
        client.done("POST", "/v2/token/sends/rotate?graceful=60", None).await;
        for name in ["sends", "Default"] {
            sender.send_back("PUT", &format!("/v2/token/{name}")).await;
        }

        let grace = client.app.member("Grace", Role::Power).await;
        client.done("PATCH", "/v2/role/assign", Some(&json!({"objectType": "OrgUser", "objectIds": [grace.id], "roleNames": ["usage"]}))).await;
        for member in [user, grace.id.to_string()] {
            sender.send_back("PUT", &format!("/v2/organization/member/{member}")).await;
        }

        let categories = "/v2/organization/custom-categories";
        sender.send_back("PATCH", categories).await;
        client.done("PATCH", categories, Some(&json!([{"name": "web", "alias": "front", "description": "pages"}, {"name": "db"}]))).await;
        sender.send_back("PATCH", categories).await;
    }
}
