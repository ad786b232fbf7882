//! A server of ours as the source of an import, and the database that it is imported into.

use std::{fs, path::Path, process::Output};

use serde_json::{Value, json};
use testbed::Database;

use crate::support::{PASSWORD, Server, countersign, make_user, output, said};

/// The source: a server with Ada, an administrator, and Bob, who has no account at the target.
pub(crate) struct Source {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Server,
    pub(crate) token: String,
}

/// What the source has, by its names.
pub(crate) struct Made {
    pub(crate) team: Value,
    pub(crate) detector: Value,
    pub(crate) group: Value,
    pub(crate) chart: Value,
    pub(crate) dashboard: Value,
}

impl Source {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        make_user(folder.path(), "ada@example.com", "admin");
        make_user(folder.path(), "bob@example.com", "power");
        let server = Server::start(folder.path(), "serve");
        let token = sign_in(&server);
        fs::write(folder.path().join("token"), format!("{token}\n")).unwrap();
        Self {
            folder,
            server,
            token,
        }
    }

    pub(crate) fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        call(&self.server, &self.token, method, path, body)
    }

    pub(crate) fn member(&self, email: &str) -> Value {
        let found = self.call(
            "GET",
            &format!("/v2/organization/member?query=email:{email}"),
            &Value::Null,
        );
        found["results"][0]["id"].clone()
    }

    pub(crate) fn fill(&self) -> Made {
        let post = |path: &str, body: Value| self.call("POST", path, &body);
        let (ada, bob) = (
            self.member("ada@example.com"),
            self.member("bob@example.com"),
        );
        let slack = post(
            "/v2/integration",
            json!({"type": "Slack", "name": "chat", "webhookUrl": "https://example.com/hunter2"}),
        );
        let pager = json!({"type": "Opsgenie", "name": "pager", "apiKey": "hunter2", "apiUrl": "https://example.com"});
        let pager = post("/v2/integration", pager);
        let to_chat = json!({"type": "Slack", "credentialId": slack["id"], "channel": "alerts"});
        let to_pager = json!({"type": "Opsgenie", "credentialId": pager["id"]});
        let team = post(
            "/v2/team",
            json!({"name": "SRE", "members": [ada, bob],
            "notificationLists": {"critical": [to_chat, to_pager]}}),
        );
        let rule = json!({"detectLabel": "a", "severity": "Critical",
            "notifications": [to_chat, to_pager, {"type": "Team", "team": team["id"]}, {"type": "Email", "email": "o@example.com"}]});
        let detector = post(
            "/v2/detector",
            json!({"name": "Latency", "programText": "detect(a).publish('a')",
            "rules": [rule], "teams": [team["id"]], "tags": ["shop"]}),
        );
        let group = post(
            "/v2/dashboardgroup?empty=true",
            json!({"name": "Shop", "description": "of the shop",
            "teams": [team["id"]], "authorizedWriters": {"users": [ada, bob], "teams": [team["id"]]}}),
        );
        let program = format!(
            "alerts(detector_id='{}').publish()",
            detector["id"].as_str().unwrap()
        );
        let chart = post(
            "/v2/chart",
            json!({"name": "Latency", "programText": program,
            "options": {"type": "TimeSeriesChart", "colorBy": "Dimension"}, "relatedDetectorIds": [detector["id"]]}),
        );
        let place = json!({"chartId": chart["id"], "row": 0, "column": 0, "width": 6, "height": 2});
        let dashboard = post(
            "/v2/dashboard",
            json!({"name": "Checkout", "groupId": group["id"], "charts": [place],
            "filters": {"variables": [{"property": "host", "alias": "h", "value": ["a"]}]}}),
        );
        let filters = json!([{"property": "sf_detectorId", "propertyValue": detector["id"]}]);
        post(
            "/v2/alertmuting",
            json!({"description": "upgrade", "filters": filters}),
        );
        let target =
            json!({"type": "INTERNAL_LINK", "name": "to it", "dashboardId": dashboard["id"]});
        post(
            "/v2/crosslink",
            json!({"propertyName": "host", "contextId": dashboard["id"], "targets": [target]}),
        );
        let target = json!({"type": "RollingWindow", "slo": 99.5, "compliancePeriod": "30d"});
        post(
            "/v2/slo",
            json!({"name": "up", "type": "WindowsBased", "inputs": {"programText": "data('up').publish()"},
            "targets": [target]}),
        );
        Made {
            team,
            detector,
            group,
            chart,
            dashboard,
        }
    }

    /// Imports from this source into the database of a folder.
    pub(crate) fn import(&self, into: &Path, database: &Database) -> Output {
        self.import_with(into, database, &self.folder.path().join("token"))
    }

    pub(crate) fn import_with(&self, into: &Path, database: &Database, token: &Path) -> Output {
        let api = format!("http://{}", self.server.address);
        let arguments = [
            "import",
            "signalfx",
            "--api",
            &api,
            "--token-file",
            token.to_str().unwrap(),
        ];
        let imported = output(&mut on(into, database, &arguments));
        assert!(
            !said(&imported).contains(&self.token),
            "{}",
            said(&imported)
        );
        imported
    }
}

pub(crate) fn on(folder: &Path, database: &Database, arguments: &[&str]) -> std::process::Command {
    let mut command = countersign(folder, arguments);
    command.args([
        "--database-url",
        &database.url,
        "--master-key-file",
        "master.key",
    ]);
    command
}

pub(crate) fn sign_in(server: &Server) -> String {
    let body = json!({"email": "ada@example.com", "password": PASSWORD}).to_string();
    let (status, answer) = server.ask("POST /v2/session HTTP/1.1", &body);
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    answer["accessToken"].as_str().unwrap().to_owned()
}

pub(crate) fn call(server: &Server, token: &str, method: &str, path: &str, body: &Value) -> Value {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let (status, answer) = server.ask(
        &format!("{method} {path} HTTP/1.1\r\nX-SF-TOKEN: {token}"),
        &body,
    );
    assert!(
        (200..300).contains(&status),
        "{method} {path}: {status} {answer}"
    );
    serde_json::from_str(&answer).unwrap_or_default()
}

pub(crate) fn all(server: &Server, token: &str) -> Vec<(&'static str, Vec<Value>)> {
    let collections = [
        "team",
        "detector",
        "dashboardgroup",
        "chart",
        "dashboard",
        "alertmuting",
        "crosslink",
        "slo",
        "integration",
    ];
    let list = |collection: &'static str| {
        let found = call(
            server,
            token,
            "GET",
            &format!("/v2/{collection}?orderBy=name"),
            &Value::Null,
        );
        (collection, found["results"].as_array().unwrap().clone())
    };
    collections.into_iter().map(list).collect()
}

pub(crate) fn only(objects: &[(&str, Vec<Value>)], collection: &str) -> Value {
    let (_, found) = objects.iter().find(|(of, _)| *of == collection).unwrap();
    assert_eq!(found.len(), 1, "{collection}: {found:?}");
    found[0].clone()
}

/// Creates Ada at the target, as an administrator.
pub(crate) fn make_ada(folder: &Path, database: &Database) {
    make_person(folder, database, "ada@example.com", "admin");
}

/// Creates a person at the target.
pub(crate) fn make_person(folder: &Path, database: &Database, email: &str, role: &str) {
    let arguments = [
        "user", "create", "--email", email, "--name", email, "--role", role,
    ];
    let mut child = on(folder, database, &arguments)
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), PASSWORD.as_bytes()).unwrap();
    let made = crate::support::output_of(child);
    assert!(made.status.success(), "{}", said(&made));
}
