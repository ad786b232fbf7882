//! The checkpoint file: a copy of all checkpoints, one per line, outside the control of those who can change the
//! database.

use std::{
    collections::BTreeMap,
    io::{self, ErrorKind, SeekFrom},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use store::Checkpoint;
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
};

use super::chain;
use crate::{
    audit::line_file,
    platform::{error::ServiceError, handle::Platform},
};

/// Maximum number of checkpoints in one write.
const BATCH: i64 = 100;

/// Number of bytes at the end of the file that contain its last lines.
const TAIL: u64 = 4_096;

/// The permissions of a new file. Auditors who are other users of the machine may read it.
const MODE: u32 = 0o644;

/// A checkpoint as a line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    #[serde(rename = "seal")]
    pub(super) number: i64,
    /// Milliseconds since 1970.
    pub(super) at: i64,
    pub(super) last_event: i64,
    pub(super) rows: usize,
    /// The first event that was stored with a MAC; absent in checkpoints of versions without MACs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mac_from: Option<i64>,
    /// The hash of the checkpoint in base64, which covers this and all earlier checkpoints.
    pub(super) hash: String,
}

impl Line {
    pub(super) fn of(checkpoint: &Checkpoint) -> Self {
        Self {
            number: checkpoint.number,
            at: checkpoint.at.as_millis(),
            last_event: checkpoint.last_event,
            rows: checkpoint.leaves.len() / chain::HASH_LENGTH,
            mac_from: checkpoint.mac_from,
            hash: STANDARD.encode(chain::hash_of(checkpoint)),
        }
    }
}

/// The file and the position up to which it is written.
pub(super) struct CheckpointFile {
    pub(super) path: PathBuf,
    written_to: Option<i64>,
    /// The checkpoint of the file that the database lacked, and that was reported last.
    pub(super) missing: Option<i64>,
}

impl CheckpointFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            written_to: None,
            missing: None,
        }
    }

    /// Writes every checkpoint that is missing from the file.
    pub(super) async fn catch_up(&mut self, platform: &Platform) -> Result<(), ServiceError> {
        let failed = |error: io::Error| ServiceError::Internal(Box::new(error));
        loop {
            let written_to = match self.written_to {
                Some(number) => number,
                None => {
                    let line = self.last_line().await.map_err(failed)?;
                    line.map_or(0, |line| line.number)
                }
            };
            let checkpoints = platform
                .store()
                .read()
                .await?
                .list_checkpoints(written_to, BATCH)
                .await?;
            if checkpoints.is_empty() {
                return Ok(());
            }
            let lines: Vec<Line> = checkpoints.iter().map(Line::of).collect();
            self.append(&lines).await.map_err(failed)?;
        }
    }

    /// The newest checkpoint in the file.
    pub(super) async fn last_line(&self) -> io::Result<Option<Line>> {
        Self::last_line_of(line_file::open(&self.path, MODE).await?).await
    }

    /// The newest checkpoint in a file that may be missing, and is only read.
    pub(super) async fn find_last_line(path: &Path) -> io::Result<Option<Line>> {
        match File::open(path).await {
            Ok(file) => Self::last_line_of(file).await,
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn last_line_of(mut file: File) -> io::Result<Option<Line>> {
        let length = file.metadata().await?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))
            .await?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail).await?;
        let tail = String::from_utf8_lossy(&tail);
        Ok(lines(&tail).last())
    }

    /// Appends lines. After a failure the file is read again, because it is unknown how much was written.
    async fn append(&mut self, lines: &[Line]) -> io::Result<()> {
        self.written_to = None;
        let mut text = String::new();
        for line in lines {
            text.push_str(&serde_json::to_string(line)?);
            text.push('\n');
        }
        let mut file = line_file::open(&self.path, MODE).await?;
        line_file::append(&mut file, text.as_bytes()).await?;
        self.written_to = lines.last().map(|line| line.number);
        Ok(())
    }
}

/// The readable lines of a checkpoint file.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line> {
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
}

/// The readable lines of a checkpoint file, by the number of their checkpoint.
pub(super) fn by_number(text: &str) -> BTreeMap<i64, Line> {
    lines(text).map(|line| (line.number, line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every write to this device fails, as on a full disk.
    const FULL: &str = "/dev/full";

    #[tokio::test]
    async fn a_write_that_fails_is_reported_and_the_file_is_read_again() {
        let line = Line {
            number: 7,
            at: 0,
            last_event: 1,
            rows: 1,
            mac_from: None,
            hash: String::new(),
        };
        let folder = tempfile::tempdir().unwrap();
        let mut file = CheckpointFile::new(folder.path().join("checkpoints.ndjson"));
        file.append(std::slice::from_ref(&line)).await.unwrap();
        assert_eq!(file.written_to, Some(7));
        file.path = FULL.into();
        let error = file.append(&[line]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(file.written_to, None);
    }
}
