//! The log tree: verified with the public key alone, against a checkpoint that an auditor received, by tiles and proofs.

use std::fs;

use domain::identity::role::Role;
use service::{
    Access, Evidence, EvidenceError, Finding, InvalidNote, KeepDays, LogVerdict, RemovalRun,
    ServiceError, Settings, TreeFinding, verify_log,
};
use testbed::{Database, on_both};

use crate::support::{Stage, settings};

/// Removes the rows after the first checkpoint, with everything that shows them.
const TRUNCATE: [&str; 5] = [
    "DELETE FROM audit_event WHERE number > (SELECT last_event FROM seal WHERE number = 1)",
    "DELETE FROM call_block WHERE sources LIKE '%Grace%'",
    "UPDATE counter SET value = (SELECT last_event FROM seal WHERE number = 1) WHERE name = 'audit_event'",
    "DELETE FROM seal WHERE number > 1",
    "DELETE FROM tree_checkpoint WHERE seal > 1",
];

/// What an auditor keeps: the public key and a checkpoint.
struct Kept {
    key: String,
    checkpoint: String,
}

impl Stage {
    async fn evidence(&self) -> Kept {
        let state = self.service.audit().log_state().await.unwrap();
        Kept {
            key: state.public_key,
            checkpoint: state.note,
        }
    }

    /// The settings of a process that reads the database and has no master key.
    pub(crate) fn reading(&self) -> Settings {
        Settings {
            access: Access::Read,
            master_key_file: Some(self.database.folder.path().join("none.key")),
            ..settings(&self.database, &self.clock)
        }
    }

    async fn verified(&self, auditor: &Kept) -> Result<LogVerdict, EvidenceError> {
        let evidence = Evidence {
            public_key: &auditor.key,
            checkpoint: Some(&auditor.checkpoint),
        };
        verify_log(&self.reading(), evidence).await
    }

    async fn found_by(&self, auditor: &Kept) -> Vec<Finding> {
        self.verified(auditor).await.unwrap().verdict.findings
    }

    /// What an auditor finds after these statements ran directly on the database.
    async fn found_by_after(&self, auditor: &Kept, statements: &[&str]) -> Vec<Finding> {
        for statement in statements {
            self.database.tamper(statement).await;
        }
        self.found_by(auditor).await
    }

    /// A stage with two checkpoints, and an auditor who has the newest.
    async fn audited(database: Database) -> (Self, Kept) {
        let stage = Self::set_up(database).await;
        assert_eq!(stage.with_checkpoints().await.findings, []);
        let auditor = stage.evidence().await;
        (stage, auditor)
    }
}

