//! The key of form tokens.

use std::sync::Arc;

use ring::hmac;

use crate::platform::{encryption::Vault, key_ring::DerivedKeys};

/// The key of form tokens, derived from the master key, so that all nodes have the same. During a rotation, tokens of
/// both keys are accepted.
#[derive(Debug)]
pub(crate) struct FormTokenKey(Arc<Vault>);

impl FormTokenKey {
    pub(crate) const fn new(vault: Arc<Vault>) -> Self {
        Self(vault)
    }

    /// The token of a text, in hexadecimal.
    pub(super) fn sign(&self, text: &str) -> String {
        let key = key_of(self.0.ring().active());
        hex::encode(hmac::sign(&key, text.as_bytes()))
    }

    /// Whether this is the token of a text. The time does not depend on how much of it is right.
    pub(super) fn accepts(&self, text: &str, token: &str) -> bool {
        let given = hex::decode(token).unwrap_or_default();
        let ring = self.0.ring();
        let mut keys = ring.keys().iter().map(key_of);
        keys.any(|key| hmac::verify(&key, text.as_bytes(), &given).is_ok())
    }
}

fn key_of(keys: &DerivedKeys) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, keys.derive(b"form tokens").as_ref())
}
