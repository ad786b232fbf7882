//! The key of form tokens.

use ring::hmac;

use crate::platform::encryption::Vault;

/// The key of form tokens. Nodes with the same master key have the same.
#[derive(Debug)]
pub(crate) struct FormTokenKey(hmac::Key);

impl FormTokenKey {
    pub(crate) fn new(vault: &Vault) -> Self {
        let key = vault.derive_key(b"form tokens");
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()))
    }

    /// The token of a text, in hexadecimal.
    pub(super) fn sign(&self, text: &str) -> String {
        hex::encode(hmac::sign(&self.0, text.as_bytes()))
    }

    /// Whether this is the token of a text. The time does not depend on how much of it is right.
    pub(super) fn accepts(&self, text: &str, token: &str) -> bool {
        let given = hex::decode(token).unwrap_or_default();
        hmac::verify(&self.0, text.as_bytes(), &given).is_ok()
    }
}
