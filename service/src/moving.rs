//! Moving a database that is a file to an empty database server, whole and unchanged.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use store::{Access, MovedTable, Transfer, TransferError};
use thiserror::Error;

use crate::{
    backup::{BackupError, lock},
    platform::error::ServiceError,
    service::Service,
    settings::{OpenError, Settings},
};

/// Why a database was not moved. The file is as before, and the destination has no row, unless the destination did not
/// confirm the commit.
#[derive(Debug, Error)]
pub enum MoveError {
    /// The database to move is not a file.
    #[error("only a SQLite database is moved: its URL starts with sqlite:")]
    NotAFile,
    /// The file cannot be used, or a program has it open.
    #[error(transparent)]
    File(#[from] BackupError),
    /// The file cannot be opened.
    #[error("the database to move cannot be opened")]
    Open(#[from] OpenError),
    /// The file changed meanwhile.
    #[error(
        "a program changed the database while it was moved: stop the server, and repeat the command"
    )]
    Changed,
    /// The rows cannot be moved.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// Any other error.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Length and time of the file and its write-ahead log.
type State = [Option<(u64, SystemTime)>; 2];

/// A move in progress. Dropping it leaves the destination empty.
pub struct Moving {
    file: PathBuf,
    before: State,
    source: Service,
    transfer: Transfer,
}

impl Moving {
    /// Begins to move the database of these settings, which no program may have open, to the empty database at this
    /// URL. The file is only read.
    ///
    /// # Errors
    /// [`MoveError`].
    pub async fn begin(settings: &Settings, to: &str) -> Result<Self, MoveError> {
        let file = settings.database_file().ok_or(MoveError::NotAFile)?;
        let before = unused(file)?;
        let source = Service::open(Settings {
            access: Access::Read,
            ..settings.clone()
        })
        .await?;
        let transfer = source.rooms.platform.store().transfer_to(to).await?;
        Ok(Self {
            file: file.to_owned(),
            before,
            source,
            transfer,
        })
    }

    /// Moves the next table; `None` after the last.
    ///
    /// # Errors
    /// [`MoveError`]; then the destination stays empty.
    pub async fn move_table(&mut self) -> Result<Option<MovedTable>, MoveError> {
        Ok(self.transfer.move_table().await?)
    }

    /// Compares the numbers of rows, and commits if no program has opened or changed the file meanwhile.
    ///
    /// # Errors
    /// [`MoveError`]; then the destination stays empty, unless it did not confirm the commit.
    pub async fn finish(mut self) -> Result<(), MoveError> {
        self.transfer.check().await?;
        self.source.close().await?;
        if unused(&self.file)? != self.before {
            return Err(MoveError::Changed);
        }
        Ok(self.transfer.commit().await?)
    }
}

/// The state of a file that no program has open.
fn unused(file: &Path) -> Result<State, BackupError> {
    drop(lock(file)?);
    let state = |path: &Path| match fs::metadata(path) {
        Ok(found) => Ok(Some((found.len(), found.modified()?))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    };
    let wal = beside_wal(file);
    let read = || Ok([state(file)?, state(&wal)?]);
    read().map_err(|source| BackupError::Io {
        path: file.to_owned(),
        source,
    })
}

/// The path of the write-ahead log.
fn beside_wal(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push("-wal");
    path.into()
}
