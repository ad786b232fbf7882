//! The start of row MACs, at the first start of a version that has them. Rows that earlier versions stored and no
//! checkpoint covers get a MAC then, and never later: otherwise an attacker could insert rows with SQL and have a
//! restarted server add their MACs.
//!
//! An attacker can remove the mark of the start. So the rows get no MAC either when the newest checkpoint, a row without
//! a checkpoint or the checkpoint file shows that there were MACs before.

use std::path::Path;

use domain::platform::timestamp::Timestamp;
use store::{DatabaseFault, FaultKind, Store};

use super::file::CheckpointFile;
use crate::platform::error::ServiceError;

/// Starts row MACs, unless they were started before.
pub(crate) async fn start(
    store: &Store,
    at: Timestamp,
    checkpoint_file: Option<&Path>,
) -> Result<(), ServiceError> {
    let mut read = store.read().await?;
    if read.find_row_mac_start().await?.is_some() {
        return Ok(());
    }
    let newest = read.find_newest_checkpoint().await?;
    let covered = newest.as_ref().map_or(0, |newest| newest.last_event);
    let had_macs = newest.is_some_and(|newest| newest.mac_from.is_some())
        || read.has_uncovered_macs(covered).await?;
    drop(read);
    if had_macs || has_macs(checkpoint_file).await? {
        return report_removal(store, at).await;
    }
    let mut housekeeping = store.housekeep().await?;
    if let Some(rows) = housekeeping.start_row_macs(at, covered).await? {
        housekeeping.finish().await?;
        if rows > 0 {
            tracing::info!(
                rows,
                "Rows of an earlier version without a checkpoint have a MAC now."
            );
        }
    }
    Ok(())
}

/// Whether the checkpoint file has a checkpoint that was made of rows with MACs.
async fn has_macs(file: Option<&Path>) -> Result<bool, ServiceError> {
    let Some(file) = file else { return Ok(false) };
    let line = CheckpointFile::new(file.to_owned()).last_line().await;
    let line = line.map_err(|error| ServiceError::Internal(Box::new(error)))?;
    Ok(line.is_some_and(|line| line.mac_from.is_some()))
}

async fn report_removal(store: &Store, at: Timestamp) -> Result<(), ServiceError> {
    let detail = "The table row_mac_start was emptied, or an old backup was restored. Rows without a MAC are not \
        confirmed by checkpoints.";
    tracing::error!("{detail}");
    let mut housekeeping = store.housekeep().await?;
    housekeeping
        .note_database_fault(&DatabaseFault {
            at,
            kind: FaultKind::ForgedRows,
            detail: detail.to_owned(),
        })
        .await?;
    Ok(housekeeping.finish().await?)
}
