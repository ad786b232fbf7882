//! The key ring: the master keys that the database accepts, and the salt of idempotent results, which outlives them,
//! as does the key of the states of rows.
//!
//! Without a rotation there is one key, and the ring need not be stored. During a rotation there are two: the ring is
//! stored once for each of them, encrypted under it, so that a process that has one of the keys has both
//! (docs/decisions/0040-a-key-ring-for-rotation.md).

use ring::{hkdf, hmac};
use serde::{Deserialize, Serialize};
use store::{KnownKey, KnownKeys, MAC_LENGTH};
use zeroize::{Zeroize as _, Zeroizing};

use crate::platform::{
    master_key::{KEY_LENGTH, MasterKey},
    secret_cipher::SecretCipher,
};

/// Bytes of the id of a key: enough to distinguish the keys of one installation.
const KEY_ID_BYTES: usize = 8;

/// The purpose of the check value.
const CHECK_PURPOSE: &str = "master_key.check_value";

/// The purpose of the stored ring.
const RING_PURPOSE: &str = "master_key.ring";

/// A master key with the keys that are derived from it.
pub(crate) struct DerivedKeys {
    key: MasterKey,
    id: String,
    prk: hkdf::Prk,
    pub(super) cipher: SecretCipher,
    pub(super) row_mac: hmac::Key,
}

impl DerivedKeys {
    pub(crate) fn of(key: &MasterKey) -> Self {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"countersign").extract(key.bytes());
        let row_mac = derived(&prk, b"countersign row mac v1");
        let id = derived(&prk, b"countersign key id v1");
        Self {
            key: key.clone(),
            id: hex::encode(&id[..KEY_ID_BYTES]),
            prk,
            cipher: SecretCipher::new(key.bytes()),
            row_mac: hmac::Key::new(hmac::HMAC_SHA256, row_mac.as_ref()),
        }
    }

    /// The master key.
    pub(crate) const fn key(&self) -> &MasterKey {
        &self.key
    }

    /// The id of the key, which does not disclose it.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// A key for one purpose, derived from the master key (RFC 5869), so that nodes with the same master key have the
    /// same derived keys.
    pub(crate) fn derive(&self, purpose: &[u8]) -> Zeroizing<[u8; KEY_LENGTH]> {
        derived(&self.prk, purpose)
    }

    /// A value that only this key decrypts, for the database.
    pub(crate) fn check_value(&self) -> Vec<u8> {
        self.cipher.encrypt(CHECK_PURPOSE, &self.id)
    }

    /// Whether this key made the check value.
    pub(crate) fn made(&self, check_value: &[u8]) -> bool {
        let decrypted = self.cipher.decrypt(CHECK_PURPOSE, check_value);
        decrypted.is_some_and(|id| *id == self.id)
    }
}

/// The master keys that are accepted.
pub(crate) struct KeyRing {
    /// The version of the ring in the database.
    pub(crate) version: i64,
    /// The keys. The first encrypts and signs.
    keys: Vec<DerivedKeys>,
    result_salt: Zeroizing<[u8; KEY_LENGTH]>,
    /// Derived from the salt, so that it stays as well.
    state_mac: hmac::Key,
}

/// The stored form of the ring, in hexadecimal.
#[derive(Serialize, Deserialize)]
struct RingText {
    keys: Vec<String>,
    result_salt: String,
}

impl Drop for RingText {
    fn drop(&mut self) {
        self.keys.iter_mut().for_each(String::zeroize);
        self.result_salt.zeroize();
    }
}

impl KeyRing {
    /// The ring of one key before its first rotation.
    pub(crate) fn of(key: &MasterKey) -> Self {
        let keys = DerivedKeys::of(key);
        let result_salt = keys.derive(b"idempotency keys");
        Self::new(0, vec![keys], result_salt)
    }

