//! What the store does with the master key. Secrets inside documents are encrypted on their way to the database and
//! decrypted on their way back, so that no room has to think of it
//! (docs/decisions/0031-secrets-in-documents-are-encrypted-by-the-store.md). Rows of the logs get a MAC.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use domain::{
    integrations::{self, ENCRYPTED as INTEGRATION_SECRETS},
    platform::{document::Document, id::Id, notification::visit_secrets},
};
use serde_json::{Map, Value};

use super::{column::Column, error::StoreError, known_key::KnownKeys};

/// The member that marks an encrypted value: `{"$encrypted": "<hex>"}`.
const ENCRYPTED: &str = "$encrypted";

/// The length of a MAC in bytes.
pub const MAC_LENGTH: usize = 32;

/// Encrypts texts for a purpose, which is needed to decrypt them, and computes MACs. `service` implements it with the
/// master key.
pub trait Cipher: fmt::Debug + Send + Sync {
    /// Encrypts a text.
    fn encrypt(&self, purpose: &str, text: &str) -> Vec<u8>;

    /// Decrypts a text; `None` when it was encrypted for another purpose or changed.
    fn decrypt(&self, purpose: &str, encrypted: &[u8]) -> Option<String>;

    /// The MAC of a text.
    fn mac(&self, text: &[u8]) -> [u8; MAC_LENGTH];

    /// Whether this is the MAC of a text. Takes the same time for every wrong MAC.
    fn is_mac(&self, text: &[u8], mac: &[u8]) -> bool;

    /// The MAC of the state of a row. Its key stays when the master key is rotated, because the log keeps states.
    fn state_mac(&self, text: &[u8]) -> [u8; MAC_LENGTH];

    /// Encrypts with the active key of the key ring what another of its keys encrypted.
    fn reencrypt(&self, purpose: &str, encrypted: &[u8]) -> Reencryption;

    /// The version of the key ring in use.
    fn ring_version(&self) -> i64;

    /// Uses the key ring that is stored with these keys. Returns `false`, and changes nothing, when none of the keys in
    /// use decrypts it.
    fn adopt(&self, known: &KnownKeys) -> bool;
}

/// What a value is, encrypted with the active key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reencryption {
    /// The value: it was encrypted with the active key.
    Unneeded,
    /// This value, which replaces it.
    Changed(Vec<u8>),
    /// Unknown: no key decrypts the value.
    Unreadable,
}

/// The numbers of values of a walk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReencryptedValues {
    /// Values that were encrypted with the active key.
    pub changed: i64,
    /// Values that no key decrypts. They stay as they are.
    pub unreadable: i64,
}

impl ReencryptedValues {
    /// The replacement of a value; `None` if it stays. Counts it.
    pub fn note(&mut self, value: Reencryption) -> Option<Vec<u8>> {
        match value {
            Reencryption::Unneeded => None,
            Reencryption::Changed(encrypted) => {
                self.changed += 1;
                Some(encrypted)
            }
            Reencryption::Unreadable => {
                self.unreadable += 1;
                None
            }
        }
    }
}

/// Encrypts the secrets of documents, and computes MACs. Without a [`Cipher`], documents that have secrets can be neither
/// stored nor read, and rows have no MAC.
#[derive(Debug, Clone, Default)]
pub(crate) struct DocumentCipher(Option<Arc<dyn Cipher>>);

impl DocumentCipher {
    pub(crate) fn new(cipher: Arc<dyn Cipher>) -> Self {
        Self(Some(cipher))
    }

    /// The version of the key ring in use; `None` without a cipher.
    pub(crate) fn ring_version(&self) -> Option<i64> {
        self.0.as_ref().map(|cipher| cipher.ring_version())
    }

    /// Uses the key ring that is stored with these keys.
    pub(crate) fn adopt(&self, known: &KnownKeys) -> Result<(), StoreError> {
        match &self.0 {
            Some(cipher) if !cipher.adopt(known) => Err(StoreError::KeyReplaced),
            Some(_) | None => Ok(()),
        }
    }

