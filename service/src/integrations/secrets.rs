//! The secrets of integrations: encrypted for the database, masked in audit events.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use domain::{
    integrations::{ENCRYPTED, Secrets, StoredIntegration, masked, secrets_purpose},
    objects::object::Object,
    platform::{document::Document, id::Id},
};
use serde_json::json;
use store::{ReencryptedValues, Reencryption};
use zeroize::Zeroizing;

use crate::{integrations::handle::Integrations, platform::error::ServiceError};

/// An integration with its decrypted secrets, apart from the document.
#[derive(Debug, Clone)]
pub(crate) struct DecryptedIntegration {
    pub(crate) object: Object,
    pub(super) secrets: Secrets,
}

/// The secrets were encrypted with another master key, or the stored value was changed.
#[derive(Debug, thiserror::Error)]
#[error("the secrets of an integration cannot be decrypted with the master key")]
struct NotOurKey;

impl DecryptedIntegration {
    pub(crate) fn as_stored(&self) -> StoredIntegration<'_> {
        StoredIntegration {
            name: &self.object.name,
            document: &self.object.document,
            secrets: &self.secrets,
        }
    }

    pub(super) fn masked(&self, before: Option<&Secrets>) -> Document {
        masked(
            &self.object.name,
            &self.object.document,
            &self.secrets,
            before,
        )
    }
}

impl Integrations {
    pub(super) fn encrypt(&self, decrypted: &DecryptedIntegration) -> Object {
        let mut object = decrypted.object.clone();
        if !decrypted.secrets.is_empty() {
            let text = json!(decrypted.secrets.reveal()).to_string();
            let text = Zeroizing::new(text);
            let encrypted = self.vault.encrypt(&secrets_purpose(object.id), &text);
            let encrypted = STANDARD_NO_PAD.encode(encrypted);
            object
                .document
                .insert(ENCRYPTED.to_owned(), json!(encrypted));
        }
        object
    }

    pub(crate) fn decrypt(&self, mut object: Object) -> Result<DecryptedIntegration, ServiceError> {
        let secrets = match object.document.shift_remove(ENCRYPTED) {
            None => Secrets::default(),
            Some(encrypted) => {
                let bytes = encrypted
                    .as_str()
                    .and_then(|text| STANDARD_NO_PAD.decode(text).ok());
                let text =
                    bytes.and_then(|bytes| self.vault.decrypt(&secrets_purpose(object.id), &bytes));
                let secrets = text.and_then(|text| serde_json::from_str(&text).ok());
                Secrets::of(secrets.ok_or_else(|| ServiceError::Internal(NotOurKey.into()))?)
            }
        };
        Ok(DecryptedIntegration { object, secrets })
    }
}

impl Integrations {
    /// Encrypts the secrets of a stored document with the active key. Other documents have none.
    pub(crate) fn reencrypt(&self, id: Id, document: &mut Document, count: &mut ReencryptedValues) {
        let Some(stored) = document.get_mut(ENCRYPTED) else {
            return;
        };
        let bytes = stored
            .as_str()
            .and_then(|text| STANDARD_NO_PAD.decode(text).ok());
        let done = bytes.map_or(Reencryption::Unreadable, |bytes| {
            self.vault.reencrypt(&secrets_purpose(id), &bytes)
        });
        if let Some(encrypted) = count.note(done) {
            *stored = json!(STANDARD_NO_PAD.encode(encrypted));
        }
    }
}
