//! A server with another master key than that of the database, or without one.

use std::path::PathBuf;

use service::{OpenError, Service, Settings};
use testbed::on_both;

use crate::support::{Stage, server_settings, settings};

/// The message with which a service does not open.
async fn refusal(settings: Settings) -> String {
    let opened = Service::open(settings).await;
    let error = opened.map(drop).unwrap_err();
    assert!(matches!(error, OpenError::MasterKey(_)), "{error:?}");
    error.to_string()
}

/// The settings of a server and of another command.
fn both(stage: &Stage) -> [Settings; 2] {
    let (database, clock) = (&stage.database, &stage.clock);
    [server_settings(database, clock), settings(database, clock)]
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
    async fn nothing_starts_with_another_key_than_that_of_the_servers(database: Database) {
        let stage = Stage::set_up(database).await;
        serve(&stage).await;
        let file = key_file(&stage);
        let key = std::fs::read(&file).unwrap();
        std::fs::write(&file, [7; 32]).unwrap();
        let stored = stored_key_ids(&stage).await.remove(0);
        for settings in both(&stage) {
            let refused = refusal(settings).await;
            assert!(refused.contains(&stored) && refused.contains("master.key"), "{refused}");
        }
        std::fs::write(&file, key).unwrap();
        serve(&stage).await;
    }

    async fn nothing_starts_without_the_key_of_its_data_or_creates_one(database: Database) {
        let stage = Stage::set_up(database).await;
        serve(&stage).await;
        let file = key_file(&stage);
        let elsewhere = stage.database.folder.path().join("backup");
        std::fs::rename(&file, &elsewhere).unwrap();
        for settings in both(&stage) {
            assert!(refusal(settings).await.contains("restore"));
            assert!(!file.exists());
        }
        std::fs::rename(&elsewhere, &file).unwrap();
        serve(&stage).await;
    }

    async fn the_first_server_decides_which_key_is_right(database: Database) {
        let stage = Stage::set_up(database).await;
        assert!(stored_key_ids(&stage).await.is_empty(), "a command decides nothing");
        std::fs::write(key_file(&stage), [7; 32]).unwrap();
        serve(&stage).await;
        assert_eq!(stored_key_ids(&stage).await.len(), 1);
    }
}