on_both! {
    async fn an_unmodified_log_passes_with_the_public_key_alone(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        let LogVerdict { verdict, has_organization } = stage.verified(&auditor).await.unwrap();
        assert_eq!((verdict.findings, verdict.checkpoints, verdict.blocks), (vec![], 2, 2));
        assert_eq!(verdict.leaves, verdict.events + verdict.blocks + 1, "the first leaf is the start of the tree");
        assert!(has_organization);
        // The log grows, also by another node, and the auditor's checkpoint stays valid.
        stage.browser("mary@example.com").await;
        stage.another_node().await.audit().make_checkpoints().await.unwrap();
        stage.call("Mary", 3).await;
        stage.service.audit().make_checkpoints().await.unwrap();
        assert_eq!(stage.found_by(&auditor).await, []);
        assert_eq!(stage.findings().await.findings, []);
    }

    async fn each_change_of_a_row_is_named(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        let found = stage.found_by_after(&auditor, &["UPDATE audit_event SET actor_name = 'Mallory' WHERE number = 2"]).await;
        assert_eq!(found, [Finding::EventChanged(2)]);
        let found = stage.found_by_after(&auditor, &["DELETE FROM audit_event WHERE number = 3"]).await;
        assert_eq!(found, [Finding::EventMissing(3), Finding::EventChanged(2)]);
        let found = stage.found_by_after(&auditor, &[
            "UPDATE audit_event SET number = 1000 WHERE number = 4",
            "UPDATE audit_event SET number = 4 WHERE number = 5",
            "UPDATE audit_event SET number = 5 WHERE number = 1000",
        ]).await;
        let swapped = [Finding::EventChanged(2), Finding::EventChanged(4), Finding::EventChanged(5)];
        assert_eq!(found[1..], swapped);
        let found = stage.found_by_after(&auditor, &[
            "CREATE TABLE copy AS SELECT * FROM audit_event WHERE number = 1",
            "UPDATE copy SET number = 0",
            "INSERT INTO audit_event SELECT * FROM copy",
            "DROP TABLE copy",
        ]).await;
        assert!(found.contains(&Finding::EventInserted(0)), "{found:?}");
    }

    async fn a_truncated_log_is_found_with_the_auditors_checkpoint(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        let before = stage.verified(&auditor).await.unwrap().verdict.leaves;
        let found = stage.found_by_after(&auditor, &TRUNCATE).await;
        let left = stage.verified(&auditor).await.unwrap().verdict.leaves;
        assert_eq!(found, [Finding::Tree(TreeFinding::LeavesMissing(before - left))]);
        assert_eq!(stage.findings().await.findings, [], "the database alone does not show that rows are missing");
        // A log that continues differently has another root hash.
        stage.another_node().await.close().await.unwrap();
        for name in ["Ada", "Grace", "Mary", "Ada", "Grace", "Mary"] {
            stage.browser(&format!("{}@example.com", name.to_lowercase())).await;
        }
        stage.another_node().await.audit().make_checkpoints().await.unwrap();
        let size = Finding::Tree(TreeFinding::GivenDiffers(before));
        assert_eq!(stage.found_by(&auditor).await, [size]);
    }

    async fn checkpoints_that_the_tree_has_are_missed(database: Database) {
        let (stage, _) = Stage::audited(database).await;
        let found = stage.found_after(&TRUNCATE[..4]).await;
        assert_eq!(found, [Finding::CheckpointMissing(2)]);
    }

    async fn a_log_that_is_signed_again_with_the_master_key_is_found(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        // All that is in the database is removed but the rows, and a server with the master key signs them again.
        for table in ["seal", "tree_checkpoint", "tree_hash", "log_key"] {
            stage.database.tamper(&format!("DELETE FROM {table}")).await;
        }
        stage.database.tamper("INSERT INTO unsealed_block (block_id) SELECT id FROM call_block").await;
        let forger = stage.another_node().await;
        forger.audit().make_checkpoints().await.unwrap();
        assert_eq!(forger.audit().verify(None).await.unwrap().findings, [], "the master key does not show it");
        let found = stage.found_by(&auditor).await;
        assert!(found.iter().any(|finding| matches!(finding, Finding::Tree(TreeFinding::Forged(_)))), "{found:?}");
        assert!(found.iter().any(|finding| matches!(finding, Finding::Tree(TreeFinding::GivenDiffers(_)) | Finding::Tree(TreeFinding::LeavesMissing(_)))), "{found:?}");
    }

    async fn changed_hashes_and_signatures_of_the_tree_are_found(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        let zeros = stage.database.bytes_literal(&"00".repeat(32));
        for (change, undo, expected) in [
            ("UPDATE tree_checkpoint SET size = size + 1 WHERE seal = 1", "UPDATE tree_checkpoint SET size = size - 1 WHERE seal = 1", Finding::Tree(TreeFinding::Differs(1))),
            ("UPDATE tree_checkpoint SET seal = 9 WHERE seal = 1", "UPDATE tree_checkpoint SET seal = 1 WHERE seal = 9", Finding::Tree(TreeFinding::Missing(1))),
        ] {
            let found = stage.found_by_after(&auditor, &[change]).await;
            assert!(found.contains(&expected), "{change}: {found:?}");
            let found = stage.findings().await.findings;
            assert!(found.contains(&expected), "{change}: {found:?}");
            assert_eq!(stage.found_by_after(&auditor, &[undo]).await, []);
        }
        let found = stage.found_by_after(&auditor, &[&format!("UPDATE tree_checkpoint SET signature = {zeros} WHERE seal = 2")]).await;
        assert_eq!(found, [Finding::Tree(TreeFinding::Forged(2))]);
        let found = stage.found_by_after(&auditor, &[&format!("UPDATE tree_checkpoint SET root = {zeros} WHERE seal = 0")]).await;
        assert_eq!(found, [Finding::Tree(TreeFinding::StartForged)]);
    }

    async fn a_row_and_its_stored_hash_that_are_both_changed_differ_from_the_root(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        let leaves = stage.database.texts(if stage.database.url.starts_with("sqlite:") {
            "SELECT hex(leaves) FROM seal WHERE number = 1"
        } else {
            "SELECT encode(leaves, 'hex') FROM seal WHERE number = 1"
        }).await.remove(0);
        let flipped = format!("{}{}", if leaves.starts_with('0') { "1" } else { "0" }, &leaves[1..]);
        let flipped = stage.database.bytes_literal(&flipped);
        let found = stage.found_by_after(&auditor, &[&format!("UPDATE seal SET leaves = {flipped} WHERE number = 1")]).await;
        for expected in [Finding::EventChanged(1), Finding::Tree(TreeFinding::Differs(1)), Finding::CheckpointForged(1)] {
            assert!(found.contains(&expected), "{found:?}");
        }
        assert!(found.iter().any(|finding| matches!(finding, Finding::Tree(TreeFinding::GivenDiffers(_)))), "{found:?}");
        // A server does not sign what continues it.
        stage.browser("ada@example.com").await;
        let size = "SELECT CAST(MAX(size) AS TEXT) FROM tree_checkpoint";
        let before = stage.number(size).await;
        assert_eq!(stage.service.audit().make_checkpoints().await.unwrap(), 1);
        assert_eq!(stage.number(size).await, before);
    }

    async fn another_key_and_another_log_are_rejected(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        let other = Stage::set_up(testbed::sqlite()).await;
        other.with_checkpoints().await;
        let other = other.evidence().await;
        let rejected = async |key: &str, checkpoint: &str| {
            let auditor = Kept { key: key.to_owned(), checkpoint: checkpoint.to_owned() };
            match stage.verified(&auditor).await {
                Err(EvidenceError::Invalid(invalid)) => invalid,
                verified => panic!("{verified:?}"),
            }
        };
        assert_eq!(rejected(&auditor.key, &other.checkpoint).await, InvalidNote::Origin);
        assert_eq!(rejected("nothing", &auditor.checkpoint).await, InvalidNote::Key);
        assert_eq!(rejected(&auditor.key, "nothing").await, InvalidNote::Note);
        // The key of another log signs nothing here.
        let found = stage.found_by(&other).await;
        assert!(found.iter().any(|finding| matches!(finding, Finding::Tree(TreeFinding::Forged(_)))), "{found:?}");
    }

    async fn rows_that_retention_removed_are_proven_and_others_are_missed(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        stage.pass_millis(31 * 86_400_000);
        let keep = KeepDays { events: Some(30), ..KeepDays::default() };
        let removed = stage.service.audit().remove_expired(keep, &RemovalRun::at(stage.service.now())).await.unwrap();
        assert!(removed > 0);
        let verdict = stage.verified(&auditor).await.unwrap().verdict;
        assert_eq!((verdict.findings, verdict.removed_events), (vec![], i64::try_from(removed).unwrap()));
        let found = stage.found_by_after(&auditor, &["UPDATE retention SET seal = seal - 1"]).await;
        assert!(found.contains(&Finding::RetentionForged), "{found:?}");
        let verdict = {
            stage.database.tamper("UPDATE retention SET seal = seal + 1, log_signature = NULL").await;
            stage.verified(&auditor).await.unwrap().verdict
        };
        assert_eq!((verdict.findings, verdict.unverified_removal), (vec![], 2), "a mark of an earlier version");
    }

    async fn the_tree_continues_the_chain_of_an_earlier_version(database: Database) {
        let (stage, _) = Stage::audited(database).await;
        for table in ["tree_checkpoint", "tree_hash", "log_key"] {
            stage.database.tamper(&format!("DELETE FROM {table}")).await;
        }
        let node = stage.another_node().await;
        let auditor = stage.evidence().await;
        let verdict = stage.verified(&auditor).await.unwrap().verdict;
        assert_eq!((verdict.findings, verdict.leaves, verdict.checkpoints), (vec![], 1, 2));
        stage.browser("mary@example.com").await;
        node.audit().make_checkpoints().await.unwrap();
        let auditor = stage.evidence().await;
        assert_eq!(stage.found_by(&auditor).await, []);
        // The rows before the tree are verified too, by the hash of the last checkpoint before it.
        let found = stage.found_by_after(&auditor, &["UPDATE audit_event SET client = 'x' WHERE number = 1"]).await;
        assert_eq!(found, [Finding::EventChanged(1)]);
        let found = stage.found_by_after(&auditor, &["UPDATE seal SET at = at + 1 WHERE number = 2"]).await;
        assert!(found.contains(&Finding::Tree(TreeFinding::StartForged)), "{found:?}");
    }

    async fn a_version_without_the_tree_is_caught_up_with(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        stage.database.tamper("DELETE FROM tree_checkpoint WHERE seal = 2").await;
        assert_eq!(stage.findings().await.findings, [Finding::Tree(TreeFinding::Missing(2))]);
        stage.service.audit().make_checkpoints().await.unwrap();
        assert_eq!(stage.found_by(&auditor).await, []);
        assert_eq!(stage.evidence().await.checkpoint, auditor.checkpoint);
    }

    async fn verification_writes_nothing(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        stage.service.close().await.unwrap();
        let before = stage.database.dump().await;
        let files = || fs::read_dir(stage.database.folder.path()).unwrap().count();
        let count = files();
        stage.verified(&auditor).await.unwrap();
        assert!(stage.database.dump().await == before && files() == count);
    }

    async fn a_start_beside_another_start_creates_one_key(database: Database) {
        let stage = Stage::empty(database).await;
        for table in ["tree_checkpoint", "tree_hash", "log_key"] {
            stage.database.tamper(&format!("DELETE FROM {table}")).await;
        }
        let (one, other) = tokio::join!(stage.another_node(), stage.another_node());
        assert_eq!(stage.number("SELECT CAST(COUNT(*) AS TEXT) FROM log_key").await, 1);
        let keys = [one, other].map(async |node| node.audit().log_state().await.unwrap().public_key);
        let [one, other] = keys;
        assert_eq!(one.await, other.await);
    }

    async fn the_private_key_is_stored_encrypted(database: Database) {
        let (stage, _) = Stage::audited(database).await;
        let query = if stage.database.url.starts_with("sqlite:") {
            "SELECT hex(secret) FROM log_key"
        } else {
            "SELECT encode(secret, 'hex') FROM log_key"
        };
        // A nonce, the text of 32 bytes in hexadecimal, and the tag of the cipher.
        assert_eq!(stage.database.texts(query).await[0].len(), 2 * (24 + 64 + 16));
    }

    async fn only_administrators_read_the_proof_of_an_event(database: Database) {
        let (stage, auditor) = Stage::audited(database).await;
        let audit = stage.service.audit();
        let (admin, reader) = (stage.caller("Vera", Role::Admin).await, stage.caller("Rob", Role::ReadOnly).await);
        let proof = audit.prove_event(&admin, 2).await.unwrap();
        assert_eq!((proof.leaf, proof.checkpoint), (2, auditor.checkpoint));
        assert!(proof.text.unwrap().starts_with("[\"audit_event\",{\"number\":2,"));
        assert!(matches!(audit.prove_event(&reader, 2).await, Err(ServiceError::Denied(_))));
        for missing in [i64::MIN, -1, 0, 1_000, i64::MAX] {
            assert!(matches!(audit.prove_event(&admin, missing).await, Err(ServiceError::NotFound(_))), "{missing}");
        }
    }

    async fn a_tile_has_the_hashes_of_the_leaves(database: Database) {
        let (stage, _) = Stage::audited(database).await;
        let audit = stage.service.audit();
        // More leaves than one tile has, in several checkpoints.
        let begin = stage.clock.now();
        for minute in 0..300_u64 {
            let at = begin.plus_millis(i64::try_from(60_001 * minute).unwrap());
            audit.record_call(crate::support::call("Ada", at, minute));
        }
        audit.make_checkpoints().await.unwrap();
        let size = u64::try_from(audit.log_state().await.unwrap().size).unwrap();
        assert!(size > 300);
        let first = audit.read_tile(0, 0, 256).await.unwrap();
        assert_eq!(first.len(), 256 * 32);
        assert_eq!(audit.read_tile(0, 0, 3).await.unwrap(), first[..96]);
        assert_eq!(audit.read_tile(0, 1, size - 256).await.unwrap().len() as u64, (size - 256) * 32);
        assert_eq!(audit.read_tile(1, 0, 1).await.unwrap().len(), 32);
        for (level, index, width) in [(0, 1, size - 255), (1, 0, 2), (2, 0, 1), (0, u64::MAX, 1), (63, 0, 1), (99, 0, 1)] {
            let tile = audit.read_tile(level, index, width).await;
            assert!(matches!(tile, Err(ServiceError::NotFound(_))), "{level} {index} {width}");
        }
        assert_eq!(audit.prove_consistency(1, size).await.unwrap().len(), 9);
        assert!(matches!(audit.prove_consistency(2, size + 1).await, Err(ServiceError::NotFound(_))));
        assert!(matches!(audit.prove_consistency(3, 2).await, Err(ServiceError::NotFound(_))));
        let auditor = stage.evidence().await;
        let zeros = stage.database.bytes_literal(&"00".repeat(32));
        let found = stage.found_by_after(&auditor, &[&format!("UPDATE tree_hash SET hash = {zeros} WHERE level = 1")]).await;
        assert_eq!(found, [Finding::Tree(TreeFinding::HashChanged { level: 1, position: 0 })]);
    }
}
