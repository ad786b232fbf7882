//! The key that signs checkpoints of the log tree. It is random, and stored encrypted under the master key.

use domain::platform::timestamp::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use store::{Conn, Housekeeping, ReencryptedValues, Retention, StoredLogKey};
use zeroize::Zeroizing;

use super::notes::{KEY_LENGTH, PublicKey, handover_text};
use crate::{
    audit::{checkpoints::chain::signed_retention, handle::Audit},
    platform::{encryption::Vault, error::ServiceError, random},
};

/// The purpose of encrypted keys.
const PURPOSE: &str = "log_key.secret";

/// Bytes of the first public key that the origin has.
const ORIGIN_BYTES: usize = 8;

/// Keys that verification follows: more than a rotation each day for two years.
pub(crate) const KEYS: i64 = 1_000;

/// A key that signs.
pub(crate) struct LogKey {
    /// Its position among the keys.
    pub(crate) number: i64,
    pub(crate) public: PublicKey,
    pair: Ed25519KeyPair,
}

impl LogKey {
    /// A key of this database; `None` when it was not stored by a program with this master key.
    pub(crate) fn open(vault: &Vault, stored: &StoredLogKey) -> Option<Self> {
        let seed = vault.decrypt(PURPOSE, &stored.secret)?;
        let seed = Zeroizing::new(hex::decode(seed.as_str()).ok()?);
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).ok()?;
        (pair.public_key().as_ref() == stored.public_key).then(|| Self {
            number: stored.number,
            public: public_of(&pair, stored.origin.clone()),
            pair,
        })
    }

    /// The signature of a text.
    pub(crate) fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.pair.sign(text).as_ref().to_vec()
    }
}

/// A new key that replaces another, or is the first of a database.
pub(crate) fn new_key(
    vault: &Vault,
    at: Timestamp,
    replaced: Option<&LogKey>,
) -> Result<StoredLogKey, ServiceError> {
    let seed = Zeroizing::new(random::bytes::<KEY_LENGTH>());
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice())
        .map_err(|error| ServiceError::Internal(error.to_string().into()))?;
    // Self-certifying, so that two databases never have the same origin.
    let origin = match replaced {
        Some(replaced) => replaced.public.name.clone(),
        None => {
            let part = &pair.public_key().as_ref()[..ORIGIN_BYTES];
            format!("countersign/{}", hex::encode(part))
        }
    };
    let public = public_of(&pair, origin);
    let handover = replaced.map(|replaced| {
        let text = handover_text(&replaced.public, &public);
        replaced.public.note(&text, &replaced.sign(text.as_bytes()))
    });
    let seed = Zeroizing::new(hex::encode(seed.as_slice()));
    Ok(StoredLogKey {
        number: replaced.map_or(1, |replaced| replaced.number + 1),
        at,
        origin: public.name,
        public_key: public.key.to_vec(),
        secret: vault.encrypt(PURPOSE, &seed),
        handover,
    })
}

/// The key that signs; `None` before the first start of a server.
///
/// # Errors
/// [`ServiceError::Internal`] when a program with another master key, or none, stored it.
pub(crate) async fn newest(conn: &mut Conn, vault: &Vault) -> Result<Option<LogKey>, ServiceError> {
    let Some(stored) = conn.find_newest_log_key().await? else {
        return Ok(None);
    };
    match LogKey::open(vault, &stored) {
        Some(key) => Ok(Some(key)),
        None => Err(ServiceError::Internal(
            "the key that signs the log tree was changed in the database".into(),
        )),
    }
}

/// The public keys that this master key opens.
pub(crate) async fn own(conn: &mut Conn, vault: &Vault) -> Result<Vec<PublicKey>, ServiceError> {
    let stored = conn.list_log_keys(KEYS).await?;
    let open = stored
        .iter()
        .filter_map(|stored| LogKey::open(vault, stored));
    Ok(open.map(|key| key.public).collect())
}

/// The notes with which keys signed their successors, the oldest first.
pub(crate) async fn handovers(conn: &mut Conn) -> Result<Vec<String>, ServiceError> {
    let keys = conn.list_log_keys(KEYS).await?;
    Ok(keys.into_iter().filter_map(|key| key.handover).collect())
}

/// Encrypts the keys with the active key of the key ring, whose keys must be held. A key that no key of the ring decrypts
/// stays as it is.
pub(crate) async fn reencrypt(
    housekeeping: &mut Housekeeping,
    vault: &Vault,
) -> Result<(), ServiceError> {
    let mut count = ReencryptedValues::default();
    for stored in housekeeping.list_log_keys(KEYS).await? {
        if let Some(secret) = count.note(vault.reencrypt(PURPOSE, &stored.secret)) {
            housekeeping
                .replace_log_key_secret(stored.number, &secret)
                .await?;
        }
    }
    Ok(())
}

impl Audit {
    /// The signature of a retention mark, so that verification without the master key distinguishes retention from removal
    /// by others; `None` without a key.
    pub(crate) async fn log_signature(
        &self,
        retention: &Retention,
    ) -> Result<Option<Vec<u8>>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let key = newest(&mut read, &self.vault).await?;
        Ok(key.map(|key| key.sign(&signed_retention(retention))))
    }
}

fn public_of(pair: &Ed25519KeyPair, name: String) -> PublicKey {
    let mut key = [0; KEY_LENGTH];
    key.copy_from_slice(pair.public_key().as_ref());
    PublicKey { name, key }
}
