//! Secrets of webhooks in notifications and integrations: in the database, in the audit log, and for readers.

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use service::IngestSettings;
use testbed::on_both;

use crate::support::{App, PASSWORD, request_meta};

const SECRET: &str = "hunter2";
const HOOK: &str = "https://hooks.example.com/services/hunter2";

/// Objects with a webhook: path of the list, and document.
fn documents() -> [(&'static str, Value); 6] {
    let webhook = json!({"type": "Webhook", "url": HOOK, "secret": SECRET});
    let rule = json!({"severity": "Critical", "detectLabel": "a", "notifications": [webhook]});
    [
        (
            "/v2/detector",
            json!({"name": "CPU", "programText": "detect(when(data('x') > 1)).publish('a')", "rules": [rule]}),
        ),
        (
            "/v2/team",
            json!({"name": "Ops", "notificationLists": {"default": [webhook]}}),
        ),
        (
            "/v2/token",
            json!({"name": "ci", "notifications": [webhook]}),
        ),
        (
            "/v2/integration",
            json!({"type": "Webhook", "name": "hook", "enabled": false, "url": HOOK, "sharedSecret": SECRET}),
        ),
        (
            "/v2/slo",
            json!({"name": "up", "type": "WindowsBased", "inputs": {"programText": "data('up')"}, "targets": [{"type": "RollingWindow",
                "slo": 99, "compliancePeriod": "7d", "sloAlertRules": [{"type": "BREACH", "rules": [rule]}]}]}),
        ),
        (
            "/v2/integration",
            json!({"type": "XMatters", "name": "x", "enabled": false, "url": HOOK}),
        ),
    ]
}

/// Creates the objects. Returns the path of each with its document as the administrator reads it.
async fn create(app: &App, admin: &str) -> Vec<(String, Value)> {
    let mut made = Vec::new();
    for (list, document) in documents() {
        let answer = app.post(list).token(admin).json(&document).send().await;
        assert!(answer.status.is_success(), "{list}: {}", answer.text());
        let answer = answer.json();
        let name = if list == "/v2/token" {
            &answer["name"]
        } else {
            &answer["id"]
        };
        let path = format!("{list}/{}", name.as_str().unwrap());
        let read = app.get(&path).token(admin).send().await.json();
        assert!(read.to_string().contains(HOOK), "{read}");
        made.push((path, read));
    }
    made
}

/// All texts of the database that could hold a secret.
async fn stored(app: &App) -> String {
    let mut all = Vec::new();
    for query in [
        "SELECT document FROM object",
        "SELECT document FROM org_token",
        "SELECT changes FROM audit_event",
    ] {
        all.extend(app.texts(query).await);
    }
    all.concat()
}

on_both! {
    async fn no_token_cookie_or_password_is_in_the_database(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let signed_in = app.service.identity().sign_in(&ada.email, PASSWORD, &request_meta()).await.unwrap();
        let browser = app.browser_of(&signed_in).await;
        let admin = app.session_token(&ada).await;
        let org_token = app.post("/v2/token").token(&admin).json(&json!({"name": "ci"})).send().await.json();
        let form = app.service.identity().form_token(&browser, "/ui/sign-out").unwrap();
        let secrets = [
            app.generated_token(&browser).await,
            admin.clone(),
            org_token["secret"].as_str().unwrap().to_owned(),
            signed_in.cookie.reveal().to_owned(),
            signed_in.browser.clone(),
            form,
            PASSWORD.to_owned(),
        ];
        // A call and a wrong password leave traces, too.
        app.get("/v2/session").token(&admin).send().await.expect(StatusCode::OK);
        app.sign_in(&ada.email, "not the right password").await.expect(StatusCode::UNAUTHORIZED);
        app.service.close().await.unwrap();
        let all = app.dump().await;
        assert!(all.contains(&ada.email) && all.contains("$argon2id$"));
        for secret in &secrets {
            assert!(!all.contains(secret.as_str()), "{secret}");
        }
        assert!(!all.contains("not the right password"));
    }

    async fn what_a_reader_read_masked_keeps_the_webhooks_when_it_is_sent_back(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let reader = app.session_token(&app.member("Karen", Role::ReadOnly).await).await;
        let made = create(&app, &admin).await;
        // Karen does not see the org token.
        for (path, read) in made.into_iter().filter(|(path, _)| !path.starts_with("/v2/token")) {
            let masked = app.get(&path).token(&reader).send().await;
            masked.expect(StatusCode::OK);
            assert!(!masked.text().contains(SECRET), "{path}");
            let sent = app.ask(Method::PUT, &path).token(&admin).json(&masked.json()).send().await;
            sent.expect(StatusCode::OK);
            assert_eq!(app.get(&path).token(&admin).send().await.json(), read, "{path}");
            if !path.starts_with("/v2/integration") {
                let other = masked.text().replace("(secret ", "(secret 0");
                let other: Value = serde_json::from_str(&other).unwrap();
                let sent = app.ask(Method::PUT, &path).token(&admin).json(&other).send().await;
                sent.expect(StatusCode::BAD_REQUEST);
                assert!(sent.message().contains("is masked"), "{}", sent.message());
            }
        }
    }

    async fn no_secret_of_a_webhook_is_in_the_database_or_the_audit_log_in_plain_text(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let made = create(&app, &admin).await;
        for (path, read) in &made {
            if !path.starts_with("/v2/integration") {
                app.ask(Method::PUT, path).token(&admin).json(read).send().await.expect(StatusCode::OK);
            }
        }
        let text = stored(&app).await;
        assert!(text.contains("$encrypted") && text.contains("https://hooks.example.com/(secret "));
        assert!(!text.contains(SECRET), "{text}");
        let events = app.get("/v2/audit/events?limit=100").token(&admin).send().await.text();
        assert!(!events.contains(SECRET), "{events}");
    }

    async fn an_encrypted_secret_works_in_no_other_row(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let (list, mut document) = documents().into_iter().next().unwrap();
        let mut ids = Vec::new();
        for name in ["one", "two"] {
            document["name"] = json!(name);
            let made = app.post(list).token(&admin).json(&document).send().await.json();
            ids.push(made["id"].as_str().unwrap().to_owned());
        }
        let take = format!(
            "UPDATE object SET document = (SELECT document FROM object WHERE id = '{}') WHERE id = '{}'", ids[0], ids[1]
        );
        app.tamper(&take).await;
        let read = async |id: &str| app.get(&format!("{list}/{id}")).token(&admin).send().await.text();
        assert!(read(&ids[0]).await.contains(HOOK));
        let other = read(&ids[1]).await;
        assert!(other.contains("$encrypted") && !other.contains(SECRET), "{other}");
        app.get(list).token(&admin).send().await.expect(StatusCode::OK);
        app.ask(Method::DELETE, &format!("{list}/{}", ids[1])).token(&admin).send().await.expect(StatusCode::NO_CONTENT);
    }

    async fn a_value_that_looks_encrypted_is_stored_and_read_like_any_other(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let marker = json!({"$encrypted": "00"});
        let inner = json!({"type": "Webhook", "secret": marker, "url": [marker]});
        for value in [marker.clone(), inner.clone(), json!({"type": "Webhook", "secret": inner, "url": {"a": inner}})] {
            let given = json!({"name": "CPU", "programText": "detect(when(data('x') > 1)).publish('a')", "rules": [], "customProperties": value});
            let made = app.post("/v2/detector").token(&admin).json(&given).send().await;
            made.expect(StatusCode::OK);
            let path = format!("/v2/detector/{}", made.json()["id"].as_str().unwrap());
            let read = app.get(&path).token(&admin).send().await.json();
            assert_eq!(read["customProperties"], value);
            app.ask(Method::PUT, &path).token(&admin).json(&read).send().await.expect(StatusCode::OK);
            assert_eq!(app.get(&path).token(&admin).send().await.json()["customProperties"], value);
            app.get("/v2/detector").token(&admin).send().await.expect(StatusCode::OK);
            app.ask(Method::DELETE, &path).token(&admin).send().await.expect(StatusCode::NO_CONTENT);
        }
    }

    async fn secrets_that_an_earlier_version_stored_in_plain_text_are_encrypted_at_the_start(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let made = create(&app, &admin).await;
        // As an earlier version stored them.
        for table in ["object", "org_token"] {
            let rows = app.texts(&format!("SELECT id || ' ' || document FROM {table}")).await;
            for row in rows.iter().filter(|row| row.contains("$encrypted")) {
                let (id, document) = row.split_once(' ').unwrap();
                let mut document: Value = serde_json::from_str(document).unwrap();
                in_plain_text(&mut document);
                let document = document.to_string().replace('\'', "''");
                app.tamper(&format!("UPDATE {table} SET document = '{document}' WHERE id = '{id}'")).await;
            }
        }
        assert!(stored(&app).await.contains(HOOK));
        let settings = IngestSettings { folder: Some(app.folder().join("ingest")), ..IngestSettings::default() };
        let app = app.restarted(settings).await;
        assert!(!stored(&app).await.contains(HOOK));
        let noted = app.texts("SELECT name FROM counter").await;
        assert!(noted.contains(&"encrypted_documents".to_owned()), "the next start reads no documents: {noted:?}");
        for (path, before) in made {
            let after = app.get(&path).token(&admin).send().await.json();
            assert_eq!(after, before, "{path}");
        }
    }

    async fn a_member_who_may_not_change_an_object_reads_no_secret_of_its_webhooks(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let made = create(&app, &admin).await;
        let detector = app.get(&made[0].0).token(&admin).send().await.json();
        for role in [Role::ReadOnly, Role::Usage, Role::Power] {
            let member = app.member(role.title(), role).await;
            let reader = app.session_token(&member).await;
            let acl = json!([{"principalId": member.id, "principalType": "USER", "actions": ["READ"]}]);
            let webhook = json!({"type": "Webhook", "url": HOOK, "secret": SECRET});
            let token = json!({"name": role.title(), "notifications": [webhook], "permissions": {"acl": acl}});
            app.post("/v2/token").token(&admin).json(&token).send().await.expect(StatusCode::OK);
            if role == Role::Power {
                restrict(&app, &admin, &made[0].0, &detector).await;
            }
            let mut paths: Vec<_> = made.iter().map(|(path, _)| path.clone()).filter(|path| !path.starts_with("/v2/token")).collect();
            paths.push(format!("/v2/token/{}", role.title()));
            // Every caller with a writing role may change an SLO.
            paths.retain(|path| role != Role::Power || !path.starts_with("/v2/slo"));
            for path in &paths {
                let list = path.rsplit_once('/').unwrap().0;
                for path in [path.as_str(), list] {
                    let answer = app.get(path).token(&reader).send().await;
                    answer.expect(StatusCode::OK);
                    let text = answer.text();
                    assert!(text.contains("https://hooks.example.com/(secret ") && !text.contains(SECRET), "{path}: {text}");
                }
            }
        }
    }

    async fn each_program_that_reads_the_secret_of_a_webhook_is_in_the_audit_log(database: Database) {
        let app = App::start(database).await;
        let admin = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let grace = app.session_token(&app.member("Grace", Role::Power).await).await;
        let members = create(&app, &admin).await;
        let (detector, written) = &members[0];
        for (token, path) in [(&grace, detector), (&grace, detector), (&admin, detector), (&grace, &members[1].0)] {
            app.get(path).token(token).send().await.expect(StatusCode::OK);
        }
        assert_eq!(app.get("/v2/detector").token(&grace).send().await.json()["results"][0]["rules"], written["rules"]);
        let reveals = "SELECT actor_name || ' ' || object_name FROM audit_event WHERE action = 'reveal' AND object_type IN ('detector', 'team') ORDER BY number";
        // An unchanged secret is recorded once for each token; Ada read her objects after creating them.
        assert_eq!(app.texts(reveals).await, ["Ada CPU", "Ada Ops", "Grace CPU"]);
        let mut changed = written.clone();
        changed["description"] = json!("Another one");
        app.clock.set(app.clock.now().plus_millis(1));
        app.ask(Method::PUT, detector).token(&admin).json(&changed).send().await.expect(StatusCode::OK);
        app.get("/v2/detector").token(&grace).send().await.expect(StatusCode::OK);
        assert_eq!(app.texts(reveals).await.len(), 4, "a change may have replaced the secret");
    }

    async fn a_page_with_the_secret_of_a_webhook_is_in_the_audit_log_and_others_show_its_host(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let made = create(&app, &app.session_token(&ada).await).await;
        let signed_in = app.service.identity().sign_in(&ada.email, PASSWORD, &request_meta()).await.unwrap();
        let cookie = format!("countersign_session={}", signed_in.cookie.reveal());
        let page = async |path: &str| {
            let answer = app.get(path).header("cookie", cookie.as_bytes()).header("accept", b"text/html").send().await;
            answer.expect(StatusCode::OK);
            answer.text()
        };
        let reveals = async || app.texts("SELECT object_name FROM audit_event WHERE action = 'reveal'").await.len();
        for ((path, _), editor) in [(&made[0], "document"), (&made[3], "edit")] {
            let (list, id) = path.strip_prefix("/v2").unwrap().rsplit_once('/').unwrap();
            let (before, path) = (reveals().await, format!("{list}s/{id}"));
            let shown = page(&path).await;
            assert!(shown.contains("https://hooks.example.com/(secret ") && !shown.contains(SECRET), "{path}");
            assert_eq!(reveals().await, before, "{path}");
            assert!(page(&format!("{path}/{editor}")).await.contains(HOOK), "{path}");
            assert_eq!(reveals().await, before + 1, "{path}");
        }
    }
}

/// Leaves the write permission on a detector to its administrator.
async fn restrict(app: &App, admin: &str, path: &str, detector: &Value) {
    let mut detector = detector.clone();
    detector["authorizedWriters"] = json!({"users": [detector["creator"]], "teams": []});
    app.ask(Method::PUT, path)
        .token(admin)
        .json(&detector)
        .send()
        .await
        .expect(StatusCode::OK);
}

/// Replaces encrypted values.
fn in_plain_text(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                if value.get("$encrypted").is_some() {
                    *value = json!(if name == "url" { HOOK } else { SECRET });
                } else {
                    in_plain_text(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(in_plain_text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
