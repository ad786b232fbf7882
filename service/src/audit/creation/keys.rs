//! The values derived from an idempotency key: the primary key of the stored result, a digest of the request, and the
//! key that encrypts the result.

use domain::platform::{
    id::{Id, OrganizationId},
    idempotency::KeyedRequest,
};
use ring::hkdf;
use serde::{Serialize, de::DeserializeOwned};
use store::IdempotentResult;
use zeroize::Zeroizing;

use crate::platform::{
    error::ServiceError, key_ring::KeyRing, master_key::KEY_LENGTH, secret_cipher::SecretCipher,
};

/// The salt of the keys that are derived from idempotency keys. It is derived from the first master key, so that a short
/// key cannot be guessed from a copy of the database alone.
#[derive(Debug)]
pub(crate) struct ResultSalt(hkdf::Salt);

/// The values derived from the key of a request.
pub(super) struct ResultKeys {
    /// The primary key of the stored result.
    pub(super) digest: [u8; KEY_LENGTH],
    /// The digest of the request.
    pub(super) request: [u8; KEY_LENGTH],
    /// Encrypts the result.
    cipher: SecretCipher,
}

impl ResultSalt {
    /// The salt of this ring. It is the same after each rotation.
    pub(crate) fn of(ring: &KeyRing) -> Self {
        Self(hkdf::Salt::new(hkdf::HKDF_SHA256, ring.result_salt()))
    }

    /// The digest of an imported document. It is keyed, because a document may contain a secret that is easy to guess.
    pub(crate) fn digest_of(&self, document: &[u8]) -> [u8; KEY_LENGTH] {
        let key = self.0.extract(document);
        let mut digest = [0; KEY_LENGTH];
        key.expand(&[b"imported document"], hkdf::HKDF_SHA256)
            .and_then(|expanded| expanded.fill(&mut digest))
            .expect("HKDF-SHA256 gives 32 bytes");
        digest
    }

    /// The keys of a request. They depend on the actor and the operation, so that no other actor's key finds the result.
    pub(super) fn keys_of(
        &self,
        keyed: &KeyedRequest,
        organization_id: OrganizationId,
        actor_id: Id,
    ) -> ResultKeys {
        let key = self.0.extract(keyed.key.as_bytes());
        // No id contains a space.
        let scope = format!("{organization_id} {actor_id} {}", keyed.operation);
        let derive = |purpose: &[u8], context: &[u8]| {
            let mut derived = [0; KEY_LENGTH];
            key.expand(&[purpose, context, scope.as_bytes()], hkdf::HKDF_SHA256)
                .and_then(|expanded| expanded.fill(&mut derived))
                .expect("HKDF-SHA256 gives 32 bytes");
            derived
        };
        ResultKeys {
            digest: derive(b"digest ", b""),
            request: derive(b"request ", &keyed.digest),
            cipher: SecretCipher::new(&Zeroizing::new(derive(b"result ", b""))),
        }
    }
}

/// The purpose of the encryption. The key of the cipher belongs to one request already.
const PURPOSE: &str = "idempotent result";

impl ResultKeys {
    /// Encrypts a result.
    pub(super) fn encrypt(&self, created: &impl Serialize) -> Result<Vec<u8>, ServiceError> {
        let text = serde_json::to_string(created);
        let text = text.map_err(|error| ServiceError::Internal(error.into()))?;
        let text = Zeroizing::new(text);
        Ok(self.cipher.encrypt(PURPOSE, &text))
    }

    /// Decrypts a result; `None` when it was changed, or its type has changed.
    pub(super) fn decrypt<T: DeserializeOwned>(&self, stored: &IdempotentResult) -> Option<T> {
        let text = self.cipher.decrypt(PURPOSE, &stored.result)?;
        serde_json::from_str(&text).ok()
    }
}
