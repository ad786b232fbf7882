//! Whether the operating system lets this process read and write files and folders. Databases report a number instead of
//! the path, and some problems are found only at the first write.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access, statvfs};
use thiserror::Error;

/// Bytes that must be free: a multiple of what SQLite's write-ahead log grows to before it is emptied.
const FREE_BYTES: u64 = 16 * 1_024 * 1_024;

/// What a file or folder is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// To be read.
    Reading,
    /// To be read and written.
    Writing,
}

impl Needed {
    const fn words(self) -> &'static str {
        match self {
            Self::Reading => "read",
            Self::Writing => "read and written",
        }
    }
}

/// A file or folder that cannot be used.
#[derive(Debug, Error)]
#[error("{} cannot be {}", path.display(), needed.words())]
pub struct UnusableFile {
    /// Its path.
    pub path: PathBuf,
    /// What is needed.
    pub needed: Needed,
    /// The error of the operating system.
    pub source: io::Error,
}

/// Checks the folder of a database file, the file and those that the database keeps beside it. They need not exist.
/// They are not opened, because closing them would remove locks of this process.
pub(crate) fn check_database(file: &Path) -> Result<(), UnusableFile> {
    check_folder(folder_of(file))?;
    check_files(file, Needed::Writing)
}

/// Checks that a database file and those that the database keeps beside it can be read. They need not exist.
pub(crate) fn check_readable(file: &Path) -> Result<(), UnusableFile> {
    check_path(folder_of(file), Access::EXEC_OK, Needed::Reading)?;
    check_files(file, Needed::Reading)
}

/// Checks that there is space for changes of a database file.
pub(crate) fn check_space(file: &Path) -> Result<(), UnusableFile> {
    let folder = folder_of(file);
    let unusable = |source| UnusableFile {
        path: folder.to_owned(),
        needed: Needed::Writing,
        source,
    };
    let found = statvfs(folder).map_err(|error| unusable(error.into()))?;
    if found.f_bavail.saturating_mul(found.f_frsize) < FREE_BYTES {
        let full = io::Error::new(io::ErrorKind::StorageFull, "less than 16 MiB are free");
        return Err(unusable(full));
    }
    Ok(())
}

fn check_files(file: &Path, needed: Needed) -> Result<(), UnusableFile> {
    let access = match needed {
        Needed::Reading => Access::READ_OK,
        Needed::Writing => Access::READ_OK | Access::WRITE_OK,
    };
    for end in ["", "-wal", "-shm"] {
        let mut path = OsString::from(file);
        path.push(end);
        check_path(Path::new(&path), access, needed)?;
    }
    Ok(())
}

/// Checks a folder, which need not exist.
pub(crate) fn check_folder(folder: &Path) -> Result<(), UnusableFile> {
    let access = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
    check_path(folder, access, Needed::Writing)
}

/// Checks that lines can be appended to a file, without changing or creating it.
///
/// # Errors
/// [`UnusableFile`], also when the file is missing and cannot be created.
pub fn check_appendable(path: &Path) -> Result<(), UnusableFile> {
    let mut options = std::fs::OpenOptions::new();
    let opened = match options.read(true).append(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let needed = Access::WRITE_OK | Access::EXEC_OK;
            access(folder_of(path), needed).map_err(io::Error::from)
        }
        opened => opened.map(drop),
    };
    opened.map_err(|source| UnusableFile {
        path: path.to_owned(),
        needed: Needed::Writing,
        source,
    })
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn check_path(path: &Path, by: Access, needed: Needed) -> Result<(), UnusableFile> {
    match access(path, by).map_err(io::Error::from) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(UnusableFile {
            path: path.to_owned(),
            needed,
            source,
        }),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(path: &Path) -> Option<io::ErrorKind> {
        check_appendable(path)
            .map_err(|error| error.source.kind())
            .err()
    }

    #[test]
    fn the_check_of_a_file_neither_creates_nor_changes_it() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("lines");
        assert_eq!(kind(&missing), None);
        assert!(!missing.exists());
        std::fs::write(&missing, "{1}\n{").unwrap();
        assert_eq!(kind(&missing), None);
        assert_eq!(std::fs::read(&missing).unwrap(), b"{1}\n{");
        assert_eq!(
            kind(&missing.join("below")),
            Some(io::ErrorKind::NotADirectory)
        );
        assert_eq!(
            kind(&folder.path().join("no/lines")),
            Some(io::ErrorKind::NotFound)
        );
        assert_eq!(kind(folder.path()), Some(io::ErrorKind::IsADirectory));
    }
}
