//! Checkpoints of the audit log and the call log: every few seconds the new rows are hashed, chained to the previous
//! checkpoint, and signed, so that a later edit, insertion, deletion or swap of rows is detected ([`verify`]). A row
//! without its MAC is not covered ([`forged`]). In the same transaction the rows are added to the log tree.

pub(crate) mod chain;
mod file;
pub(crate) mod finding;
mod forged;
pub(crate) mod handover;
mod older_copy;
pub(crate) mod row_macs;
mod uncovered;
pub(crate) mod verify;

use std::{path::PathBuf, sync::atomic::Ordering, time::Duration};

use domain::platform::timestamp::Timestamp;
use store::{Checkpoint, Conn, LogKind, StoreError};

pub use self::finding::{Finding, Verdict};
use self::{
    chain::{HASH_LENGTH, Hash},
    file::CheckpointFile,
    forged::ForgedRows,
};
use crate::{
    audit::handle::Audit,
    platform::{
        error::ServiceError,
        tasks::{Closing, report},
    },
};

/// How often to check for new rows.
const TICK: Duration = Duration::from_secs(1);

/// Number of ticks after which a checkpoint is made of however few rows there are.
const TICKS_AT_MOST: u32 = 10;

/// Number of new events that triggers a checkpoint at once; also the maximum in one checkpoint.
const EVENTS: i64 = 1_000;

/// Number of new call blocks that triggers a checkpoint at once; also the maximum in one checkpoint.
const BLOCKS: i64 = 250;

/// The result of trying to make the next checkpoint.
enum Attempt {
    Made {
        /// Whether it covers every row there was.
        left_nothing: bool,
    },
    /// Another task or node made it first.
    Overtaken,
    NothingNew,
}

