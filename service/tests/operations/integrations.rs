//! Integrations: secrets are kept when an update leaves them out and never appear in plain text, references have to
//! exist, and Info and the audit log cover integrations.

use domain::{
    audit::event::{Action, ObjectType},
    identity::{actor::Caller, role::Role},
    objects::object::Object,
    platform::{document::Document, page::OffsetPage},
};
use serde_json::{Value, json};
use service::{CheckOutcome, ListQuery, ServiceError};
use testbed::on_both;

use crate::{
    objects::support::{PAGE, document, field, status, user_id},
    support::Stage,
};

const SECRET: &str = "hunter2-of-integrations";

impl Stage {
    async fn integration(&self, caller: &Caller, given: Value) -> Object {
        let made = self
            .service
            .integrations()
            .create(caller, &document(given))
            .await;
        made.unwrap().integration
    }

    async fn put_integration(
        &self,
        caller: &Caller,
        before: &Object,
        given: Value,
    ) -> Result<Object, ServiceError> {
        let after = self
            .service
            .integrations()
            .update(caller, before.id, &document(given))
            .await;
        after.map(|view| view.integration)
    }

    async fn reread(&self, caller: &Caller, integration: &Object) -> Document {
        let found = self
            .service
            .integrations()
            .find(caller, integration.id)
            .await;
        found.unwrap().integration.document
    }

    /// Whether any file of the database contains this text.
    fn files_hold(&self, text: &str) -> bool {
        let files = std::fs::read_dir(self.database.folder.path()).unwrap();
        files
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .any(|bytes| {
                let text = text.as_bytes();
                bytes.windows(text.len()).any(|window| window == text)
            })
    }
}

