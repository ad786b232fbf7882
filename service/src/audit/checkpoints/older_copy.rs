//! Compares the database with the checkpoint file: a database that lacks a checkpoint of the file is an older copy, one
//! that has another is another copy.

use std::{io, path::Path};

use store::{Checkpoint, DatabaseFault, FaultKind, Read};
use tokio::{
    fs::File,
    io::{AsyncBufReadExt as _, BufReader},
};

use super::file::{CheckpointFile, Line};
use crate::{audit::handle::Audit, platform::error::ServiceError};

/// Number of checkpoints in one read.
const BATCH: i64 = 100;

impl Audit {
    /// The first checkpoint of the file that the database lacks or has otherwise; `None` when it has the newest one, or
    /// when there is no file.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer, [`ServiceError::Internal`] when the file cannot be
    /// read.
    pub async fn find_missing_checkpoint(&self, file: &Path) -> Result<Option<i64>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let failed = |error: io::Error| ServiceError::Internal(Box::new(error));
        let Some(last) = CheckpointFile::find_last_line(file).await.map_err(failed)? else {
            return Ok(None);
        };
        let same = read.list_checkpoints(last.number - 1, 1).await?.pop();
        if same.is_some_and(|checkpoint| Line::of(&checkpoint) == last) {
            return Ok(None);
        }
        let first = first_difference(&mut read, file).await?;
        Ok(Some(first.unwrap_or(last.number)))
    }

    /// Stores a fault when the database lacks a checkpoint of the file. One that was stored before,
    /// and that an operator may have confirmed, is not stored again.
    pub(super) async fn note_older_copy(
        &self,
        file: &mut CheckpointFile,
    ) -> Result<(), ServiceError> {
        let missing = self.find_missing_checkpoint(&file.path).await?;
        if let Some(number) = missing
            && missing != file.missing
        {
            let detail = describe(number);
            tracing::error!("{detail}");
            let mut housekeeping = self.platform.store().housekeep().await?;
            housekeeping
                .note_database_fault(&DatabaseFault {
                    at: self.platform.now(),
                    kind: FaultKind::OlderCopy,
                    detail,
                })
                .await?;
            housekeeping.finish().await?;
        }
        file.missing = missing;
        Ok(())
    }
}

fn describe(number: i64) -> String {
    format!(
        "The database lacks checkpoint {number} of the checkpoint file, or has another one: it is an older or another copy."
    )
}

async fn first_difference(read: &mut Read, file: &Path) -> Result<Option<i64>, ServiceError> {
    let failed = |error: io::Error| ServiceError::Internal(Box::new(error));
    let mut lines = BufReader::new(File::open(file).await.map_err(failed)?).lines();
    let mut known: Vec<Checkpoint> = Vec::new();
    while let Some(text) = lines.next_line().await.map_err(failed)? {
        let Ok(line) = serde_json::from_str::<Line>(&text) else {
            continue;
        };
        if known.last().is_none_or(|last| last.number < line.number) {
            known = read.list_checkpoints(line.number - 1, BATCH).await?;
        }
        let same = known.iter().find(|known| known.number == line.number);
        if same.is_none_or(|known| Line::of(known) != line) {
            return Ok(Some(line.number));
        }
    }
    Ok(None)
}