impl Audit {
    /// Makes checkpoints until every row that exists at the start of the call is covered, including calls still in
    /// memory. Rows added meanwhile are left for the next run; on a busy server they would keep the loop from ending.
    /// Returns the number of checkpoints.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn make_checkpoints(&self) -> Result<usize, ServiceError> {
        self.flush_calls().await?;
        let mut made = 0;
        loop {
            match self.make_checkpoint().await? {
                Attempt::Made { left_nothing } => {
                    made += 1;
                    if left_nothing {
                        return Ok(made);
                    }
                }
                Attempt::Overtaken => {}
                Attempt::NothingNew => return Ok(made),
            }
        }
    }

    async fn make_checkpoint(&self) -> Result<Attempt, ServiceError> {
        self.merge_blocks().await?;
        self.catch_up_tree().await?;
        // Rows are read and hashed outside the write transaction: they are not changed, and blocks that are merged
        // meanwhile are noticed.
        let mut read = self.platform.store().read().await?;
        let version = self.vault.ring().version;
        let next = next_checkpoint(&mut read, self.platform.now()).await?;
        let Some((mut checkpoint, forged)) = next else {
            return Ok(Attempt::NothingNew);
        };
        let growth = self.grow_tree(&mut read, &checkpoint).await?;
        drop(read);
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping.hold_keys().await?;
        if self.vault.ring().version != version {
            // The MACs were verified with other keys.
            return Ok(Attempt::Overtaken);
        }
        checkpoint.signature = self.checkpoint_key().sign(&checkpoint);
        match housekeeping.insert_checkpoint(&checkpoint).await {
            Ok(true) => {}
            Ok(false) | Err(StoreError::Conflict(_)) => return Ok(Attempt::Overtaken),
            Err(error) => return Err(error.into()),
        }
        if let Some(growth) = growth {
            match growth.store(&mut housekeeping).await {
                Ok(true) => {}
                Ok(false) | Err(StoreError::Conflict(_)) => return Ok(Attempt::Overtaken),
                Err(error) => return Err(error.into()),
            }
        }
        let fault = forged.fault(&checkpoint);
        if let Some(fault) = &fault {
            housekeeping.note_database_fault(fault).await?;
        }
        housekeeping.finish().await?;
        if let Some(fault) = fault {
            let rows = u64::try_from(forged.count()).unwrap_or(u64::MAX);
            self.forged_rows.fetch_add(rows, Ordering::Relaxed);
            tracing::error!("{} See `countersign audit verify`.", fault.detail);
        }
        Ok(Attempt::Made {
            left_nothing: left_nothing(&checkpoint),
        })
    }

    /// Number of rows without their MAC that this process replaced by a marker in checkpoints.
    pub(crate) fn forged_rows(&self) -> u64 {
        self.forged_rows.load(Ordering::Relaxed)
    }

    /// Merges small blocks that no checkpoint covers. Afterwards they cannot be changed.
    async fn merge_blocks(&self) -> Result<(), ServiceError> {
        loop {
            let mut read = self.platform.store().read().await?;
            let blocks = read.list_uncovered_blocks(BLOCKS).await?;
            let merges = read.prepare_block_merges(&blocks).await?;
            drop(read);
            let is_last = merges.is_empty()
                || i64::try_from(blocks.len()).is_ok_and(|blocks| blocks < BLOCKS);
            for merge in merges {
                let mut housekeeping = self.platform.store().housekeep().await?;
                if !housekeeping
                    .merge_call_blocks(self.platform.new_id(), merge)
                    .await?
                {
                    // Another node or the counting of calls was first. The checkpoint covers the blocks as they are.
                    return Ok(());
                }
                housekeeping.finish().await?;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Whether there are enough new rows to make a checkpoint without waiting.
    async fn has_enough_for_checkpoint(&self) -> Result<bool, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let newest = read.newest_event_number().await?;
        let newest_checkpoint = read.find_newest_checkpoint().await?;
        let events = newest - newest_checkpoint.map_or(0, |checkpoint| checkpoint.last_event);
        let blocks = read.list_uncovered_blocks(BLOCKS).await?;
        Ok(events >= EVENTS || i64::try_from(blocks.len()).is_ok_and(|blocks| blocks >= BLOCKS))
    }

    /// Makes checkpoints when enough was added or enough time has passed, and a last one when the service closes.
    pub(super) async fn keep_making_checkpoints(
        self,
        checkpoint_file: Option<PathBuf>,
        mut closing: Closing,
    ) {
        let mut file = checkpoint_file.map(CheckpointFile::new);
        if let Some(file) = &mut file {
            report(
                "compare the checkpoint file",
                self.note_older_copy(file).await,
            );
        }
        let mut ticks = 0;
        loop {
            let is_closing = closing.wait_or(TICK).await;
            ticks += 1;
            let made = self
                .make_checkpoints_when_due(&mut ticks, is_closing, &mut file)
                .await;
            report("make checkpoints", made);
            if is_closing {
                return;
            }
        }
    }

    async fn make_checkpoints_when_due(
        &self,
        ticks: &mut u32,
        is_closing: bool,
        file: &mut Option<CheckpointFile>,
    ) -> Result<(), ServiceError> {
        if !is_closing && *ticks < TICKS_AT_MOST && !self.has_enough_for_checkpoint().await? {
            return Ok(());
        }
        *ticks = 0;
        self.make_checkpoints().await?;
        if let Some(file) = file {
            self.note_older_copy(file).await?;
            file.catch_up(&self.platform).await?;
        }
        Ok(())
    }
}

/// Whether a checkpoint covers all rows that existed when it was made.
fn left_nothing(checkpoint: &Checkpoint) -> bool {
    let blocks = checkpoint.blocks.len();
    let events = checkpoint.leaves.len() / HASH_LENGTH - blocks;
    let is_less = |count: usize, most| i64::try_from(count).is_ok_and(|count| count < most);
    is_less(events, EVENTS) && is_less(blocks, BLOCKS)
}

/// The next checkpoint, not signed yet, and the rows that it does not cover; `None` when there are no new rows.
async fn next_checkpoint(
    conn: &mut Conn,
    at: Timestamp,
) -> Result<Option<(Checkpoint, ForgedRows)>, ServiceError> {
    let newest = conn.find_newest_checkpoint().await?;
    let after = newest
        .as_ref()
        .map_or(0, |checkpoint| checkpoint.last_event);
    let last = conn.newest_event_number().await?.min(after + EVENTS);
    let blocks = conn.list_uncovered_blocks(BLOCKS).await?;
    if last == after && blocks.is_empty() {
        return Ok(None);
    }
    let mut events = conn
        .list_event_rows(after, last, EVENTS)
        .await?
        .into_iter()
        .peekable();
    let mut forged = ForgedRows::default();
    let mut leaves: Vec<Hash> = (after + 1..=last)
        .map(|number| {
            let row = events.next_if(|row| row.key == number);
            forged.leaf(LogKind::Event, row.as_ref())
        })
        .collect();
    for id in &blocks {
        let row = conn.find_block_row(*id).await?;
        leaves.push(forged.leaf(LogKind::Call, row.as_ref()));
    }
    let mac_from = conn
        .find_row_mac_start()
        .await?
        .filter(|start| start.has_mac)
        .map(|start| start.event)
        .or(newest.as_ref().and_then(|newest| newest.mac_from));
    let checkpoint = Checkpoint {
        number: newest
            .as_ref()
            .map_or(1, |checkpoint| checkpoint.number + 1),
        at,
        last_event: last,
        blocks,
        leaves: leaves.concat(),
        root: chain::root(&leaves).to_vec(),
        previous: newest
            .map_or([0; HASH_LENGTH], |checkpoint| chain::hash_of(&checkpoint))
            .to_vec(),
        // Without an authentic start, all events count as stored with a MAC.
        mac_from: Some(mac_from.unwrap_or(1)),
        signature: Vec::new(),
    };
    Ok(Some((checkpoint, forged)))
}
