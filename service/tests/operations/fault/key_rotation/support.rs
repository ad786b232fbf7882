//! A rotation step by step, and secrets that must outlive it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use domain::{
    identity::{actor::Caller, role::Role},
    objects::object::Object,
    platform::id::Id,
};
use serde_json::json;
use service::{
    Access, KeyRotator, MasterKey, RotatedKey, RotationFiles, RotationStep, Service, Settings,
};

use crate::{
    objects::support::document,
    support::{Stage, request, server_settings, settings},
};

const SECRET: &str = "hunter2-of-rotations";

/// Objects with secrets, and a caller who may read them.
pub(super) struct Stored {
    pub(super) admin: Caller,
    pub(super) org_token: Id,
    pub(super) secret: String,
    pub(super) integration: Object,
    pub(super) detector: Object,
}

impl Stage {
    pub(super) fn key_path(&self, name: &str) -> PathBuf {
        self.database.folder.path().join(name)
    }

    pub(super) fn key_settings(&self, access: Access) -> Settings {
        Settings {
            access,
            operator: Some("user ada; host db1".to_owned()),
            ..settings(&self.database, &self.clock)
        }
    }

    /// A process of the command line, with the key in the key file.
    pub(super) async fn command(&self) -> Service {
        Service::open(self.key_settings(Access::Change))
            .await
            .unwrap()
    }

    pub(super) fn files(&self) -> RotationFiles {
        RotationFiles::of(&self.key_settings(Access::Change), None)
    }

    /// A rotation that begins in this process, or continues.
    pub(super) async fn rotator(&self) -> KeyRotator {
        KeyRotator::new(self.command().await, self.files())
    }

    /// Does a step. The clock passes the time for which it waits, in which nodes read the change feed.
    pub(super) async fn step(&self, rotator: &KeyRotator) -> RotationStep {
        let done = rotator.step().await.unwrap();
        self.service.audit().catch_up().await.unwrap();
        if let RotationStep::Waiting(time) = done {
            self.pass_millis(i64::try_from(time.as_millis()).unwrap() + 1);
        }
        done
    }

    pub(super) async fn rotate(&self) -> RotatedKey {
        let rotator = self.rotator().await;
        loop {
            if let RotationStep::Finished(rotated) = self.step(&rotator).await {
                return rotated;
            }
        }
    }

    pub(super) async fn store_secrets(&self) -> Stored {
        let admin = self.caller("Grace", Role::Admin).await;
        let session = self.browser("grace@example.com").await;
        let given = document(json!({"name": "ci", "notifications": [
            {"type": "Webhook", "url": "https://w/k3y", "secret": SECRET}
        ]}));
        let issued = self
            .service
            .tokens()
            .org()
            .issue(&session, &given)
            .await
            .unwrap();
        let given =
            json!({"type": "Webhook", "name": "w", "url": "https://x", "sharedSecret": SECRET});
        let made = self
            .service
            .integrations()
            .create(&admin, &document(given))
            .await;
        let rule = json!({"detectLabel": "x", "severity": "Info", "notifications": [
            {"type": "Webhook", "url": "https://w/k3y", "secret": SECRET}
        ]});
        let given = json!({"name": "d", "programText": "data('up').publish('x')", "rules": [rule]});
        let detector = self
            .service
            .objects()
            .create_detector(&admin, &document(given))
            .await;
        Stored {
            admin: session,
            org_token: issued.token.id,
            secret: issued.secret.unwrap().to_string(),
            integration: made.unwrap().integration,
            detector: detector.unwrap(),
        }
    }

    /// Reads all secrets on a node.
    pub(super) async fn assert_readable(&self, node: &Service, stored: &Stored) {
        let admin = &stored.admin;
        let revealed = node.tokens().org().reveal(admin, stored.org_token).await;
        assert_eq!(revealed.unwrap().as_str(), stored.secret);
        let used = node
            .tokens()
            .authenticate(stored.secret.as_bytes(), request())
            .await;
        assert_eq!(used.unwrap().actor().id(), stored.org_token);
        let token = node
            .tokens()
            .org()
            .find_by_id(admin, stored.org_token)
            .await
            .unwrap();
        assert!(
            json!(token.document).to_string().contains(SECRET),
            "{:?}",
            token.document
        );
        let mut view = node
            .integrations()
            .find(admin, stored.integration.id)
            .await
            .unwrap();
        node.integrations()
            .reveal(admin, std::slice::from_mut(&mut view))
            .await
            .unwrap();
        assert_eq!(view.integration.document["sharedSecret"], SECRET);
        let detector = node
            .objects()
            .find_detector(admin, stored.detector.id)
            .await
            .unwrap();
        assert!(
            json!(detector.document).to_string().contains(SECRET),
            "{:?}",
            detector.document
        );
    }

    /// Changes an integration, issues an org token, and makes a checkpoint on a node.
    pub(super) async fn work(
        &self,
        node: &Service,
        stored: &Stored,
        number: usize,
    ) -> (Id, String) {
        let given = json!({"name": format!("w{number}"), "url": "https://x"});
        let updated = node
            .integrations()
            .update(&stored.admin, stored.integration.id, &document(given))
            .await;
        updated.unwrap();
        let given = document(json!({"name": format!("token {number}")}));
        let issued = node
            .tokens()
            .org()
            .issue(&stored.admin, &given)
            .await
            .unwrap();
        node.audit().make_checkpoints().await.unwrap();
        (issued.token.id, issued.secret.unwrap().to_string())
    }

    pub(super) async fn assert_unchanged_log(&self, node: &Service) {
        let found = node.audit().verify(None).await.unwrap().findings;
        assert_eq!(found, []);
        assert_eq!(node.list_database_faults().await.unwrap(), []);
    }

    /// The message with which a process with the key in this file does not start.
    pub(super) async fn refused(&self, key: &Path) -> String {
        let settings = Settings {
            master_key_file: Some(key.to_owned()),
            ..server_settings(&self.database, &self.clock)
        };
        Service::open(settings)
            .await
            .map(drop)
            .unwrap_err()
            .to_string()
    }
}

pub(super) fn key_in(path: &Path) -> MasterKey {
    MasterKey::parse(&hex::encode(fs::read(path).unwrap())).unwrap()
}
