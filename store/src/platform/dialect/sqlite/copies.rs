//! Copies of a SQLite file: a backup while others write, and the files of a restore.

use std::{fs, io, path::Path};

use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use super::{
    SqlitePools, create_private,
    readable::{beside, copy_file, wal},
};
use crate::platform::error::StoreError;

/// The files that SQLite keeps beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// The problems of the structure, at most a hundred; `ok` without one.
const INTEGRITY: &str = "SELECT integrity_check FROM pragma_integrity_check";

impl SqlitePools {
    /// Writes the database as it is at this moment into a new file that only this user can read. Others may write
    /// meanwhile.
    pub(in crate::platform::dialect) async fn back_up(
        &self,
        file: &Path,
    ) -> Result<(), StoreError> {
        let Some(from) = &self.read_from else {
            return Err(StoreError::Address(
                "a backup needs a database that is only read".to_owned(),
            ));
        };
        let to = file.to_string_lossy().into_owned();
        create_private(&to).await?;
        // Not a connection of the pool, which rejects every change, that of the new file too.
        let options = SqliteConnectOptions::new()
            .filename(&from.file)
            .read_only(true)
            .immutable(from.is_at_rest());
        let mut connection = options.connect().await?;
        sqlx::query("VACUUM INTO $1")
            .bind(to)
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(())
    }

    /// What is wrong with the structure of the file. It takes as long as reading the file.
    pub(in crate::platform::dialect) async fn list_damage(
        &self,
    ) -> Result<Vec<String>, StoreError> {
        let mut reader = self.readers.acquire().await?;
        let mut found: Vec<String> = sqlx::query_scalar(INTEGRITY)
            .fetch_all(&mut *reader)
            .await?;
        found.retain(|line| line != "ok");
        Ok(found)
    }
}

/// Copies a database file with its write-ahead log.
///
/// # Errors
/// The error of the operating system.
pub fn copy_database(from: &Path, to: &Path) -> io::Result<()> {
    copy_file(from, to)?;
    if wal(from).exists() {
        copy_file(&wal(from), &wal(to))?;
    }
    Ok(())
}

/// Renames a database file together with the files that the database keeps beside it.
///
/// # Errors
/// The error of the operating system.
pub fn rename_database(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    for end in COMPANIONS {
        match fs::rename(beside(from, end), beside(to, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Removes a database file and the files beside it, as far as they exist.
pub fn remove_database(file: &Path) {
    for end in ["", COMPANIONS[0], COMPANIONS[1]] {
        let _ = fs::remove_file(beside(file, end));
    }
}
