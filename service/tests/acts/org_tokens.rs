//! Org tokens whose secrets are rotated by many at once: one secret is current, and the record tells each rotation.

use domain::{audit::Action, id::Id, org_token::Rotation, role::Role};
use serde_json::json;
use service::Service;
use testbed::{on_both, tokio::task::JoinSet};

use crate::{
    objects::document,
    support::{Stage, request},
};

/// How many rotate at once.
const CROWD: usize = 50;

impl Stage {
    /// Fifty administrators' calls rotate a new org token at once, on two nodes; its id, its first secret and theirs.
    async fn rotated_by_a_crowd(&self, graceful: &str) -> (Id, Vec<String>) {
        let admin = self.caller("Grace", Role::Admin).await;
        let made = self
            .service
            .issue_org_token(&admin, &document(json!({"name": "ci"})))
            .await
            .unwrap();
        let nodes = [self.service.clone(), self.another_node().await];
        let mut crowd = JoinSet::new();
        for node in nodes.iter().cycle().take(CROWD) {
            let (node, admin) = (node.clone(), admin.clone());
            let rotation = Rotation::parse(Some(graceful), None).unwrap();
            crowd
                .spawn(async move { node.rotate_org_token(&admin, "ci", rotation).await.unwrap() });
        }
        let mut secrets = vec![made.secret.unwrap().to_string()];
        for rotated in crowd.join_all().await {
            secrets.push(rotated.secret.unwrap().to_string());
        }
        (made.token.id, secrets)
    }

    /// The one that is told to whoever reads the token.
    async fn current_secret(&self) -> String {
        let admin = self.browser("grace@example.com").await;
        let read = self.service.find_org_token(&admin, "ci").await.unwrap();
        read.secret.unwrap().to_string()
    }
}

/// Those of the secrets that work here.
async fn working(node: &Service, secrets: &[String]) -> Vec<String> {
    let mut working = Vec::new();
    for secret in secrets {
        if node
            .authenticate(secret.as_bytes(), request())
            .await
            .is_ok()
        {
            working.push(secret.clone());
        }
    }
    working
}

on_both! {
    async fn fifty_rotations_at_once_leave_one_secret_and_a_history_of_each(database: Database) {
        let stage = Stage::set_up(database).await;
        let (id, secrets) = stage.rotated_by_a_crowd("0").await;
        let mut distinct = secrets.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), 1 + CROWD);

        let current = stage.current_secret().await;
        // A node that has not seen a secret asks the database.
        assert_eq!(working(&stage.another_node().await, &secrets).await, [current]);

        let history = stage.history(id).await;
        let rotations: Vec<_> = history.iter().filter(|event| event.action == Action::Rotate).collect();
        assert_eq!((rotations.len(), history.len()), (CROWD, CROWD + 1));
        for event in rotations {
            assert_eq!((event.by.actor_name.as_str(), event.object.name.as_str()), ("Grace", "ci"));
            let told = format!("{event:?}");
            assert!(secrets.iter().all(|secret| !told.contains(secret)), "{told}");
        }
    }

    async fn fifty_graceful_rotations_at_once_leave_every_secret_until_their_grace_ends(database: Database) {
        let stage = Stage::set_up(database).await;
        let (_, secrets) = stage.rotated_by_a_crowd("60").await;
        let current = stage.current_secret().await;
        let node = stage.another_node().await;
        assert_eq!(working(&node, &secrets).await, secrets);
        stage.pass_millis(60_000);
        assert_eq!(working(&node, &secrets).await, [current]);
    }
}
