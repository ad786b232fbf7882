//! Where a SQLite file is read without creating or changing a file beside it.

use std::{
    ffi::OsString,
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::SystemTime,
};

use tempfile::TempDir;

/// How often to copy a file that other programs open and close meanwhile.
const ATTEMPTS: usize = 5;

/// A file that can be read.
#[derive(Debug)]
pub(super) struct Readable {
    pub(super) file: PathBuf,
    how: How,
}

/// Length and time of a file, by which a change is noticed.
type State = Option<(u64, SystemTime)>;

#[derive(Debug)]
enum How {
    /// Together with the programs that have the file open.
    Shared,
    /// No program has the file open, and it had this state.
    AtRest(State),
    /// A copy of the file, in a folder that is deleted with this value.
    Copy { _folder: TempDir },
}

impl Readable {
    /// Finds where to read this file.
    ///
    /// SQLite would create the write-ahead log and its index when one of them is missing. Programs that have the file
    /// open have created both, so a file without them is at rest. Without a log it is read as a file that does not
    /// change, also on read-only media, and [`Self::is_unchanged`] says whether that was true. With a log, as in a copy
    /// of both files, SQLite needs the index: then both are copied.
    pub(super) fn find(file: &Path) -> io::Result<Self> {
        for _ in 0..ATTEMPTS {
            let before = state(file)?;
            if is_open(file) {
                break;
            }
            if !wal(file).exists() {
                return Ok(Self {
                    file: file.to_owned(),
                    how: How::AtRest(before[0]),
                });
            }
            let copy = copy(file)?;
            if state(file)? == before && !is_open(file) {
                return Ok(copy);
            }
        }
        Ok(Self {
            file: file.to_owned(),
            how: How::Shared,
        })
    }

    /// Whether the file is read as one that does not change.
    pub(super) const fn is_at_rest(&self) -> bool {
        matches!(self.how, How::AtRest(_))
    }

    /// Whether what was read is right: a file at rest must not have changed since.
    pub(super) fn is_unchanged(&self) -> bool {
        match &self.how {
            How::AtRest(before) => state_of(&self.file).is_ok_and(|now| now == *before),
            How::Shared | How::Copy { .. } => true,
        }
    }
}

/// The path of the write-ahead log.
pub(super) fn wal(file: &Path) -> PathBuf {
    beside(file, "-wal")
}

/// The path of a file beside the database.
pub(super) fn beside(file: &Path, end: &str) -> PathBuf {
    let mut path = OsString::from(file);
    path.push(end);
    path.into()
}

fn is_open(file: &Path) -> bool {
    wal(file).exists() && beside(file, "-shm").exists()
}

/// The states of the file and of its write-ahead log.
fn state(file: &Path) -> io::Result<[State; 2]> {
    Ok([state_of(file)?, state_of(&wal(file))?])
}

fn state_of(path: &Path) -> io::Result<State> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some((found.len(), found.modified()?))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Copies a file and its write-ahead log into a new folder that only this user can read.
fn copy(file: &Path) -> io::Result<Readable> {
    let folder = tempfile::Builder::new()
        .prefix("countersign-read-")
        .tempdir()?;
    let copy = folder.path().join("copy.db");
    copy_file(file, &copy)?;
    match copy_file(&wal(file), &wal(&copy)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    Ok(Readable {
        file: copy,
        how: How::Copy { _folder: folder },
    })
}

/// Copies a file. SQLite must be able to write to the copy of the log.
pub(super) fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    fs::set_permissions(to, Permissions::from_mode(0o600))
}
