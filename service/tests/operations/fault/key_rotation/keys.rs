//! The keys of a rotation: wrong ones, one that is given, and the one that a backup needs.

use std::{fs, os::unix::fs::PermissionsExt as _};

use service::{
    Access, ErrorChain, KeyRotator, RotationFiles, RotationStep, Service, Settings, restore,
};
use testbed::on_both;

use super::support::key_in;
use crate::support::Stage;

on_both! {
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
        let refused = ErrorChain(&refused).to_string();
        assert!(
            refused.contains(&rotated.old) && refused.contains(&rotated.new),
            "{refused}"
        );
        restore(&elsewhere("master.key.old"), &backup)
            .await
            .unwrap();
        let restored = Service::open(elsewhere("master.key.old")).await.unwrap();
        stage.assert_readable(&restored, &stored).await;
    });
}
