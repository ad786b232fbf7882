//! The master key: read from its file or from a text, and created at the first start.

use std::{
    fmt, fs,
    io::Write as _,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustix::process::{getegid, getgroups};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::platform::random;

/// Bytes of a key.
pub(crate) const KEY_LENGTH: usize = 32;

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
        "the master key file {0} can be read by others: chmod 600 it, or 640 if its group is that of the process, and \
         replace the key if it was exposed"
    )]
    Exposed(PathBuf),
    /// There is no file, but the database has data that was encrypted under a key.
    #[error(
        "the master key file {0} is missing, but the database has data: restore the file from its backup"
    )]
    Missing(PathBuf),
    /// There is no file, and the process may not create one.
    #[error(
        "the master key file {0} is missing: the first start of `countersign serve` creates it"
    )]
    NotCreated(PathBuf),
    /// The database was encrypted under another key.
    #[error(
        "{place} has the key {given}, but the database was encrypted under the key {stored}: restore the right key"
    )]
    Wrong {
        /// Where the key is from.
        place: String,
        /// The id of the given key.
        given: String,
        /// The id of the key of the database.
        stored: String,
    },
    /// The database has the id of the key, but a check value of another key.
    #[error(
        "{place} has the key {given}, which does not decrypt the check value of the database: the row of its master \
         key was changed"
    )]
    Unproven {
        /// Where the key is from.
        place: String,
        /// The id of the given key.
        given: String,
    },
    /// The database does not know its key, but its checkpoints were signed with another one.
    #[error(
        "{place} has the key {given}, which did not sign the newest checkpoint of the database: restore the right key"
    )]
    Foreign {
        /// Where the key is from.
        place: String,
        /// The id of the given key.
        given: String,
    },
    /// The file has the wrong length.
    #[error("the master key file {0} does not hold 32 bytes")]
    WrongLength(PathBuf),
    /// The new key of a rotation is the present key.
    #[error("{0} has the master key that is in use: a rotation needs another key")]
    SameKey(PathBuf),
    /// Another key is new in the rotation that is not finished.
    #[error(
        "the rotation to the master key {new} is not finished, and {path} has the key {given}: continue it without \
         this file"
    )]
    OtherRotation {
        /// The file with the given key.
        path: PathBuf,
        /// The id of the given key.
        given: String,
        /// The id of the new key.
        new: String,
    },
    /// There is another key in the file that a rotation writes its new key to.
    #[error(
        "{path} has the key {found}, which is not the new key {new} of the rotation: move it away"
    )]
    OtherNewFile {
        /// The file.
        path: PathBuf,
        /// The id of its key.
        found: String,
        /// The id of the new key.
        new: String,
    },
    /// The text is not a key.
    #[error("the master key is neither 64 hexadecimal digits nor 32 bytes in base64")]
    Malformed,
}

/// A master key. `Debug` does not print it.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY_LENGTH]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// Reads a key from a text: 64 hexadecimal digits, or base64.
    ///
    /// # Errors
    /// [`MasterKeyError::Malformed`] without the text.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let text = text.trim();
        let decoded = match text.len() {
            64 => hex::decode(text).ok(),
            _ => STANDARD.decode(text).ok(),
        };
        let bytes = Zeroizing::new(decoded.ok_or(MasterKeyError::Malformed)?);
        Self::of(&bytes).ok_or(MasterKeyError::Malformed)
    }

    /// Reads a key from its file. Only the user of the process may read the file, or a group of the process.
    pub(crate) fn read(path: &Path) -> Result<Self, MasterKeyError> {
        let failed = |source| MasterKeyError::Io {
            path: path.to_owned(),
            source,
        };
        let found = fs::metadata(path).map_err(failed)?;
        if is_exposed(found.permissions().mode(), found.gid()) {
            return Err(MasterKeyError::Exposed(path.to_owned()));
        }
        let bytes = Zeroizing::new(fs::read(path).map_err(failed)?);
        Self::of(&bytes).ok_or_else(|| MasterKeyError::WrongLength(path.to_owned()))
    }

    /// Creates a key in a file that only the user of the process can read, unless the file exists.
    pub(crate) fn create(path: &Path) -> Result<(), MasterKeyError> {
        Self::generate().write(path)
    }

    /// A random key.
    pub(crate) fn generate() -> Self {
        Self(Zeroizing::new(random::bytes()))
    }

    /// Writes the key to a file that only the user of the process can read, unless the file exists.
    pub(crate) fn write(&self, path: &Path) -> Result<(), MasterKeyError> {
        create(path, &self.0).map_err(|source| MasterKeyError::Io {
            path: path.to_owned(),
            source,
        })
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LENGTH] {
        &self.0
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.try_into().ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }
}

/// Whether others than the user can read a file, apart from a group of this process. Kubernetes gives the files of a
/// volume to the group `fsGroup`, and makes them readable by it.
fn is_exposed(mode: u32, group: u32) -> bool {
    let of_group = mode & 0o070;
    mode & 0o007 != 0 || of_group & 0o030 != 0 || (of_group != 0 && !is_own_group(group))
}

fn is_own_group(group: u32) -> bool {
    let others = getgroups().unwrap_or_default();
    getegid().as_raw() == group || others.iter().any(|own| own.as_raw() == group)
}

fn create(path: &Path, key: &[u8; KEY_LENGTH]) -> std::io::Result<()> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder)?;
    }
    // Written to a temporary file first, so that a node that starts at the same time never reads an incomplete key.
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let _ = fs::remove_file(&draft);
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

#[cfg(test)]
mod tests {
    use std::{fs::Permissions, os::unix::fs::chown};

    use super::*;

    #[test]
    fn a_key_is_read_by_its_user_and_by_a_group_of_the_process_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        MasterKey::create(&path).unwrap();
        chown(&path, None, Some(getegid().as_raw())).unwrap();
        for (mode, is_allowed) in [
            (0o600, true),
            (0o400, true),
            (0o440, true),
            (0o640, true),
            (0o660, false),
            (0o644, false),
            (0o604, false),
        ] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let read = MasterKey::read(&path);
            assert_eq!(read.is_ok(), is_allowed, "{mode:o}: {read:?}");
        }
        assert!(is_exposed(0o640, u32::MAX - 1), "the group is not its own");
        assert!(!is_exposed(0o600, u32::MAX - 1));
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, b"short").unwrap();
        assert!(matches!(
            MasterKey::read(&path),
            Err(MasterKeyError::WrongLength(_))
        ));
    }

    #[test]
    fn a_key_is_given_as_hexadecimal_or_base64_text() {
        let hex = MasterKey::parse(&format!("{}\n", "07".repeat(32))).unwrap();
        assert_eq!(hex.bytes(), &[7; 32]);
        let base64 = MasterKey::parse(&STANDARD.encode([7; 32])).unwrap();
        assert_eq!(base64.bytes(), &[7; 32]);
        for wrong in ["", "07", &"zz".repeat(32), &STANDARD.encode([7; 31])] {
            assert!(MasterKey::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(format!("{hex:?}"), "MasterKey(…)");
    }
}
