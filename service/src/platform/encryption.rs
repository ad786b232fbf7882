//! The digest of a secret, and encryption under the master key of secrets that must be readable again.

use std::sync::{Arc, RwLock};

use domain::tokens::token::TokenDigest;
use ring::hmac;
use sha2::{Digest, Sha256};
use store::{Cipher, KnownKeys, MAC_LENGTH, Reencryption};
use zeroize::Zeroizing;

use crate::platform::{
    key_ring::KeyRing,
    lock::{read, write},
    master_key::MasterKey,
};

/// Encrypts and decrypts with the keys of the key ring. The ring is replaced when a rotation changes that of the
/// database.
pub(crate) struct Vault(RwLock<Arc<KeyRing>>);

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Vault(…)")
    }
}

impl Vault {
    /// The vault of this key, with the ring that the key has before its first rotation.
    pub(crate) fn new(key: &MasterKey) -> Self {
        Self(RwLock::new(Arc::new(KeyRing::of(key))))
    }

    /// The key ring in use.
    pub(crate) fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&read(&self.0))
    }

    /// Encrypts a text for one purpose, which is needed to decrypt it.
    pub(crate) fn encrypt(&self, purpose: &str, text: &str) -> Vec<u8> {
        self.ring().active().cipher.encrypt(purpose, text)
    }

    /// Decrypts a text; `None` when it was encrypted for another purpose or changed.
    pub(crate) fn decrypt(&self, purpose: &str, encrypted: &[u8]) -> Option<Zeroizing<String>> {
        let ring = self.ring();
        let mut keys = ring.keys().iter();
        keys.find_map(|keys| keys.cipher.decrypt(purpose, encrypted))
    }

    /// Encrypts with the active key what another key of the ring encrypted.
    pub(crate) fn reencrypt(&self, purpose: &str, encrypted: &[u8]) -> Reencryption {
        let ring = self.ring();
        let mut keys = ring.keys().iter();
        let found = keys.find_map(|keys| {
            let text = keys.cipher.decrypt(purpose, encrypted)?;
            Some((keys.id() == ring.active().id(), text))
        });
        match found {
            Some((true, _)) => Reencryption::Unneeded,
            Some((false, text)) => {
                Reencryption::Changed(ring.active().cipher.encrypt(purpose, &text))
            }
            None => Reencryption::Unreadable,
        }
    }

    /// Uses the stored ring. Returns `false`, and changes nothing, when no key in use decrypts it.
    pub(crate) fn adopt(&self, known: &KnownKeys) -> bool {
        let mut ring = write(&self.0);
        let Some(stored) = ring.stored(known) else {
            return false;
        };
        *ring = Arc::new(stored);
        true
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
        mac.copy_from_slice(hmac::sign(&self.ring().active().row_mac, text).as_ref());
        mac
    }

    fn is_mac(&self, text: &[u8], mac: &[u8]) -> bool {
        let ring = self.ring();
        let mut keys = ring.keys().iter();
        keys.any(|keys| hmac::verify(&keys.row_mac, text, mac).is_ok())
    }

    fn state_mac(&self, text: &[u8]) -> [u8; MAC_LENGTH] {
        self.ring().state_mac(text)
    }

    fn reencrypt(&self, purpose: &str, encrypted: &[u8]) -> Reencryption {
        Self::reencrypt(self, purpose, encrypted)
    }

    fn ring_version(&self) -> i64 {
        self.ring().version
    }

    fn adopt(&self, known: &KnownKeys) -> bool {
        Self::adopt(self, known)
    }
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
}
