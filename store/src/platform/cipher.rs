//! Encryption of the secrets inside documents: they are encrypted on their way to the database and decrypted on their
//! way back, so that no room has to think of it.

use std::{fmt, sync::Arc};

use domain::platform::{
    document::Document,
    id::Id,
    notification::{has_secrets, visit_secrets},
};
use serde_json::{Map, Value};

use super::{column::Column, error::StoreError};

/// The member that marks an encrypted value: `{"$encrypted": "<hex>"}`.
const ENCRYPTED: &str = "$encrypted";

/// Encrypts texts for a purpose, which is needed to decrypt them. `service` implements it with the master key.
pub trait Cipher: fmt::Debug + Send + Sync {
    /// Encrypts a text.
    fn encrypt(&self, purpose: &str, text: &str) -> Vec<u8>;

    /// Decrypts a text; `None` when it was encrypted for another purpose or changed.
    fn decrypt(&self, purpose: &str, encrypted: &[u8]) -> Option<String>;
}

/// Encrypts the secrets of documents. Without a [`Cipher`] it rejects documents that have some.
#[derive(Debug, Clone, Default)]
pub(crate) struct DocumentCipher(Option<Arc<dyn Cipher>>);

impl DocumentCipher {
    pub(crate) fn new(cipher: Arc<dyn Cipher>) -> Self {
        Self(Some(cipher))
    }

    /// The text of a document for this column of the row with this id.
    pub(crate) fn to_json(
        &self,
        column: Column,
        id: Id,
        document: &Document,
    ) -> Result<String, StoreError> {
        if !has_secrets(document) {
            return column.to_json(document);
        }
        let mut document = document.clone();
        self.encrypt(column, id, &mut document)?;
        column.to_json(&document)
    }

    /// Encrypts the secrets of a document that are not encrypted.
    pub(crate) fn encrypt(
        &self,
        column: Column,
        id: Id,
        document: &mut Document,
    ) -> Result<(), StoreError> {
        let cipher = self.0.as_ref().ok_or_else(|| column.corrupt())?;
        let purpose = purpose(column, id);
        visit_secrets(document, &mut |_, value| {
            let encrypted = cipher.encrypt(&purpose, &column.to_json(value)?);
            let marked = (ENCRYPTED.to_owned(), Value::from(hex::encode(encrypted)));
            *value = Value::Object(Map::from_iter([marked]));
            Ok(())
        })
    }

    /// Decrypts the secrets of a document. Those that an earlier version stored in plain text are kept. One that cannot
    /// be decrypted stays encrypted, so that its object can be listed, updated and deleted: the master key is another
    /// one, or the value was moved from another row.
    pub(crate) fn decrypt(
        &self,
        column: Column,
        id: Id,
        document: &mut Document,
    ) -> Result<(), StoreError> {
        visit_secrets(document, &mut |_, value| {
            let Some(encrypted) = encrypted_text(value) else {
                return Ok(());
            };
            let cipher = column.required(self.0.as_ref())?;
            let decrypted = hex::decode(encrypted)
                .ok()
                .and_then(|encrypted| cipher.decrypt(&purpose(column, id), &encrypted));
            match decrypted {
                Some(text) => *value = column.parse_json(&text)?,
                None => {
                    tracing::error!(object.id = %id, "A secret in a document cannot be decrypted.")
                }
            }
            Ok(())
        })
    }
}

/// Whether a document has secrets in plain text, as an earlier version stored them.
pub(crate) fn has_plain_secrets(document: &mut Document) -> bool {
    let mut found = false;
    let visited: Result<(), StoreError> = visit_secrets(document, &mut |_, value| {
        found |= encrypted_text(value).is_none();
        Ok(())
    });
    found && visited.is_ok()
}

fn encrypted_text(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get(ENCRYPTED)?.as_str()
}

/// Table, column and row, so that a value that is moved to another row cannot be decrypted.
fn purpose(Column(table, column): Column, id: Id) -> String {
    format!("{table}.{column} {id}")
}