    fn new(version: i64, keys: Vec<DerivedKeys>, result_salt: Zeroizing<[u8; KEY_LENGTH]>) -> Self {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"countersign").extract(&*result_salt);
        let state_mac = derived(&prk, b"countersign row state v1");
        Self {
            version,
            keys,
            result_salt,
            state_mac: hmac::Key::new(hmac::HMAC_SHA256, state_mac.as_ref()),
        }
    }

    /// The ring with the same salt and these keys.
    pub(crate) fn with(&self, keys: &[&MasterKey]) -> Self {
        let keys = keys.iter().copied().map(DerivedKeys::of).collect();
        Self::new(self.version, keys, self.result_salt.clone())
    }

    /// The key that encrypts and signs.
    pub(crate) fn active(&self) -> &DerivedKeys {
        &self.keys[0]
    }

    /// All keys, the active one first.
    pub(crate) fn keys(&self) -> &[DerivedKeys] {
        &self.keys
    }

    /// The key with this id.
    pub(crate) fn find(&self, id: &str) -> Option<&DerivedKeys> {
        self.keys.iter().find(|keys| keys.id == id)
    }

    /// The salt of the keys of idempotent results.
    pub(crate) fn result_salt(&self) -> &[u8; KEY_LENGTH] {
        &self.result_salt
    }

    /// The MAC of the state of a row, with a key that outlives the master keys.
    pub(crate) fn state_mac(&self, text: &[u8]) -> [u8; MAC_LENGTH] {
        let mut mac = [0; MAC_LENGTH];
        mac.copy_from_slice(hmac::sign(&self.state_mac, text).as_ref());
        mac
    }

    /// What the database stores of a key of the ring.
    pub(crate) fn stored_for(&self, keys: &DerivedKeys) -> KnownKey {
        let text = RingText {
            keys: self
                .keys
                .iter()
                .map(|keys| hex::encode(keys.key.bytes()))
                .collect(),
            result_salt: hex::encode(*self.result_salt),
        };
        let text = serde_json::to_string(&text).expect("texts can be serialized");
        let text = Zeroizing::new(text);
        KnownKey {
            id: keys.id.clone(),
            check_value: Some(keys.check_value()),
            ring: Some(keys.cipher.encrypt(RING_PURPOSE, &text)),
        }
    }

    /// The stored ring, decrypted with a key of this one; `None` if none of them decrypts it.
    pub(crate) fn stored(&self, known: &KnownKeys) -> Option<Self> {
        known.keys.iter().find_map(|stored| {
            let keys = self.find(&stored.id)?;
            let Some(encrypted) = &stored.ring else {
                return Some(Self {
                    version: known.version,
                    ..Self::of(&keys.key)
                });
            };
            let text = keys.cipher.decrypt(RING_PURPOSE, encrypted)?;
            let text: RingText = serde_json::from_str(&text).ok()?;
            let keys: Option<Vec<_>> = text
                .keys
                .iter()
                .map(|text| MasterKey::parse(text).ok())
                .collect();
            let keys: Vec<_> = keys?.iter().map(DerivedKeys::of).collect();
            (!keys.is_empty()).then_some(())?;
            let mut result_salt = Zeroizing::new([0; KEY_LENGTH]);
            hex::decode_to_slice(&text.result_salt, result_salt.as_mut()).ok()?;
            Some(Self::new(known.version, keys, result_salt))
        })
    }
}

fn derived(prk: &hkdf::Prk, purpose: &[u8]) -> Zeroizing<[u8; KEY_LENGTH]> {
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    prk.expand(&[purpose], hkdf::HKDF_SHA256)
        .and_then(|expanded| expanded.fill(key.as_mut()))
        .expect("HKDF-SHA256 gives 32 bytes");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: &str) -> MasterKey {
        MasterKey::parse(&byte.repeat(32)).unwrap()
    }

    #[test]
    fn a_check_value_is_proven_by_its_own_key_only() {
        let [own, other] = ["07", "08"].map(|byte| DerivedKeys::of(&key(byte)));
        assert!(own.made(&own.check_value()));
        assert!(!other.made(&own.check_value()));
        assert!(!own.made(b""));
    }

    #[test]
    fn a_process_with_either_key_has_both_and_the_salt_stays() {
        let (old, new) = (KeyRing::of(&key("07")), KeyRing::of(&key("08")));
        let both = old.with(&[new.active().key(), old.active().key()]);
        let known = KnownKeys {
            version: 2,
            keys: both
                .keys()
                .iter()
                .map(|keys| both.stored_for(keys))
                .collect(),
        };
        for given in [&old, &new] {
            let ring = given.stored(&known).unwrap();
            assert_eq!(ring.active().id(), new.active().id());
            assert!(ring.find(old.active().id()).is_some());
            assert_eq!((ring.version, ring.result_salt()), (2, old.result_salt()));
            assert_eq!(ring.state_mac(b"row"), old.state_mac(b"row"));
        }
        assert!(KeyRing::of(&key("09")).stored(&known).is_none());
        let mut swapped = known.clone();
        let second = swapped.keys[1].ring.clone();
        swapped.keys[0].ring = second;
        assert!(new.stored(&swapped).is_none(), "a ring of another key");
    }
}
