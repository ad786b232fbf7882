//! Encrypts the secrets that earlier versions stored in plain text inside documents.

use domain::platform::{document::Document, id::Id};

use super::{Column, Housekeeping, Sql, StoreError, cipher::has_plain_secrets, statements, values};

statements! {
    const LIST_OBJECTS: Sql = "SELECT id, document FROM object WHERE id > $1 AND kind IN ('detector', 'team', 'integration') \
        AND document LIKE '%\"Webhook\"%' ORDER BY id LIMIT $2";
    const REPLACE_OBJECT: Sql = "UPDATE object SET document = $2 WHERE id = $1 AND document = $3";
    const LIST_ORG_TOKENS: Sql = "SELECT id, document FROM org_token WHERE id > $1 AND document LIKE '%\"Webhook\"%' \
        ORDER BY id LIMIT $2";
    const REPLACE_ORG_TOKEN: Sql = "UPDATE org_token SET document = $2 WHERE id = $1 AND document = $3";
}

/// A table with documents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Documents {
    column: Column,
    list: Sql,
    replace: Sql,
}

/// The tables whose documents may have secrets.
pub(crate) const TABLES: [Documents; 2] = [
    Documents {
        column: Column("object", "document"),
        list: LIST_OBJECTS,
        replace: REPLACE_OBJECT,
    },
    Documents {
        column: Column("org_token", "document"),
        list: LIST_ORG_TOKENS,
        replace: REPLACE_ORG_TOKEN,
    },
];

impl Housekeeping {
    /// Encrypts the secrets of at most `limit` documents with ids after this one. Returns the last id that was read;
    /// `None` when there are no more.
    pub(crate) async fn encrypt_documents(
        &mut self,
        table: Documents,
        after: &str,
        limit: i64,
    ) -> Result<Option<String>, StoreError> {
        let Documents {
            column,
            list,
            replace,
        } = table;
        let found = self
            .fetch_all::<(String, String)>(list, values![after, limit])
            .await?;
        for (id, text) in &found {
            let mut document: Document = column.parse_json(text)?;
            if has_plain_secrets(&mut document) {
                let id: Id = column.id(id)?;
                let cipher = self.cipher().clone();
                cipher.decrypt(column, id, &mut document)?;
                let encrypted = cipher.to_json(column, id, &document)?;
                // A change by another node since the row was read has encrypted it.
                self.execute(replace, values![id, encrypted, text]).await?;
            }
        }
        Ok(found.into_iter().next_back().map(|(id, _)| id))
    }
}
