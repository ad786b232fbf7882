//! The encrypted secrets of org tokens belong to their rows.

use chacha20poly1305::{
    Key, KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use domain::{identity::role::Role, platform::id::Id};
use serde_json::json;
use testbed::on_both;

use crate::{objects::support::document, support::Stage};

impl Stage {
    /// Issues an org token with this name. Returns its id and its secret.
    async fn issue_org_token(&self, name: &str) -> (Id, String) {
        let admin = self.browser("grace@example.com").await;
        let given = document(json!({"name": name}));
        let issued = self.service.tokens().org().issue(&admin, &given).await;
        let issued = issued.unwrap();
        (issued.token.id, issued.secret.unwrap().to_string())
    }

    /// The secret of an org token as a page shows it.
    async fn revealed(&self, id: Id) -> Option<String> {
        let admin = self.browser("grace@example.com").await;
        let revealed = self.service.tokens().org().reveal(&admin, id).await;
        revealed.ok().map(|secret| secret.to_string())
    }
}

on_both! {
    async fn a_secret_that_is_copied_into_another_row_is_not_decrypted(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.member("Grace", Role::Admin).await;
        let (mine, theirs) = (stage.issue_org_token("mine").await.0, stage.issue_org_token("theirs").await.0);
        assert!(stage.revealed(mine).await.is_some());
        stage.database.tamper(&format!(
            "UPDATE org_token_secret SET sealed = (SELECT sealed FROM org_token_secret WHERE org_token_id = '{theirs}') \
             WHERE org_token_id = '{mine}'"
        )).await;
        assert_eq!(stage.revealed(mine).await, None);
        assert!(stage.revealed(theirs).await.is_some());
        // Neither is one whose whole row is given to another token.
        stage.database.tamper(&format!("DELETE FROM org_token_secret WHERE org_token_id = '{mine}'")).await;
        stage.database.tamper(&format!("UPDATE org_token_secret SET org_token_id = '{mine}' WHERE org_token_id = '{theirs}'")).await;
        assert_eq!(stage.revealed(mine).await, None);
    }

    async fn secrets_from_before_are_bound_when_a_server_starts(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.member("Grace", Role::Admin).await;
        let (id, secret) = stage.issue_org_token("ci").await;
        let (other, _) = stage.issue_org_token("other").await;
        let encrypted = hex::encode(encrypt_unbound(&stage, &secret));
        for id in [id, other] {
            stage.database.tamper(&format!(
                "UPDATE org_token_secret SET sealed = {}, bound = FALSE WHERE org_token_id = '{id}'",
                stage.database.bytes_literal(&encrypted)
            )).await;
        }
        assert_eq!(stage.revealed(id).await, None);
        stage.another_node().await;
        assert_eq!(stage.revealed(id).await.as_deref(), Some(secret.as_str()));
        assert_eq!(stage.revealed(other).await, None, "it is the secret of another row");
    }
}

/// Encrypts a secret as it was before encryptions were bound to rows.
fn encrypt_unbound(stage: &Stage, secret: &str) -> Vec<u8> {
    let key = std::fs::read(stage.database.folder.path().join("master.key")).unwrap();
    let nonce = [7; 24];
    let payload = Payload {
        msg: secret.as_bytes(),
        aad: b"org token",
    };
    let cipher = XChaCha20Poly1305::new(Key::from_slice(&key));
    let encrypted = cipher.encrypt(XNonce::from_slice(&nonce), payload).unwrap();
    [nonce.as_slice(), &encrypted].concat()
}
