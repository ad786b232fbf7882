//! The rotation of the master key: while servers run, interrupted at each step, repeated, and with wrong keys.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use domain::{
    audit::event::{Action, ObjectType},
    identity::{actor::Caller, role::Role},
    objects::object::Object,
    platform::id::Id,
};
use serde_json::json;
use service::{
    Access, Finding, KeyRotator, MasterKey, RotatedKey, RotationFiles, RotationStep, Service,
    Settings, restore,
};
use testbed::{on_both, tokio};

use crate::{
    objects::support::document,
    support::{Stage, request, server_settings, settings},
};

const SECRET: &str = "hunter2-of-rotations";

/// Objects with secrets, and a caller who may read them.
struct Stored {
    admin: Caller,
    org_token: Id,
    secret: String,
    integration: Object,
    detector: Object,
}

impl Stage {
    fn key_path(&self, name: &str) -> PathBuf {
        self.database.folder.path().join(name)
    }

    fn key_settings(&self, access: Access) -> Settings {
        Settings {
            access,
            operator: Some("user ada; host db1".to_owned()),
            ..settings(&self.database, &self.clock)
        }
    }

    /// A process of the command line, with the key in the key file.
    async fn command(&self) -> Service {
        Service::open(self.key_settings(Access::Change))
            .await
            .unwrap()
    }

    fn files(&self) -> RotationFiles {
        RotationFiles::of(&self.key_settings(Access::Change), None)
    }

    /// A rotation that begins in this process, or continues.
    async fn rotator(&self) -> KeyRotator {
        KeyRotator::new(self.command().await, self.files())
    }

    /// Does a step. The clock passes the time for which it waits, in which nodes read the change feed.
    async fn step(&self, rotator: &KeyRotator) -> RotationStep {
        let done = rotator.step().await.unwrap();
        self.service.audit().catch_up().await.unwrap();
        if let RotationStep::Waiting(time) = done {
            self.pass_millis(i64::try_from(time.as_millis()).unwrap() + 1);
        }
        done
    }

    async fn rotate(&self) -> RotatedKey {
        let rotator = self.rotator().await;
        loop {
            if let RotationStep::Finished(rotated) = self.step(&rotator).await {
                return rotated;
            }
        }
    }

