//! The encryption of the secrets of org tokens. It is bound to the row of a secret, so that one that is copied into
//! another row cannot be decrypted there.

use std::collections::HashMap;

use domain::{platform::id::Id, tokens::token::TokenDigest};
use store::{Conn, Housekeeping, OrgTokenSecret, ReencryptedRows, ReencryptedValues, Reencryption};
use zeroize::Zeroizing;

use crate::{
    platform::{encryption, error::ServiceError},
    tokens::handle::OrgTokens,
};

/// The purpose of encryptions from before they were bound to a row.
const UNBOUND: &str = "org token";

/// Secrets that are bound in one transaction.
const BOUND_AT_ONCE: i64 = 1_000;

impl OrgTokens {
    /// Encrypts a secret of this org token.
    pub(super) fn encrypt(&self, token: Id, digest: &TokenDigest, secret: &str) -> Vec<u8> {
        self.vault.encrypt(&place(token, digest), secret)
    }

    /// Returns the newest secret of each of these org tokens. The caller must have checked the permission.
    pub(super) async fn decrypt_all(
        &self,
        conn: &mut Conn,
        ids: &[Id],
    ) -> Result<HashMap<Id, Zeroizing<String>>, ServiceError> {
        let stored = conn.list_newest_org_token_secrets(ids).await?;
        let secrets = stored.into_iter().filter_map(|(id, stored)| {
            let secret = self
                .vault
                .decrypt(&place(id, &stored.digest), &stored.encrypted)?;
            Some((id, secret))
        });
        Ok(secrets.collect())
    }

    /// Binds the encryption of secrets from before to their rows. Secrets that the master key does not decrypt stay as
    /// they are.
    pub(crate) async fn bind_secrets(&self) -> Result<(), ServiceError> {
        let mut after = Vec::new();
        loop {
            let mut read = self.platform.store().read().await?;
            let unbound = read
                .list_unbound_org_token_secrets(&after, BOUND_AT_ONCE)
                .await?;
            drop(read);
            let Some((_, last)) = unbound.last() else {
                return Ok(());
            };
            after = last.digest.0.to_vec();
            let mut housekeeping = self.platform.store().housekeep().await?;
            for (token, secret) in unbound {
                if let Some(bound) = self.bound(token, &secret) {
                    housekeeping
                        .bind_org_token_secret(&secret.digest, &bound)
                        .await?;
                }
            }
            housekeeping.finish().await?;
        }
    }

    /// Encrypts the secrets of at most `limit` rows after the digest `after`, in hexadecimal, with the active key.
    pub(crate) async fn reencrypt(
        &self,
        housekeeping: &mut Housekeeping,
        after: &str,
        limit: i64,
    ) -> Result<ReencryptedRows, ServiceError> {
        let after = hex::decode(after).map_err(|error| ServiceError::Internal(error.into()))?;
        housekeeping.hold_keys().await?;
        let stored = housekeeping
            .list_all_org_token_secrets(&after, limit)
            .await?;
        let mut values = ReencryptedValues::default();
        for (token, secret) in &stored {
            let encrypted = &secret.encrypted;
            let bound = self
                .vault
                .reencrypt(&place(*token, &secret.digest), encrypted);
            let done = match bound {
                Reencryption::Unreadable => self.vault.reencrypt(UNBOUND, encrypted),
                Reencryption::Unneeded | Reencryption::Changed(_) => bound,
            };
            if let Some(encrypted) = values.note(done) {
                housekeeping
                    .reencrypt_org_token_secret(secret, &encrypted)
                    .await?;
            }
        }
        Ok(ReencryptedRows {
            last: stored.last().map(|(_, last)| hex::encode(last.digest.0)),
            rows: i64::try_from(stored.len()).unwrap_or(i64::MAX),
            values,
        })
    }

    /// The encryption of an unbound secret for its own row; `None` if it is not the secret of this row.
    fn bound(&self, token: Id, stored: &OrgTokenSecret) -> Option<Vec<u8>> {
        let secret = self.vault.decrypt(UNBOUND, &stored.encrypted)?;
        let is_of_row = encryption::digest(secret.as_bytes()) == stored.digest;
        is_of_row.then(|| self.encrypt(token, &stored.digest, &secret))
    }
}

/// Table, column and row of a secret.
fn place(token: Id, digest: &TokenDigest) -> String {
    format!("org_token_secret.sealed {token} {}", hex::encode(digest.0))
}
