//! The digest of a secret, and encryption under the master key of secrets that must be readable again.

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::tokens::token::TokenDigest;
use ring::{hkdf, hmac};
use sha2::{Digest, Sha256};
use store::{Cipher, MAC_LENGTH};
use zeroize::Zeroizing;

use crate::platform::{
    master_key::{KEY_LENGTH, MasterKey},
    random,
};

const NONCE_LENGTH: usize = 24;

/// Bytes of the id of a key: enough to distinguish the keys of one installation.
const KEY_ID_BYTES: usize = 8;

/// The purpose of the check value.
const CHECK_PURPOSE: &str = "master_key.check_value";

/// Encrypts and decrypts with the master key.
pub(crate) struct Vault {
    cipher: SecretCipher,
    master: hkdf::Prk,
    row_mac: hmac::Key,
}

/// Encrypts and decrypts with one key.
pub(crate) struct SecretCipher(XChaCha20Poly1305);

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Vault(…)")
    }
}

impl Vault {
    /// The vault of this key.
    pub(crate) fn new(key: &MasterKey) -> Self {
        let master = hkdf::Salt::new(hkdf::HKDF_SHA256, b"countersign").extract(key.bytes());
        let row_mac = derived(&master, b"countersign row mac v1");
        Self {
            cipher: SecretCipher::new(key.bytes()),
            master,
            row_mac: hmac::Key::new(hmac::HMAC_SHA256, row_mac.as_ref()),
        }
    }

    /// The id of the key, which does not disclose it.
    pub(crate) fn key_id(&self) -> String {
        let derived = self.derive_key(b"countersign key id v1");
        hex::encode(&derived[..KEY_ID_BYTES])
    }

    /// A value that only this key decrypts, for the database.
    pub(crate) fn check_value(&self) -> Vec<u8> {
        self.encrypt(CHECK_PURPOSE, &self.key_id())
    }

    /// Whether this key made the check value.
    pub(crate) fn made(&self, check_value: &[u8]) -> bool {
        let decrypted = self.decrypt(CHECK_PURPOSE, check_value);
        decrypted.is_some_and(|id| *id == self.key_id())
    }

    /// A key for one purpose, derived from the master key (RFC 5869), so that nodes with the same master key have the
    /// same derived keys.
    pub(crate) fn derive_key(&self, purpose: &[u8]) -> Zeroizing<[u8; KEY_LENGTH]> {
        derived(&self.master, purpose)
    }

    /// Encrypts a text for one purpose, which is needed to decrypt it.
    pub(crate) fn encrypt(&self, purpose: &str, text: &str) -> Vec<u8> {
        self.cipher.encrypt(purpose, text)
    }

    /// Decrypts a text; `None` when it was encrypted for another purpose or changed.
    pub(crate) fn decrypt(&self, purpose: &str, encrypted: &[u8]) -> Option<Zeroizing<String>> {
        self.cipher.decrypt(purpose, encrypted)
    }
}

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

impl Cipher for Vault {
    fn encrypt(&self, purpose: &str, text: &str) -> Vec<u8> {
        Self::encrypt(self, purpose, text)
    }

    fn decrypt(&self, purpose: &str, encrypted: &[u8]) -> Option<String> {
        Self::decrypt(self, purpose, encrypted).map(|text| text.as_str().to_owned())
    }

    fn mac(&self, text: &[u8]) -> [u8; MAC_LENGTH] {
        let mut mac = [0; MAC_LENGTH];
        mac.copy_from_slice(hmac::sign(&self.row_mac, text).as_ref());
        mac
    }

    fn is_mac(&self, text: &[u8], mac: &[u8]) -> bool {
        hmac::verify(&self.row_mac, text, mac).is_ok()
    }
}

fn derived(master: &hkdf::Prk, purpose: &[u8]) -> Zeroizing<[u8; KEY_LENGTH]> {
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    master
        .expand(&[purpose], hkdf::HKDF_SHA256)
        .and_then(|expanded| expanded.fill(key.as_mut()))
        .expect("HKDF-SHA256 gives 32 bytes");
    key
}

/// The digest of a secret, which is stored instead of the secret.
pub(crate) fn digest(secret: &[u8]) -> TokenDigest {
    TokenDigest(Sha256::digest(secret).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_decrypted_for_its_own_purpose_only() {
        let key = MasterKey::parse(&"07".repeat(32)).unwrap();
        let encrypted = Vault::new(&key).encrypt("org token", "text");
        let vault = Vault::new(&key);
        assert_eq!(
            vault.decrypt("org token", &encrypted).unwrap().as_str(),
            "text"
        );
        assert!(vault.decrypt("reveal", &encrypted).is_none());
        assert!(vault.decrypt("org token", &encrypted[1..]).is_none());
        assert!(vault.decrypt("org token", b"").is_none());
    }

    #[test]
    fn a_check_value_is_proven_by_its_own_key_only() {
        let [vault, other] = ["07", "08"].map(|byte| {
            let key = MasterKey::parse(&byte.repeat(32)).unwrap();
            Vault::new(&key)
        });
        assert!(vault.made(&vault.check_value()));
        assert!(!other.made(&vault.check_value()));
        assert!(!vault.made(b""));
    }
}
