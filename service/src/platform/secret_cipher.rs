//! Encryption with one key.

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use zeroize::Zeroizing;

use crate::platform::{master_key::KEY_LENGTH, random};

const NONCE_LENGTH: usize = 24;

/// Encrypts and decrypts with one key.
pub(crate) struct SecretCipher(XChaCha20Poly1305);

impl SecretCipher {
    /// The cipher with this key.
    pub(crate) fn new(key: &[u8; KEY_LENGTH]) -> Self {
        Self(XChaCha20Poly1305::new(Key::from_slice(key)))
    }

    /// Encrypts a text for one purpose, which is needed to decrypt it.
    pub(crate) fn encrypt(&self, purpose: &str, text: &str) -> Vec<u8> {
        let nonce: [u8; NONCE_LENGTH] = random::bytes();
        let payload = Payload {
            msg: text.as_bytes(),
            aad: purpose.as_bytes(),
        };
        let encrypted = self
            .0
            .encrypt(XNonce::from_slice(&nonce), payload)
            .expect("texts are far below the cipher's limit of 256 GiB");
        [nonce.as_slice(), &encrypted].concat()
    }

    /// Decrypts a text; `None` when it was encrypted for another purpose or changed.
    pub(crate) fn decrypt(&self, purpose: &str, encrypted: &[u8]) -> Option<Zeroizing<String>> {
        let (nonce, encrypted) = encrypted.split_at_checked(NONCE_LENGTH)?;
        let payload = Payload {
            msg: encrypted,
            aad: purpose.as_bytes(),
        };
        let text = self.0.decrypt(XNonce::from_slice(nonce), payload).ok()?;
        String::from_utf8(text).ok().map(Zeroizing::new)
    }
}