    async fn store_secrets(&self) -> Stored {
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
    async fn assert_readable(&self, node: &Service, stored: &Stored) {
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
    async fn work(&self, node: &Service, stored: &Stored, number: usize) -> (Id, String) {
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

    async fn assert_unchanged_log(&self, node: &Service) {
        let found = node.audit().verify(None).await.unwrap().findings;
        assert_eq!(found, []);
        assert_eq!(node.list_database_faults().await.unwrap(), []);
    }

    /// The message with which a process with the key in this file does not start.
    async fn refused(&self, key: &Path) -> String {
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

fn key_in(path: &Path) -> MasterKey {
    MasterKey::parse(&hex::encode(fs::read(path).unwrap())).unwrap()
}

on_both! {
    async fn a_rotation_under_running_nodes_loses_nothing(database: Database) {
        let stage = Stage::set_up(database).await;
        let stored = stage.store_secrets().await;
        let other = stage.another_node().await;
        let rotator = stage.rotator().await;
        let mut issued = Vec::new();
        let rotated = loop {
            let done = stage.step(&rotator).await;
            other.audit().catch_up().await.unwrap();
            for node in [&stage.service, &other] {
                issued.push(stage.work(node, &stored, issued.len()).await);
                stage.assert_readable(node, &stored).await;
                stage.assert_unchanged_log(node).await;
            }
            if let RotationStep::Finished(rotated) = done {
                break rotated;
            }
        };
        assert_eq!(rotated.unreadable, 0);
        let event = stage.history(Id::from_bits(0)).await.remove(0);
        assert_eq!((event.action, event.object.kind), (Action::Rotate, ObjectType::MasterKey));
        assert_eq!(event.by.request.client.as_ref(), "countersign (user ada; host db1)");
        assert_eq!((event.changes[0].before.clone(), event.changes[0].after.clone()), (Some(json!(rotated.old)), Some(json!(rotated.new))));

        let late = stage.another_node().await;
        for node in [&late, &stage.service, &other] {
            stage.assert_readable(node, &stored).await;
            stage.assert_unchanged_log(node).await;
            for (id, secret) in &issued {
                let revealed = node.tokens().org().reveal(&stored.admin, *id).await.unwrap();
                assert_eq!(revealed.as_str(), secret);
            }
        }
        let status = late.key_status().await.unwrap();
        assert_eq!((status.accepted, status.active.as_str(), status.rotation), (vec![rotated.new.clone()], rotated.new.as_str(), None));
        let refused = stage.refused(&stage.key_path("master.key.old")).await;
        assert!(refused.contains(&rotated.old) && refused.contains("was encrypted under the key"), "{refused}");
    }

    async fn a_rotation_that_is_killed_after_any_step_continues_with_either_key(database: Database) {
        let stage = Stage::set_up(database).await;
        let stored = stage.store_secrets().await;
        let old = key_in(&stage.key_path("master.key"));
        let mut steps = Vec::new();
        loop {
            // Dropped like a process that is killed: nothing is closed.
            let rotator = stage.rotator().await;
            let done = stage.step(&rotator).await;
            drop(rotator);
            if let RotationStep::Finished(_) = done {
                break;
            }
            let mut keys = vec![old.clone()];
            if done != RotationStep::KeyWritten(stage.key_path("master.key.new")) {
                let new = [stage.key_path("master.key.new"), stage.key_path("master.key")];
                keys.push(key_in(new.iter().find(|path| path.exists()).unwrap()));
            }
            for (at, key) in keys.into_iter().enumerate() {
                let with_key = Settings { master_key: Some(key), ..stage.key_settings(Access::Change) };
                let node = Service::open(with_key).await.unwrap();
                stage.assert_readable(&node, &stored).await;
                stage.work(&node, &stored, steps.len() * 2 + at).await;
                stage.assert_unchanged_log(&node).await;
                node.close().await.unwrap();
            }
            steps.push(done);
        }
        let is_walk = |step: &RotationStep| matches!(step, RotationStep::Reencrypted(_));
        assert!(steps.iter().filter(|step| is_walk(step)).count() >= 3, "{steps:?}");
        assert!(steps.contains(&RotationStep::FileReplaced(stage.key_path("master.key.old"))), "{steps:?}");
        let node = stage.another_node().await;
        stage.assert_readable(&node, &stored).await;
        stage.assert_unchanged_log(&node).await;
    }

    async fn a_second_rotation_follows_the_first_and_checkpoints_of_all_keys_are_verified(database: Database) {
        let stage = Stage::set_up(database).await;
        let stored = stage.store_secrets().await;
        let first = stage.rotate().await;
        stage.work(&stage.service, &stored, 1).await;
        let second = stage.rotate().await;
        assert_eq!(first.new, second.old);
        // A node that has run since before the first rotation.
        stage.assert_readable(&stage.service, &stored).await;
        let node = stage.another_node().await;
        stage.assert_readable(&node, &stored).await;
        stage.assert_unchanged_log(&node).await;
        let names = ["master.key.old".to_owned(), format!("master.key.old.{}", first.old)];
        for name in names {
            let refused = stage.refused(&stage.key_path(&name)).await;
            assert!(refused.contains(&second.new), "{refused}");
        }

        // Hand-overs that were changed with SQL.
        let verify = async || node.audit().verify(None).await.unwrap().findings;
        stage.database.tamper("UPDATE key_handover SET last_seal = last_seal + 1 WHERE number = 1").await;
        assert!(verify().await.contains(&Finding::HandoverForged(1)));
        stage.database.tamper("DELETE FROM key_handover").await;
        assert!(verify().await.contains(&Finding::CheckpointForged(1)));
    }

    async fn two_commands_at_once_rotate_the_key_once(database: Database) {
        let stage = Stage::set_up(database).await;
        let stored = stage.store_secrets().await;
        let (one, two) = (stage.rotator().await, stage.rotator().await);
        let finished = loop {
            let done = stage.step(&one).await;
            stage.step(&two).await;
            if let RotationStep::Finished(rotated) = done {
                break rotated;
            }
        };
        assert_eq!(stage.step(&two).await, RotationStep::Finished(finished));
        let node = stage.another_node().await;
        assert_eq!(node.key_status().await.unwrap().version, 3);
        stage.assert_readable(&node, &stored).await;
        stage.assert_unchanged_log(&node).await;
    }

    async fn a_wrong_new_key_changes_nothing(database: Database) {
        let stage = Stage::set_up(database).await;
        let given = stage.key_path("given");
        let key = fs::read(stage.key_path("master.key")).unwrap();
        let command = stage.command().await;
        let files = RotationFiles::of(&stage.key_settings(Access::Change), Some(given.clone()));
        for (content, mode, expected) in [
            (vec![], 0o600, "does not hold 32 bytes"),
            (vec![7; 31], 0o600, "does not hold 32 bytes"),
            (key.clone(), 0o600, "has the master key that is in use"),
            (vec![7; 32], 0o644, "can be read by others"),
        ] {
            fs::write(&given, content).unwrap();
            fs::set_permissions(&given, fs::Permissions::from_mode(mode)).unwrap();
            let refused = KeyRotator::new(command.clone(), files.clone()).step().await.unwrap_err();
            assert!(refused.to_string().contains(expected), "{refused}");
        }
        fs::remove_file(&given).unwrap();
        let refused = KeyRotator::new(command.clone(), files.clone()).step().await.unwrap_err();
        assert!(refused.to_string().contains("given"), "{refused}");
        assert_eq!(command.key_status().await.unwrap().version, 0);
        assert_eq!(fs::read(stage.key_path("master.key")).unwrap(), key);
        assert!(!stage.key_path("master.key.new").exists());

        // Another key than that of the rotation that is not finished.
        let rotator = stage.rotator().await;
        while stage.step(&rotator).await != RotationStep::Activated {}
        fs::write(&given, [7; 32]).unwrap();
        fs::set_permissions(&given, fs::Permissions::from_mode(0o600)).unwrap();
        let refused = KeyRotator::new(command, files).step().await.unwrap_err();
        assert!(refused.to_string().contains("is not finished"), "{refused}");
    }

    async fn a_given_key_is_used_where_the_key_is_in_the_environment(database: Database) {
        let mut stage = Stage::set_up(database).await;
        let stored = stage.store_secrets().await;
        let given = stage.key_path("given");
        fs::write(&given, [7; 32]).unwrap();
        fs::set_permissions(&given, fs::Permissions::from_mode(0o600)).unwrap();
        let before = Settings { master_key: Some(key_in(&stage.key_path("master.key"))), ..stage.key_settings(Access::Change) };
        let files = RotationFiles::of(&before, Some(given.clone()));
        let command = Service::open(before.clone()).await.unwrap();
        let rotator = KeyRotator::new(command, files.clone());
        while !matches!(stage.step(&rotator).await, RotationStep::Finished(_)) {}
        assert_eq!(files.finished_file(), given);
        assert!(!stage.key_path("master.key.new").exists());
        assert!(Service::open(before).await.is_err());
        let after = Settings { master_key: Some(key_in(&given)), ..stage.key_settings(Access::Change) };
        let node = Service::open(after).await.unwrap();
        stage.assert_readable(&node, &stored).await;
        stage.states.give_key(key_in(&given));
    }

    async fn forms_and_repeated_requests_of_before_are_accepted_during_a_rotation(database: Database) {
        let stage = Stage::set_up(database).await;
        let stored = stage.store_secrets().await;
        let token = stage.service.identity().form_token(&stored.admin, "/tokens").unwrap();
        let rotator = stage.rotator().await;
        while stage.step(&rotator).await != RotationStep::Activated {}
        let node = stage.another_node().await;
        assert!(node.identity().accepts_form_token(&stored.admin, "/tokens", &token));
        assert_ne!(node.identity().form_token(&stored.admin, "/tokens").unwrap(), token);
        while !matches!(stage.step(&rotator).await, RotationStep::Finished(_)) {}
        let node = stage.another_node().await;
        assert!(!node.identity().accepts_form_token(&stored.admin, "/tokens", &token));
    }
}

#[test]
fn a_backup_from_before_a_rotation_needs_the_old_key_and_names_it() {
    testbed::run(async {
        let stage = Stage::set_up(testbed::sqlite()).await;
        let stored = stage.store_secrets().await;
        stage.service.audit().make_checkpoints().await.unwrap();
        let reader = Service::open(stage.key_settings(Access::Read))
            .await
            .unwrap();
        let backup = stage.key_path("backup");
        let made = reader.back_up(&backup).await.unwrap();
        let rotator = stage.rotator().await;
        while stage.step(&rotator).await != RotationStep::Announced {}
        let during = Service::open(stage.key_settings(Access::Read))
            .await
            .unwrap();
        let during = during.back_up(&stage.key_path("during")).await.unwrap();
        assert_eq!(during.key_ids.len(), 2);
        drop(rotator);
        let rotated = stage.rotate().await;
        assert_eq!(
            (made.key_ids, &during.key_ids[0]),
            (vec![rotated.old.clone()], &rotated.old)
        );

        let folder = tempfile::tempdir().unwrap();
        let elsewhere = |key: &str| Settings {
            database_url: format!("sqlite:{}", folder.path().join("restored.db").display()),
            master_key_file: Some(stage.key_path(key)),
            checkpoint_file: None,
            ..stage.key_settings(Access::Migrate)
        };
        let refused = restore(&elsewhere("master.key"), &backup)
            .await
            .unwrap_err();
        let refused = format!("{:#}", anyhow_chain(&refused));
        assert!(
            refused.contains(&rotated.old) && refused.contains(&rotated.new),
            "{refused}"
        );
        restore(&elsewhere("master.key.old"), &backup)
            .await
            .unwrap();
        let restored = Service::open(elsewhere("master.key.old")).await.unwrap();
        stage.assert_readable(&restored, &stored).await;
        tokio::task::yield_now().await;
    });
}

/// The messages of an error and its sources.
fn anyhow_chain(error: &(dyn std::error::Error + 'static)) -> String {
    service::ErrorChain(error).to_string()
}
