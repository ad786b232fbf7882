//! Encrypts the secrets inside documents again, with the active key of the key ring.

use domain::platform::{document::Document, id::Id};

use super::{
    Conn, Housekeeping, StoreError, cipher::ReencryptedValues, plain_secrets::Documents, values,
};

/// A part of a table that was encrypted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReencryptedRows {
    /// The last row; `None` when there were no more.
    pub last: Option<String>,
    /// The number of rows with encrypted values.
    pub rows: i64,
    /// Their values.
    pub values: ReencryptedValues,
}

impl Conn {
    /// The number of documents with encrypted values.
    pub(crate) async fn count_encrypted_documents(
        &mut self,
        table: Documents,
    ) -> Result<i64, StoreError> {
        let (count,) = self
            .fetch_one::<(i64,)>(table.count_encrypted, values![""])
            .await?;
        Ok(count)
    }
}

impl Housekeeping {
    /// Encrypts the secrets of at most `limit` documents after this id again. `of_room` does so with the values of a
    /// document that a room encrypts itself.
    pub(crate) async fn reencrypt_documents(
        &mut self,
        table: Documents,
        after: &str,
        limit: i64,
        of_room: impl Fn(Id, &mut Document, &mut ReencryptedValues),
    ) -> Result<ReencryptedRows, StoreError> {
        let Documents {
            column,
            replace,
            list_encrypted,
            ..
        } = table;
        self.hold_keys().await?;
        let found = self
            .fetch_all::<(String, String)>(list_encrypted, values![after, limit])
            .await?;
        let mut counted = ReencryptedValues::default();
        for (id, text) in &found {
            let mut document: Document = column.parse_json(text)?;
            let id: Id = column.id(id)?;
            let before = counted.changed;
            self.cipher()
                .reencrypt(column, id, &mut document, &mut counted)?;
            of_room(id, &mut document, &mut counted);
            if counted.changed > before {
                let encrypted = column.to_json(&document)?;
                // A change by another node since the row was read has encrypted it with the active key.
                self.execute(replace, values![id, encrypted, text]).await?;
            }
        }
        Ok(ReencryptedRows {
            rows: i64::try_from(found.len()).unwrap_or(i64::MAX),
            last: found.into_iter().next_back().map(|(id, _)| id),
            values: counted,
        })
    }
}