on_both! {
    async fn no_secret_is_in_the_database_the_audit_log_or_debug_output(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        for given in [
            json!({"type": "Slack", "webhookUrl": format!("https://hooks.example.com/{SECRET}")}),
            json!({"type": "PagerDuty", "apiKey": SECRET}),
            json!({"type": "Webhook", "url": "https://ops.example.com", "sharedSecret": SECRET, "headers": {"Authorization": SECRET}}),
            json!({"type": "VictorOps", "postUrl": format!("https://alert.example.com/{SECRET}/$routing_key")}),
            json!({"type": "ServiceNow", "username": SECRET, "password": SECRET}),
            json!({"type": "AWSCloudWatch", "authMethod": "SecurityToken", "key": SECRET, "token": SECRET}),
            json!({"type": "GCP", "projectServiceKeys": [{"projectId": "p", "projectKey": SECRET}]}),
            json!({"type": "NewRelic", "deep": [{"insertKey": SECRET}]}),
        ] {
            let mut given = given;
            given["name"] = json!("the one");
            let view = stage.service.integrations().create(&admin, &document(given.clone())).await.unwrap();
            assert!(!format!("{view:?}").contains(SECRET));
            let made = view.integration;
            let rejected = stage.put_integration(&admin, &made, json!({"type": "Other", "apiKey": SECRET})).await;
            assert!(!format!("{rejected:?}").contains(SECRET));
            let text = given.to_string().replace(SECRET, &format!("{SECRET}-again"));
            stage.put_integration(&admin, &made, serde_json::from_str(&text).unwrap()).await.unwrap();
            let mut kept = stage.reread(&admin, &made).await;
            kept.insert("name".to_owned(), json!("renamed"));
            let kept = stage.put_integration(&admin, &made, json!(kept)).await;
            assert_eq!(status(&kept), 200);
            stage.service.integrations().delete(&admin, made.id).await.unwrap();
            let history = stage.history(made.id).await;
            let actions: Vec<_> = history.iter().map(|event| event.action).collect();
            assert_eq!(actions, [Action::Delete, Action::Update, Action::Update, Action::Create]);
            assert!(!format!("{history:?}").contains(SECRET), "{history:?}");
            assert_eq!(history[2].changes.len(), given.to_string().matches(SECRET).count(), "each changed secret is logged as a change: {:?}", history[2].changes);
        }
        if stage.database.url.starts_with("sqlite:") {
            assert!(stage.files_hold("hooks.example.com") || stage.files_hold("ops.example.com"), "the files that are searched belong to the database");
            assert!(!stage.files_hold(SECRET));
        }
    }

    async fn integrations_are_filtered_by_type_state_creator_and_name_on_every_page(database: Database) {
        let stage = Stage::set_up(database).await;
        let (grace, ada) = (stage.caller("Grace", Role::Admin).await, stage.caller("Ada", Role::Admin).await);
        for number in 0..3 {
            stage.integration(&grace, json!({"type": "PagerDuty", "name": format!("Pager {number}")})).await;
        }
        let hook = stage.integration(&ada, json!({"type": "Webhook", "name": "Hook", "enabled": false})).await;
        let found = async |query: ListQuery, limit, offset| {
            let query = ListQuery { order_by: "name".to_owned(), ..query };
            let page = stage.service.integrations().list(&ada, &query, OffsetPage { limit, offset }).await.unwrap();
            let names: Vec<_> = page.results.iter().map(|view| view.integration.name.clone()).collect();
            (names.join(", "), page.count)
        };
        let any = ListQuery::default;
        assert_eq!(found(any(), 2, 2).await, ("Pager 1, Pager 2".to_owned(), 4));
        assert_eq!(found(ListQuery { enabled: Some(false), ..any() }, 50, 0).await, ("Hook".to_owned(), 1));
        assert_eq!(found(ListQuery { enabled: Some(true), ..any() }, 1, 2).await, ("Pager 2".to_owned(), 3));
        assert_eq!(found(ListQuery { creator_id: Some(user_id(&grace)), enabled: Some(true), ..any() }, 50, 0).await.1, 3);
        assert_eq!(found(ListQuery { creator_id: Some(user_id(&grace)), enabled: Some(false), ..any() }, 50, 0).await.1, 0);
        assert_eq!(found(ListQuery { type_name: "PagerDuty".to_owned(), name: "*2*".to_owned(), ..any() }, 50, 0).await, ("Pager 2".to_owned(), 1));
        stage.put_integration(&ada, &hook, json!({"name": "Hook", "enabled": true})).await.unwrap();
        assert_eq!(found(ListQuery { enabled: Some(true), ..any() }, 50, 0).await.1, 4, "a changed integration is found by its new state");
        let creators = stage.service.integrations().creators(&ada).await.unwrap();
        let names: Vec<_> = creators.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["Ada", "Grace"]);
    }

    async fn a_secret_that_an_update_leaves_out_is_kept_on_every_node(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let reader = stage.caller("Eve", Role::ReadOnly).await;
        let made = stage.integration(&admin, json!({"type": "Webhook", "name": "w", "url": "https://x", "sharedSecret": SECRET})).await;
        assert_eq!(made.document["sharedSecret"], SECRET);
        stage.pass_millis(1_000);
        let renamed = stage.put_integration(&admin, &made, json!({"name": "v", "url": "https://y"})).await.unwrap();
        assert_eq!(renamed.updated.at.millis_since(made.updated.at), 1_000);
        let node = stage.another_node().await;
        let mut there = node.integrations().find(&admin, made.id).await.unwrap();
        node.integrations().reveal(&admin, std::slice::from_mut(&mut there)).await.unwrap();
        let there = there.integration;
        assert_eq!((there.name.as_str(), &there.document["url"], &there.document["sharedSecret"]), ("v", &json!("https://y"), &json!(SECRET)));
        assert_eq!(stage.reread(&reader, &made).await.get("sharedSecret"), None);

        stage.pass_millis(1_000);
        let mut same = there.document.clone();
        same.insert("name".to_owned(), json!("v"));
        let same = stage.put_integration(&admin, &made, json!(same)).await.unwrap();
        assert_eq!(same.updated, there.updated, "sending back what was read changes nothing");
        let actions: Vec<_> = stage.history(made.id).await.into_iter().map(|event| event.action).collect();
        assert_eq!(actions, [Action::Reveal, Action::Update, Action::Create]);
    }

    async fn only_administrators_change_integrations(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let made = stage.integration(&admin, json!({"type": "PagerDuty", "name": "pd", "apiKey": SECRET})).await;
        let org_token = stage.org_token(&admin, "ci", Role::Power).await;
        for caller in [stage.caller("Ada", Role::Power).await, stage.caller("Eve", Role::ReadOnly).await, org_token] {
            let again = document(json!({"type": "PagerDuty", "name": "pd", "apiKey": SECRET}));
            assert_eq!(status(&stage.service.integrations().create(&caller, &again).await), 403);
            assert_eq!(status(&stage.put_integration(&caller, &made, json!({"name": "x"})).await), 403);
            assert_eq!(status(&stage.service.integrations().delete(&caller, made.id).await), 403);
            assert_eq!(status(&stage.service.integrations().validate(&caller, made.id).await), 403);
            let listed = stage.service.integrations().list(&caller, &ListQuery::default(), PAGE).await.unwrap();
            assert_eq!((listed.count, listed.results[0].integration.name.as_str()), (1, "pd"));
        }
    }

    async fn a_named_token_has_to_exist_when_it_is_set(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let azure = |token: &str| json!({"type": "Azure", "name": "az", "namedToken": token, "tenantId": "t",
            "appId": "a", "secretKey": "s"});
        assert_eq!(field(stage.service.integrations().create(&admin, &document(azure("metrics"))).await), "namedToken");
        stage.org_token(&admin, "metrics", Role::Power).await;
        let made = stage.integration(&admin, azure("metrics")).await;
        let validated = stage.service.integrations().validate(&admin, made.id).await.unwrap();
        assert!(matches!(validated, CheckOutcome::NotTried(_)), "{validated:?}");
        assert_eq!(field(stage.put_integration(&admin, &made, azure("other")).await), "namedToken");
        stage.service.tokens().org().delete(&admin, "metrics").await.unwrap();
        let kept = stage.put_integration(&admin, &made, azure("metrics")).await;
        assert_eq!(status(&kept), 200, "a stored reference may point to a deleted token");
        let validated = stage.service.integrations().validate(&admin, made.id).await.unwrap();
        assert!(matches!(&validated, CheckOutcome::Failed(reason) if reason.contains("namedToken")), "{validated:?}");
    }

    async fn each_validation_is_recorded_with_its_outcome(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let made = stage.integration(&admin, json!({"type": "PagerDuty", "name": "pd"})).await;
        let validated = stage.service.integrations().validate(&admin, made.id).await.unwrap();
        assert_eq!(validated, CheckOutcome::Failed("apiKey: is missing".to_owned()));
        stage.put_integration(&admin, &made, json!({"name": "pd", "apiKey": SECRET})).await.unwrap();
        stage.service.integrations().validate(&admin, made.id).await.unwrap();
        let history = stage.history(made.id).await;
        let outcomes: Vec<_> = history.iter().filter(|event| event.action == Action::Validate).collect();
        let outcomes: Vec<_> = outcomes.iter().map(|event| event.changes[0].after.clone().unwrap()).collect();
        let nowhere = json!("not tried: Its settings name no host to connect to.");
        assert_eq!(outcomes, [nowhere, json!("failed: apiKey: is missing")]);
        assert!(!format!("{history:?}").contains(SECRET));
    }

    async fn an_aws_integration_has_its_own_permanent_external_id(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let stub = json!({"type": "AWSCloudWatch", "name": "aws", "authMethod": "ExternalId", "enabled": false, "externalId": "mine"});
        let made = stage.integration(&admin, stub.clone()).await;
        let other = stage.integration(&admin, stub).await;
        let external_id = made.document["externalId"].as_str().unwrap();
        assert!(external_id.len() == 20 && external_id.bytes().all(|letter| letter.is_ascii_lowercase()), "{external_id}");
        assert_ne!(made.document["externalId"], other.document["externalId"]);
        assert_eq!(made.document["sfxAwsAccountArn"], "arn:aws:iam::000000000000:root");
        let full = json!({"authMethod": "ExternalId", "enabled": true, "roleArn": "arn:aws:iam::1:role/x"});
        let after = stage.put_integration(&admin, &made, full).await.unwrap();
        assert_eq!(after.document["externalId"], made.document["externalId"]);
        assert_eq!(field(stage.put_integration(&admin, &made, json!({"authMethod": "ExternalId"})).await), "roleArn");
    }

    async fn integrations_have_info(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Grace", Role::Admin).await;
        let reader = stage.caller("Eve", Role::ReadOnly).await;
        let made = stage.integration(&admin, json!({"type": "PagerDuty", "name": "pd", "apiKey": SECRET})).await;
        stage.put_integration(&admin, &made, json!({"apiKey": "another"})).await.unwrap();
        let info = stage.info(&admin, ObjectType::Integration, made.id).await.unwrap();
        assert_eq!((info.object.name.as_str(), info.created.as_ref().unwrap().actor_name.as_str()), ("pd", "Grace"));
        assert_eq!(info.updated_fields, ["apiKey"]);
        assert!(!format!("{info:?}").contains(SECRET));
        let info = stage.info(&reader, ObjectType::Integration, made.id).await.unwrap();
        assert_eq!((info.created.as_ref().unwrap().actor_name.as_str(), info.history), ("Grace", None));
    }
}
