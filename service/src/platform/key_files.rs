//! The files of a rotation of the master key: the new key in `KEYFILE.new`, which replaces the key file at the end. The
//! old key is kept in `KEYFILE.old`.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
};

use crate::platform::master_key::{MasterKey, MasterKeyError};

/// `KEYFILE` with an end.
pub(crate) fn beside(key_file: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(key_file);
    name.push(".");
    name.push(end);
    name.into()
}

/// The key in a file; `None` without a file.
pub(crate) fn find_key(path: &Path) -> Result<Option<MasterKey>, MasterKeyError> {
    match path.try_exists() {
        Ok(false) => Ok(None),
        Ok(true) | Err(_) => MasterKey::read(path).map(Some),
    }
}

/// Replaces the key file by `KEYFILE.new`, which must have the new key. The key that it had is kept in `KEYFILE.old`,
/// and one that was kept there before in a file with its id. Can be repeated when it was interrupted.
pub(crate) fn replace(
    key_file: &Path,
    id_of: fn(&MasterKey) -> String,
) -> Result<(), MasterKeyError> {
    let (new, kept) = (beside(key_file, "new"), beside(key_file, "old"));
    let old = MasterKey::read(key_file)?;
    match find_key(&kept)? {
        Some(key) if key.bytes() == old.bytes() => {}
        Some(earlier) => {
            let end = format!("old.{}", id_of(&earlier));
            changed(&kept, fs::rename(&kept, beside(key_file, &end)))?;
            changed(&kept, fs::hard_link(key_file, &kept))?;
        }
        None => changed(&kept, fs::hard_link(key_file, &kept))?,
    }
    changed(&new, give_rights(key_file, &new))?;
    changed(key_file, fs::rename(&new, key_file))?;
    let folder = key_file
        .parent()
        .filter(|path| !path.as_os_str().is_empty());
    let synced = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    changed(key_file, synced)
}

/// Gives a file the owner, group and mode of another: a server may read the key as another user than the command.
fn give_rights(of: &Path, to: &Path) -> io::Result<()> {
    let (given, own) = (fs::metadata(of)?, fs::metadata(to)?);
    if (given.uid(), given.gid()) != (own.uid(), own.gid()) {
        chown(to, Some(given.uid()), Some(given.gid()))?;
    }
    fs::set_permissions(to, given.permissions())
}

fn changed(path: &Path, done: io::Result<()>) -> Result<(), MasterKeyError> {
    done.map_err(|source| MasterKeyError::Io {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn id_of(key: &MasterKey) -> String {
        hex::encode(&key.bytes()[..1])
    }

    fn first_bytes(key_file: &Path) -> Vec<(String, u8)> {
        let folder = fs::read_dir(key_file.parent().unwrap()).unwrap();
        let mut found: Vec<_> = folder
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, fs::read(path).unwrap()[0])
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn no_key_is_lost_when_files_are_replaced_repeatedly_or_after_an_interruption() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let [one, two, three] =
            [1, 2, 3].map(|byte: u8| MasterKey::parse(&hex::encode([byte; 32])).unwrap());
        one.write(&path).unwrap();
        two.write(&beside(&path, "new")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        // Interrupted after the old key was kept.
        fs::hard_link(&path, beside(&path, "old")).unwrap();
        replace(&path, id_of).unwrap();
        assert_eq!(
            first_bytes(&path),
            [("key".to_owned(), 2), ("key.old".to_owned(), 1)]
        );
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o400, "the rights stay");
        three.write(&beside(&path, "new")).unwrap();
        replace(&path, id_of).unwrap();
        let kept = [("key", 3), ("key.old", 2), ("key.old.01", 1)];
        assert_eq!(
            first_bytes(&path),
            kept.map(|(name, byte)| (name.to_owned(), byte))
        );
    }
}
