//! Encrypts the secrets that earlier versions stored in plain text inside documents. A row of `counter` notes that it is
//! done, so that a start does not read all documents again.

use domain::platform::{document::Document, id::Id};

use super::{Column, Conn, Housekeeping, Sql, StoreError, statements, values};

/// The version of the set of secrets. Version 2 added the URLs of xMatters and SplunkPlatform integrations.
const VERSION: i64 = 2;

statements! {
    const IS_DONE: Sql = "SELECT value FROM counter WHERE name = 'encrypted_documents'";
    const NOTE_DONE: Sql = "INSERT INTO counter (name, value) VALUES ('encrypted_documents', $1) \
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

/// The documents of a table that may have secrets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Documents {
    /// Their column.
    pub(crate) column: Column,
    /// Selects the ids and documents after an id, in the order of the ids, up to a limit.
    pub(crate) list: Sql,
    /// Replaces the document of an id, if it is still the same.
    pub(crate) replace: Sql,
    /// As `list`, those with encrypted values.
    pub(crate) list_encrypted: Sql,
    /// The number of documents with encrypted values after an id.
    pub(crate) count_encrypted: Sql,
}

impl Conn {
    /// Whether all documents were encrypted before.
    pub(crate) async fn are_documents_encrypted(&mut self) -> Result<bool, StoreError> {
        let found = self.fetch_optional::<(i64,)>(IS_DONE, values![]).await?;
        Ok(found.is_some_and(|(version,)| version >= VERSION))
    }
}

impl Housekeeping {
    /// Notes that all documents are encrypted.
    pub(crate) async fn note_encrypted_documents(&mut self) -> Result<(), StoreError> {
        self.execute(NOTE_DONE, values![VERSION]).await.map(drop)
    }

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
            ..
        } = table;
        let found = self
            .fetch_all::<(String, String)>(list, values![after, limit])
            .await?;
        for (id, text) in &found {
            let mut document: Document = column.parse_json(text)?;
            let id: Id = column.id(id)?;
            if self.cipher().encrypt_plain(column, id, &mut document)? {
                let encrypted = column.to_json(&document)?;
                // A change by another node since the row was read has encrypted it.
                self.execute(replace, values![id, encrypted, text]).await?;
            }
        }
        Ok(found.into_iter().next_back().map(|(id, _)| id))
    }
}
