//! A process with another master key than that of the database, or without one.

use std::path::PathBuf;

use service::{Access, MasterKey, OpenError, Service, Settings};
use testbed::on_both;

use crate::support::{Stage, server_settings, settings};

/// The message with which a service does not open.
async fn refusal(settings: Settings) -> String {
    let opened = Service::open(settings).await;
    let error = opened.map(drop).unwrap_err();
    assert!(matches!(error, OpenError::MasterKey(_)), "{error:?}");
    error.to_string()
}

/// The settings of a server and of other commands.
fn all(stage: &Stage) -> Vec<Settings> {
    let (database, clock) = (&stage.database, &stage.clock);
    let accesses = [Access::Migrate, Access::SetUp, Access::Change, Access::Read];
    let commands = accesses.map(|access| Settings {
        access,
        ..settings(database, clock)
    });
    [[server_settings(database, clock)].as_slice(), &commands].concat()
}

/// Starts and stops a server.
async fn serve(stage: &Stage) {
    let server = Service::open(server_settings(&stage.database, &stage.clock)).await;
    server.unwrap().close().await.unwrap();
}

fn key_file(stage: &Stage) -> PathBuf {
    stage.database.folder.path().join("master.key")
}

async fn stored_key_ids(stage: &Stage) -> Vec<String> {
    stage.database.texts("SELECT key_id FROM master_key").await
}

on_both! {
    async fn nothing_starts_with_another_key_than_that_of_the_database(database: Database) {
        let stage = Stage::set_up(database).await;
        let file = key_file(&stage);
        let key = std::fs::read(&file).unwrap();
        std::fs::write(&file, [7; 32]).unwrap();
        let stored = stored_key_ids(&stage).await.remove(0);
        for settings in all(&stage) {
            let refused = refusal(settings).await;
            assert!(refused.contains(&stored) && refused.contains("master.key"), "{refused}");
        }
        std::fs::write(&file, key).unwrap();
        serve(&stage).await;
    }

    async fn nothing_starts_without_the_key_of_its_data_or_creates_one(database: Database) {
        let stage = Stage::set_up(database).await;
        // As a version left it that did not store the key.
        for forget in ["SELECT 1", "DELETE FROM master_key"] {
            stage.database.tamper(forget).await;
            let file = key_file(&stage);
            let elsewhere = stage.database.folder.path().join("backup");
            std::fs::rename(&file, &elsewhere).unwrap();
            for settings in all(&stage) {
                assert!(refusal(settings).await.contains("restore"));
                assert!(!file.exists());
            }
            std::fs::rename(&elsewhere, &file).unwrap();
        }
        serve(&stage).await;
        assert_eq!(stored_key_ids(&stage).await.len(), 1);
    }

    async fn a_second_node_without_the_key_of_the_first_creates_none(database: Database) {
        let stage = Stage::set_up(database).await;
        let file = stage.database.folder.path().join("second.key");
        let second = || Settings {
            master_key_file: Some(file.clone()),
            ..server_settings(&stage.database, &stage.clock)
        };
        assert!(refusal(second()).await.contains("restore"));
        assert!(!file.exists());
        std::fs::copy(key_file(&stage), &file).unwrap();
        Service::open(second()).await.unwrap().close().await.unwrap();
    }

    async fn a_database_that_does_not_know_its_key_starts_with_that_of_its_checkpoints(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.with_checkpoints().await;
        stage.database.tamper("DELETE FROM master_key").await;
        let file = key_file(&stage);
        let key = std::fs::read(&file).unwrap();
        std::fs::write(&file, [7; 32]).unwrap();
        for settings in all(&stage) {
            let refused = refusal(settings).await;
            assert!(refused.contains("did not sign"), "{refused}");
        }
        std::fs::write(&file, key).unwrap();
        serve(&stage).await;
        assert_eq!(stored_key_ids(&stage).await.len(), 1);
    }

    async fn a_key_id_that_was_written_by_hand_does_not_make_a_key_right(database: Database) {
        let stage = Stage::set_up(database).await;
        let own = stored_key_ids(&stage).await.remove(0);
        let other = Stage::set_up(testbed::sqlite()).await;
        std::fs::copy(key_file(&other), key_file(&stage)).unwrap();
        let given = stored_key_ids(&other).await.remove(0);
        stage.database.tamper(&format!("UPDATE master_key SET key_id = '{given}' WHERE key_id = '{own}'")).await;
        for settings in all(&stage) {
            let refused = refusal(settings).await;
            assert!(refused.contains("check value"), "{refused}");
        }
    }

    async fn the_key_may_be_given_instead_of_a_file(database: Database) {
        let file = database.folder.path().join("master.key");
        let mut stage = Stage::set_up(database).await;
        let key = std::fs::read(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let with = |text: &str| Settings {
            master_key: Some(MasterKey::parse(text).unwrap()),
            ..server_settings(&stage.database, &stage.clock)
        };
        Service::open(with(&text)).await.unwrap().close().await.unwrap();
        let refused = refusal(with(&"07".repeat(32))).await;
        assert!(refused.contains("COUNTERSIGN_MASTER_KEY"), "{refused}");
        assert!(!file.exists());
        stage.states.give_key(MasterKey::parse(&text).unwrap());
    }
}
