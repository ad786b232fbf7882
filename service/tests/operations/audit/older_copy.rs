//! An older copy of the database is found by the checkpoint file.

use domain::identity::role::Role;
use serde_json::json;
use service::{FaultKind, Service};
use testbed::on_both;

use crate::support::Stage;

on_both! {
    async fn an_older_copy_is_reported_with_the_first_checkpoint_that_it_lacks(database: Database) {
        let stage = Stage::set_up(database).await;
        let ada = stage.caller("Ada", Role::Admin).await;
        let file = stage.database.folder.path().join("checkpoints.ndjson");
        let missing = async |service: &Service| service.audit().find_missing_checkpoint(&file).await.unwrap();
        assert_eq!(missing(&stage.service).await, None, "there is no file yet, and none is created");
        stage.service.audit().make_checkpoints().await.unwrap();
        for name in ["CPU", "Memory"] {
            stage.dashboard(&ada, json!({"name": name})).await;
            stage.service.audit().make_checkpoints().await.unwrap();
        }
        stage.service.close().await.unwrap();
        let node = stage.another_node().await;
        assert_eq!(missing(&node).await, None);
        node.close().await.unwrap();
        stage.database.tamper("DELETE FROM seal WHERE number > 1").await;

        let node = stage.another_node().await;
        assert_eq!(missing(&node).await, Some(2));
        node.close().await.unwrap();
        let node = stage.another_node().await;
        let faults = node.list_database_faults().await.unwrap();
        let [fault] = &faults[..] else { panic!("{faults:?}") };
        assert_eq!(fault.kind, FaultKind::OlderCopy);
        assert!(fault.detail.starts_with("The database lacks checkpoint 2 of the checkpoint file"), "{}", fault.detail);
        node.close().await.unwrap();
    }
}