    /// Encrypts the secrets of a document with the active key.
    pub(crate) fn reencrypt(
        &self,
        column: Column,
        id: Id,
        document: &mut Document,
        count: &mut ReencryptedValues,
    ) -> Result<(), StoreError> {
        let cipher = column.required(self.0.as_ref())?;
        visit_secrets(document, &mut |_, value| {
            let Some(encrypted) = encrypted_text(value) else {
                return Ok(());
            };
            let done = hex::decode(encrypted).map_or(Reencryption::Unreadable, |encrypted| {
                cipher.reencrypt(&purpose(column, id), &encrypted)
            });
            if let Some(encrypted) = count.note(done) {
                *value = marked(&encrypted);
            }
            Ok(())
        })
    }

    /// The MAC of a row with this text.
    pub(crate) fn mac(&self, text: &[u8]) -> Option<[u8; MAC_LENGTH]> {
        self.0.as_ref().map(|cipher| cipher.mac(text))
    }

    /// The MAC of the state of a row with this text.
    pub(crate) fn state_mac(&self, text: &[u8]) -> Option<[u8; MAC_LENGTH]> {
        self.0.as_ref().map(|cipher| cipher.state_mac(text))
    }

    /// Whether `mac` is what [`Self::mac`] returns for this text.
    pub(crate) fn is_mac(&self, text: &[u8], mac: Option<&[u8]>) -> bool {
        match (&self.0, mac) {
            (Some(cipher), Some(mac)) => cipher.is_mac(text, mac),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// The text of a document with encrypted secrets, for this column of the row with this id.
    pub(crate) fn to_json(
        &self,
        column: Column,
        id: Id,
        document: &Document,
    ) -> Result<String, StoreError> {
        let mut document = document.clone();
        visit_secrets(&mut document, &mut |_, value| {
            self.encrypt(column, id, value)
        })?;
        column.to_json(&document)
    }

    /// The text of a document without encryption: the same after its secrets are encrypted again.
    pub(crate) fn decrypted_text(
        &self,
        column: Column,
        id: &str,
        text: String,
    ) -> Result<String, StoreError> {
        if !text.contains(ENCRYPTED) && !text.contains(INTEGRATION_SECRETS) {
            return Ok(text);
        }
        let id = column.id(id)?;
        let mut document: Document = column.parse_json(&text)?;
        self.decrypt(column, id, &mut document)?;
        if let Some(value) = document.get_mut(INTEGRATION_SECRETS)
            && let Some(secrets) = self.integration_secrets(id, value)
        {
            *value = Value::from(secrets);
        }
        column.to_json(&document)
    }

    /// The decrypted secrets of an integration, which `service` encrypts; `None` if they cannot be decrypted.
    fn integration_secrets(&self, id: Id, value: &Value) -> Option<String> {
        let encrypted = STANDARD_NO_PAD.decode(value.as_str()?).ok()?;
        let cipher = self.0.as_ref()?;
        cipher.decrypt(&integrations::secrets_purpose(id), &encrypted)
    }

    /// Encrypts the secrets of a document that an earlier version stored in plain text. Returns whether there were some.
    pub(crate) fn encrypt_plain(
        &self,
        column: Column,
        id: Id,
        document: &mut Document,
    ) -> Result<bool, StoreError> {
        let mut found = false;
        visit_secrets(document, &mut |_, value| {
            if encrypted_text(value).is_some() {
                return Ok(());
            }
            found = true;
            self.encrypt(column, id, value)
        })?;
        Ok(found)
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

    fn encrypt(&self, column: Column, id: Id, value: &mut Value) -> Result<(), StoreError> {
        let cipher = column.required(self.0.as_ref())?;
        let encrypted = cipher.encrypt(&purpose(column, id), &column.to_json(value)?);
        *value = marked(&encrypted);
        Ok(())
    }
}

fn marked(encrypted: &[u8]) -> Value {
    let marked = (ENCRYPTED.to_owned(), Value::from(hex::encode(encrypted)));
    Value::Object(Map::from_iter([marked]))
}

fn encrypted_text(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get(ENCRYPTED)?.as_str()
}

/// Table, column and row, so that a value that is moved to another row cannot be decrypted.
fn purpose(Column(table, column): Column, id: Id) -> String {
    format!("{table}.{column} {id}")
}
