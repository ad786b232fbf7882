//! Adding, updating and deleting org tokens.

use domain::platform::id::Id;

use super::{
    org_token::{OrgToken, column},
    org_token_list::index,
    org_token_secret::OrgTokenSecret,
};
use crate::{
    audit::Write,
    platform::{
        CheckedTable, Housekeeping, Sql, StoreError, plain_secrets::Documents,
        reencrypted::ReencryptedRows, statements, values,
    },
};

statements! {
    const INSERT: Sql = "INSERT INTO org_token (id, organization_id, name, auth_scopes, role, disabled, document, acl, \
        expires_at, rotated_at, created_at, created_by, created_via, updated_at, updated_by, updated_via, disabled_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    const LIST_PLAIN: Sql = "SELECT id, document FROM org_token WHERE id > $1 AND document LIKE '%\"Webhook\"%' \
        ORDER BY id LIMIT $2";
    const LIST_ENCRYPTED: Sql = "SELECT id, document FROM org_token WHERE id > $1 AND document LIKE '%\"$encrypted\"%' \
        ORDER BY id LIMIT $2";
    const COUNT_ENCRYPTED: Sql = "SELECT COUNT(*) FROM org_token WHERE id > $1 AND document LIKE '%\"$encrypted\"%'";
    const ENCRYPT: Sql = "UPDATE org_token SET document = $2 WHERE id = $1 AND document = $3";
    const UPDATE: Sql = "UPDATE org_token SET name = $2, role = $3, disabled = $4, document = $5, acl = $6, \
        expires_at = $7, rotated_at = $8, updated_at = $9, updated_by = $10, updated_via = $11, disabled_at = $12 \
        WHERE id = $1";
    const DELETE: Sql = "DELETE FROM org_token WHERE id = $1";
}

/// The documents, which may have secrets.
pub(crate) const DOCUMENTS: Documents = Documents {
    column: column("document"),
    list: LIST_PLAIN,
    replace: ENCRYPT,
    list_encrypted: LIST_ENCRYPTED,
    count_encrypted: COUNT_ENCRYPTED,
};

impl Housekeeping {
    /// Encrypts the secrets in the documents of at most `limit` org tokens after this id again, with the active key.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn reencrypt_org_tokens(
        &mut self,
        after: &str,
        limit: i64,
    ) -> Result<ReencryptedRows, StoreError> {
        self.reencrypt_documents(DOCUMENTS, after, limit, |_, _, _| {})
            .await
    }
}

impl Write {
    /// Adds an org token with its first secret.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn insert_org_token(
        &mut self,
        token: &OrgToken,
        secret: &OrgTokenSecret,
    ) -> Result<(), StoreError> {
        let values = values![
            token.id,
            token.organization_id,
            &token.name,
            token.auth_scopes.join(","),
            token.role.title(),
            token.disabled_at.is_some(),
            self.cipher()
                .to_json(column("document"), token.id, &token.document)?,
            column("acl").to_json(&token.acl)?,
            token.expires_at,
            token.rotated_at,
            token.created.at,
            token.created.by.actor_id,
            column("created_via").to_json(&token.created.by)?,
            token.updated.at,
            token.updated.by.actor_id,
            column("updated_via").to_json(&token.updated.by)?,
            token.disabled_at,
        ];
        self.touch(CheckedTable::OrgToken, token.id);
        self.execute(INSERT, values).await?;
        index(self, token).await?;
        self.insert_org_token_secret(token.id, secret).await
    }

    /// Updates an org token. Its scopes never change (docs/contract.md#org-tokens).
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn update_org_token(&mut self, token: &OrgToken) -> Result<(), StoreError> {
        let values = values![
            token.id,
            &token.name,
            token.role.title(),
            token.disabled_at.is_some(),
            self.cipher()
                .to_json(column("document"), token.id, &token.document)?,
            column("acl").to_json(&token.acl)?,
            token.expires_at,
            token.rotated_at,
            token.updated.at,
            token.updated.by.actor_id,
            column("updated_via").to_json(&token.updated.by)?,
            token.disabled_at,
        ];
        self.touch(CheckedTable::OrgToken, token.id);
        self.execute(UPDATE, values).await?;
        index(self, token).await
    }

    /// Deletes an org token with its secrets.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn delete_org_token(&mut self, id: Id) -> Result<(), StoreError> {
        self.touch(CheckedTable::OrgToken, id);
        self.touch(CheckedTable::OrgTokenSecret, id);
        self.execute(DELETE, values![id]).await.map(drop)
    }
}
