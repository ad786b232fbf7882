//! A backup of a database that is a file, and its restoration. A backup is a database file like any other; the master
//! key is not in it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, fcntl_lock};
use store::{Access, Store, StoreError, copy_database, remove_database, rename_database};
use thiserror::Error;

use crate::{
    audit::checkpoints::Verdict,
    platform::error::ServiceError,
    service::Service,
    settings::{OpenError, Settings},
};

/// Why a database was not backed up or restored. Nothing was changed then.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The database is not a file.
    #[error("PostgreSQL is backed up and restored with its own programs")]
    NotAFile,
    /// There is a file already.
    #[error("there is a file {0} already")]
    Exists(PathBuf),
    /// The backup is the database.
    #[error("{0} is the database itself")]
    Same(PathBuf),
    /// A program has the database open.
    #[error("a program has {0} open: stop the server first")]
    InUse(PathBuf),
    /// The file cannot be read or written.
    #[error("{path} cannot be used")]
    Io {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The file is damaged.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// The file has no organization.
    #[error("the file has no organization, so it is not a backup")]
    Empty,
    /// The audit log of the file was changed.
    #[error("the audit log of the file was changed: {count} findings; the first: {first}")]
    Changed {
        /// The number of findings.
        count: usize,
        /// The first finding.
        first: String,
    },
    /// The file is not a database of this program, or its key is not the given one.
    #[error("the file cannot be opened")]
    Open(#[from] OpenError),
    /// The database.
    #[error("the database failed")]
    Store(#[from] StoreError),
    /// Any other error.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// What a backup contains.
#[derive(Debug)]
pub struct BackupView {
    /// The ids of the master keys that open it: one, or during a rotation two.
    pub key_ids: Vec<String>,
    /// The number of its newest checkpoint; 0 without one.
    pub checkpoint: i64,
    /// The number of its newest event.
    pub event: i64,
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// The result of verifying the audit log of the backup.
    pub verdict: Verdict,
    /// Where the database is that was replaced; `None` if there was none.
    pub replaced: Option<PathBuf>,
}

impl Service {
    /// Writes a consistent copy of the database, which others may write to meanwhile, into a new file. The service
    /// must have been opened to read.
    ///
    /// # Errors
    /// [`BackupError`]; then there is no new file.
    pub async fn back_up(&self, file: &Path) -> Result<BackupView, BackupError> {
        if file.try_exists().map_err(|source| failed(file, source))? {
            return Err(BackupError::Exists(file.to_owned()));
        }
        let draft = Draft::beside(file, "draft");
        let store = self.rooms.platform.store();
        if !store.back_up(&draft.0).await? {
            return Err(BackupError::NotAFile);
        }
        let view = inspect(&draft.0).await?;
        draft.put_at(file)?;
        Ok(view)
    }
}

/// Checks that a backup can be opened, and reads what it contains.
async fn inspect(file: &Path) -> Result<BackupView, BackupError> {
    let copy = Store::open_with(&url(file), Access::Read).await?;
    let damage = copy.list_damage().await?;
    if let Some(first) = damage.into_iter().next() {
        return Err(BackupError::Damaged(first));
    }
    let mut read = copy.read().await?;
    let known = read.list_master_keys().await?;
    let checkpoint = read.find_newest_checkpoint().await?;
    let event = read.newest_event_number().await?;
    drop(read);
    copy.close().await;
    Ok(BackupView {
        key_ids: known.keys.into_iter().map(|known| known.id).collect(),
        checkpoint: checkpoint.map_or(0, |newest| newest.number),
        event,
    })
}

/// Replaces the database of these settings by a backup, after it was checked: its structure, its version, that the
/// master key of the settings is its key, and its audit log. The replaced database is kept.
///
/// # Errors
/// [`BackupError`]; then the database is as before.
pub async fn restore(settings: &Settings, from: &Path) -> Result<Restored, BackupError> {
    let target = settings.database_file().ok_or(BackupError::NotAFile)?;
    let found = from.canonicalize().map_err(|source| failed(from, source))?;
    if target.canonicalize().is_ok_and(|target| target == found) {
        return Err(BackupError::Same(from.to_owned()));
    }
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    }
    drop(lock(target)?);
    let draft = Draft::beside(target, "restoring");
    copy_database(&found, &draft.0).map_err(|source| failed(from, source))?;
    let verdict = check(settings, &draft.0).await?;
    let replaced = keep_replaced(settings, target)?;
    if let Err(error) = draft.put_at(target) {
        put_back(replaced.as_deref(), target);
        return Err(error);
    }
    Ok(Restored { verdict, replaced })
}

/// Brings a copy of a backup up to date and checks it.
async fn check(settings: &Settings, copy: &Path) -> Result<Verdict, BackupError> {
    let store = Store::open_with(&url(copy), Access::Migrate).await?;
    let damage = store.list_damage().await;
    store.close().await;
    if let Some(first) = damage?.into_iter().next() {
        return Err(BackupError::Damaged(first));
    }
    let service = Service::open(Settings {
        database_url: url(copy),
        access: Access::Read,
        // Not beside the copy.
        master_key_file: Some(settings.master_key_file()),
        ..settings.clone()
    });
    let service = service.await?;
    let is_empty = service.identity().needs_setup().await;
    let verdict = service.audit().verify(None).await;
    service.close().await?;
    if is_empty? {
        return Err(BackupError::Empty);
    }
    let verdict = verdict?;
    match verdict.findings.first() {
        None => Ok(verdict),
        Some(first) => Err(BackupError::Changed {
            count: verdict.findings.len(),
            first: first.to_string(),
        }),
    }
}

/// Renames the database that is replaced. Returns its new path; `None` if there is no database.
fn keep_replaced(settings: &Settings, target: &Path) -> Result<Option<PathBuf>, BackupError> {
    let Some(_locked) = lock(target)? else {
        return Ok(None);
    };
    let at = settings.clock.now().to_date_and_second();
    let at = at.replace(|letter: char| !letter.is_ascii_digit(), "-");
    let kept = with_end(target, &format!("replaced-{at}"));
    if kept.exists() {
        return Err(BackupError::Exists(kept));
    }
    if let Err(source) = rename_database(target, &kept) {
        put_back(Some(&kept), target);
        return Err(failed(&kept, source));
    }
    Ok(Some(kept))
}

/// Undoes the renaming of the replaced database, as far as it was done.
fn put_back(kept: Option<&Path>, target: &Path) {
    if let Some(kept) = kept
        && let Err(error) = rename_database(kept, target)
    {
        tracing::error!(
            %error,
            kept = %kept.display(),
            "The replaced database could not be renamed back. Rename it and the files beside it."
        );
    }
}

/// Locks a database file that no process has open; `None` if there is no file.
pub(crate) fn lock(file: &Path) -> Result<Option<File>, BackupError> {
    let opened = fs::OpenOptions::new().read(true).write(true).open(file);
    let opened = match opened {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|source| failed(file, source))?,
    };
    // Every process that has the database open holds a lock on a part of the file.
    match fcntl_lock(&opened, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(opened)),
        Err(rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS) => {
            Err(BackupError::InUse(file.to_owned()))
        }
        Err(error) => Err(failed(file, error.into())),
    }
}

/// A file that is not complete. Dropping it removes it.
struct Draft(PathBuf);

impl Draft {
    /// The draft of a file. What an earlier attempt left is removed.
    fn beside(file: &Path, end: &str) -> Self {
        let draft = Self(with_end(file, end));
        remove_database(&draft.0);
        draft
    }

    /// Moves the complete draft to its place, and waits until the disk has it.
    fn put_at(&self, file: &Path) -> Result<(), BackupError> {
        let put = || {
            File::open(&self.0)?.sync_all()?;
            fs::hard_link(&self.0, file)?;
            let folder = file.parent().filter(|path| !path.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        put().map_err(|source| failed(file, source))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        remove_database(&self.0);
    }
}

fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    name.into()
}

fn url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

fn failed(path: &Path, source: io::Error) -> BackupError {
    BackupError::Io {
        path: path.to_owned(),
        source,
    }
}
