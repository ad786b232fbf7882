//! The digest of a secret, and encryption under the master key of secrets that must be readable again.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::tokens::token::TokenDigest;
use ring::hkdf;
use sha2::{Digest, Sha256};
use store::Cipher;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::platform::random;

/// Bytes of a key.
pub(crate) const KEY_LENGTH: usize = 32;

const NONCE_LENGTH: usize = 24;

/// Bytes of the id of a key: enough to distinguish the keys of one installation.
const KEY_ID_BYTES: usize = 8;

/// Why the master key cannot be used.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    /// The file cannot be read or written.
    #[error("the master key file {path} cannot be used")]
    Io {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The permissions of the file let other users read it.
    #[error(
        "the master key file {0} can be read by others: chmod 600 it, and replace the key if it was exposed"
    )]
    Exposed(PathBuf),
    /// There is no file, but the database has data that was encrypted under a key.
    #[error(
        "the master key file {0} is missing, but the database has data: restore the file from its backup"
    )]
    Missing(PathBuf),
    /// The database was encrypted under another key.
    #[error(
        "the master key file {path} has the key {given}, but the database was encrypted under the key {stored}: \
         restore the right file"
    )]
    Wrong {
        /// The path of the file.
        path: PathBuf,
        /// The id of the key in the file.
        given: String,
        /// The id of the key of the database.
        stored: String,
    },
    /// The file has the wrong length.
    #[error("the master key file {0} does not hold 32 bytes")]
    WrongLength(PathBuf),
}

/// Encrypts and decrypts with the master key.
pub(crate) struct Vault {
    cipher: SecretCipher,
    master: hkdf::Prk,
    is_new: bool,
}

/// Encrypts and decrypts with one key.
pub(crate) struct SecretCipher(XChaCha20Poly1305);

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Vault(…)")
    }
}

impl Vault {
    /// Opens the vault with the key in this file. A missing file is created if `may_create`, readable by its owner only.
    pub(crate) fn open(path: &Path, may_create: bool) -> Result<Self, MasterKeyError> {
        let failed = |source| MasterKeyError::Io {
            path: path.to_owned(),
            source,
        };
        let is_new = !path.exists();
        if is_new && !may_create {
            return Err(MasterKeyError::Missing(path.to_owned()));
        }
        if is_new {
            create_key(path).map_err(failed)?;
        }
        if fs::metadata(path).map_err(failed)?.permissions().mode() & 0o077 != 0 {
            return Err(MasterKeyError::Exposed(path.to_owned()));
        }
        let key = Zeroizing::new(fs::read(path).map_err(failed)?);
        if key.len() != KEY_LENGTH {
            return Err(MasterKeyError::WrongLength(path.to_owned()));
        }
        Ok(Self {
            cipher: SecretCipher(XChaCha20Poly1305::new(Key::from_slice(&key))),
            master: hkdf::Salt::new(hkdf::HKDF_SHA256, b"countersign").extract(&key),
            is_new,
        })
    }

    /// Whether the key was created when the vault was opened. Then nothing that is stored was encrypted with it.
    pub(crate) const fn is_new(&self) -> bool {
        self.is_new
    }

    /// The id of the key, which does not disclose it.
    pub(crate) fn key_id(&self) -> String {
        let derived = self.derive_key(b"countersign key id v1");
        hex::encode(&derived[..KEY_ID_BYTES])
    }

    /// A key for one purpose, derived from the master key (RFC 5869), so that nodes with the same master key have the
    /// same derived keys.
    pub(crate) fn derive_key(&self, purpose: &[u8]) -> Zeroizing<[u8; KEY_LENGTH]> {
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        self.master
            .expand(&[purpose], hkdf::HKDF_SHA256)
            .and_then(|expanded| expanded.fill(key.as_mut()))
            .expect("HKDF-SHA256 gives 32 bytes");
        key
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
}

fn create_key(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder)?;
    }
    // Written to a temporary file first, so that a node that starts at the same time never reads an incomplete key.
    let key = Zeroizing::new(random::bytes::<KEY_LENGTH>());
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(key.as_slice())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
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
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let encrypted = Vault::open(&path, true)
            .unwrap()
            .encrypt("org token", "text");
        let vault = Vault::open(&path, true).unwrap();
        assert_eq!(
            vault.decrypt("org token", &encrypted).unwrap().as_str(),
            "text"
        );
        assert!(vault.decrypt("reveal", &encrypted).is_none());
        assert!(vault.decrypt("org token", &encrypted[1..]).is_none());
        assert!(vault.decrypt("org token", b"").is_none());
    }

    #[test]
    fn a_key_others_can_read_is_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        Vault::open(&path, true).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            Vault::open(&path, true),
            Err(MasterKeyError::Exposed(_))
        ));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, b"short").unwrap();
        assert!(matches!(
            Vault::open(&path, true),
            Err(MasterKeyError::WrongLength(_))
        ));
    }
}
