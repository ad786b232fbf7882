//! The rotation of the master key: while servers run, interrupted at each step, and repeated.

mod keys;
mod support;

use std::sync::Arc;

use domain::{
    audit::event::{Action, ObjectType},
    identity::{actor::Caller, role::Role},
    platform::{
        id::Id,
        idempotency::{IdempotencyKey, KeyedRequest},
    },
};
use serde_json::json;
use service::{Access, Finding, RotationStep, Service, Settings, StateDeviation};
use testbed::on_both;

use self::support::key_in;
use crate::{objects::support::document, support::Stage};

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

    async fn forms_of_before_are_accepted_during_a_rotation(database: Database) {
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

    async fn a_repeated_request_gets_the_result_of_before_a_rotation(database: Database) {
        let stage = Stage::set_up(database).await;
        let stored = stage.store_secrets().await;
        let key = IdempotencyKey::parse("a-key-of-before").unwrap();
        let keyed = KeyedRequest::new(key, "POST /v2/token", &[b"{}"]);
        let caller = Caller { keyed: Some(Arc::new(keyed)), ..stored.admin.clone() };
        let given = document(json!({"name": "once"}));
        let issue = async |node: &Service| {
            let issued = node.tokens().org().issue(&caller, &given).await.unwrap();
            (issued.token.id, issued.secret.unwrap().to_string())
        };
        let before = issue(&stage.service).await;
        stage.rotate().await;
        assert_eq!(issue(&stage.another_node().await).await, before);
    }

    async fn rows_are_compared_with_the_states_of_before_a_rotation(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.store_secrets().await;
        let ada = stage.member("Ada", Role::Power).await.id.to_string();
        stage.rotate().await;
        let node = stage.another_node().await;
        let find = async || {
            let findings = node.audit().verify_states().await.unwrap().findings;
            findings.into_iter().map(|found| (found.id, found.deviation)).collect::<Vec<_>>()
        };
        assert_eq!(find().await, []);
        stage.database.tamper(&format!("UPDATE member SET roles = 'admin' WHERE id = '{ada}'")).await;
        let found = find().await;
        assert!(
            matches!(&found[..], [(id, StateDeviation::Changed { fields, .. })] if *id == ada && fields[..] == ["roles"]),
            "{found:?}"
        );
        // The event has no MAC of a key that is accepted, and is not as its checkpoint covers it.
        let edit = format!("UPDATE audit_event SET state = replace(state, 'member:{ada}:', 'member:{ada}x:')");
        stage.database.tamper(&edit).await;
        assert_eq!(find().await, [(ada, StateDeviation::Added)]);
    }
}
