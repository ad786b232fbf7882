//! Verifies that the log is unchanged since its checkpoints: the signature of every checkpoint and its link to the
//! previous one, every row against its hash, and every checkpoint against the checkpoint file if there is one. Rows
//! without a checkpoint are verified by their MAC.

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use store::{Checkpoint, LogKind, Read};

use super::{
    chain::{self, HASH_LENGTH, Hash},
    file::{Line, by_number},
    handover::Signers,
};
use crate::{
    audit::{
        checkpoints::finding::{Finding, Verdict},
        handle::Audit,
        log_tree::{check::TreeCheck, keys},
    },
    platform::error::ServiceError,
};

/// Number of rows or checkpoints in one read.
pub(super) const BATCH: i64 = 100;

impl Audit {
    /// Verifies all rows against the checkpoints, and the checkpoints against the text of the checkpoint file.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn verify(&self, file: Option<&str>) -> Result<Verdict, ServiceError> {
        loop {
            let mut read = self.platform.store().read().await?;
            read.refresh_keys().await?;
            let version = self.vault.ring().version;
            let verdict = self.verify_with(read, file).await?;
            // Rows with MACs of a key that was added meanwhile would count as forged.
            let mut read = self.platform.store().read().await?;
            if verdict.findings.is_empty() || read.key_ring_version().await? == version {
                return Ok(verdict);
            }
        }
    }

    async fn verify_with(
        &self,
        mut read: Read,
        file: Option<&str>,
    ) -> Result<Verdict, ServiceError> {
        let keys = keys::own(&mut read, &self.vault).await?;
        let tree = TreeCheck::begin(&mut read, keys, None).await?;
        let signers = Signers::load(&mut read, &self.vault.ring()).await?;
        verify(read, Some(&signers), tree, file).await
    }
}

/// Verifies a log: with the keys of checkpoints, or with the tree alone.
pub(crate) async fn verify(
    mut read: Read,
    signers: Option<&Signers>,
    tree: TreeCheck,
    file: Option<&str>,
) -> Result<Verdict, ServiceError> {
    // In this order, so that rows added and covered meanwhile are not reported as forged.
    let blocks = read.list_all_block_ids().await?;
    let uncovered: HashSet<i64> = read
        .list_uncovered_blocks(i64::MAX)
        .await?
        .into_iter()
        .collect();
    let mut check = Check {
        removed_events: 0,
        removed_calls: 0,
        read,
        tree,
        written: file.map(by_number),
        verdict: Verdict::default(),
        covered_blocks: HashSet::new(),
        has_macs: false,
    };
    check.removed_events = check.removed_to(LogKind::Event, signers).await?;
    check.removed_calls = check.removed_to(LogKind::Call, signers).await?;
    for number in signers.into_iter().flat_map(|signers| &signers.forged) {
        check.find(Finding::HandoverForged(*number));
    }
    let last_event = check.checkpoints(signers).await?;
    if signers.is_some() {
        check.mac_start().await?;
    }
    check.uncovered_events(last_event).await?;
    check.uncovered_blocks(&uncovered).await?;
    for id in blocks {
        if uncovered.contains(&id) {
            check.verdict.uncovered_blocks += 1;
            check.uncovered_block(id).await?;
        } else if !check.covered_blocks.contains(&id) && check.has_block(id).await? {
            check.find(Finding::BlockInserted(id));
        }
    }
    // Matched checkpoints were removed from the map; the rest are missing from the database.
    for number in check.written.take().unwrap_or_default().into_keys() {
        check.find(Finding::CheckpointMissing(number));
    }
    let (leaves, findings) = check.tree.end();
    let mut verdict = check.verdict;
    verdict.leaves = leaves;
    verdict.findings.extend(findings);
    verdict.findings.sort_unstable();
    verdict.findings.dedup();
    Ok(verdict)
}

/// A verification in progress.
pub(super) struct Check {
    pub(super) read: Read,
    /// The newest checkpoint whose events retention deleted.
    removed_events: i64,
    /// The newest checkpoint whose calls retention deleted.
    removed_calls: i64,
    /// The checkpoints of the file that are not matched yet.
    written: Option<BTreeMap<i64, Line>>,
    tree: TreeCheck,
    pub(super) verdict: Verdict,
    covered_blocks: HashSet<i64>,
    /// Whether rows have MACs. Those that no checkpoint covers have none until a version with MACs was started.
    pub(super) has_macs: bool,
}

impl Check {
    pub(super) fn find(&mut self, finding: Finding) {
        self.verdict.findings.push(finding);
    }

    /// The newest checkpoint whose rows of this kind retention deleted; 0 if nothing was deleted.
    async fn removed_to(
        &mut self,
        kind: LogKind,
        signers: Option<&Signers>,
    ) -> Result<i64, ServiceError> {
        let Some(mark) = self.read.find_retention(kind).await? else {
            return Ok(0);
        };
        let is_signed = match signers {
            Some(signers) => Some(signers.have_signed_retention(&mark)),
            None => self.tree.has_signed_retention(&mark),
        };
        match is_signed {
            Some(true) => {}
            Some(false) => {
                self.find(Finding::RetentionForged);
                return Ok(0);
            }
            None => self.verdict.unverified_removal = mark.checkpoint,
        }
        Ok(mark.checkpoint)
    }

    /// Verifies every checkpoint and the rows it covers. Returns the number of the newest covered event. Without the key,
    /// the tree shows that the checkpoints are genuine.
    async fn checkpoints(&mut self, signers: Option<&Signers>) -> Result<i64, ServiceError> {
        let (mut number, mut last_event, mut previous) = (0, 0, [0; HASH_LENGTH]);
        loop {
            let checkpoints = self.read.list_checkpoints(number, BATCH).await?;
            if checkpoints.is_empty() {
                return Ok(last_event);
            }
            for checkpoint in checkpoints {
                (number + 1..checkpoint.number)
                    .for_each(|number| self.find(Finding::CheckpointMissing(number)));
                if signers.is_some_and(|signers| !signers.have_signed(&checkpoint)) {
                    self.find(Finding::CheckpointForged(checkpoint.number));
                }
                if checkpoint.number == number + 1 && checkpoint.previous != previous {
                    self.find(Finding::CheckpointUnlinked(checkpoint.number));
                }
                match (checkpoint.mac_from, self.verdict.mac_from) {
                    (None, Some(_)) => {
                        self.find(Finding::CheckpointWithoutMacs(checkpoint.number));
                    }
                    (Some(event), _) => self.verdict.mac_from = Some(event),
                    (None, None) => {}
                }
                self.against_file(&checkpoint);
                self.rows(&checkpoint, last_event).await?;
                self.tree.follow(&mut self.read, &checkpoint).await?;
                self.verdict.checkpoints += 1;
                (number, last_event, previous) = (
                    checkpoint.number,
                    checkpoint.last_event,
                    chain::hash_of(&checkpoint),
                );
            }
        }
    }

    /// Compares the mark of the first event with a MAC with the newest checkpoint.
    async fn mac_start(&mut self) -> Result<(), ServiceError> {
        let start = self.read.find_row_mac_start().await?;
        let expected = self.verdict.mac_from;
        let is_genuine = match start {
            Some(start) => start.has_mac && expected.is_none_or(|event| event == start.event),
            None => expected.is_none(),
        };
        if !is_genuine {
            self.find(Finding::MacStartForged);
        }
        self.has_macs = start.is_some() || expected.is_some();
        Ok(())
    }

    fn against_file(&mut self, checkpoint: &Checkpoint) {
        let written = self.written.as_mut();
        let written = written.and_then(|written| written.remove(&checkpoint.number));
        if written.is_some_and(|written| written != Line::of(checkpoint)) {
            self.find(Finding::CheckpointDiffersFromFile(checkpoint.number));
        }
    }

    /// Verifies the rows of a checkpoint against their hashes.
    async fn rows(&mut self, checkpoint: &Checkpoint, after: i64) -> Result<(), ServiceError> {
        let leaves = chain::leaves_of(checkpoint).unwrap_or_default();
        let events = usize::try_from(checkpoint.last_event - after).unwrap_or(0);
        let is_whole = leaves.len() == events + checkpoint.blocks.len()
            && chain::root(leaves) == *checkpoint.root;
        if !is_whole {
            // The hashes cannot be trusted then, so each row is compared all the same and may be reported as changed.
            self.find(Finding::CheckpointForged(checkpoint.number));
        }
        let (of_events, of_blocks) = leaves.split_at(events.min(leaves.len()));
        self.events(checkpoint, after, of_events).await?;
        for (place, id) in checkpoint.blocks.iter().enumerate() {
            self.covered_blocks.insert(*id);
            let row = self.read.find_block_row(*id).await?;
            self.verdict.blocks += i64::from(row.is_some());
            let leaf = of_blocks.get(place);
            if leaf == Some(&chain::forged_leaf(LogKind::Call, *id)) {
                self.find(Finding::BlockForged(*id));
                continue;
            }
            match row {
                None if checkpoint.number <= self.removed_calls => self.verdict.removed_blocks += 1,
                None => self.find(Finding::BlockMissing(*id)),
                Some(row) if leaf != Some(&chain::leaf(Some(&row))) => {
                    self.find(Finding::BlockChanged(*id));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    async fn events(
        &mut self,
        checkpoint: &Checkpoint,
        after: i64,
        leaves: &[Hash],
    ) -> Result<(), ServiceError> {
        let is_over = checkpoint.number <= self.removed_events;
        let last = checkpoint.last_event;
        let is_forged =
            |(number, leaf): &(i64, &Hash)| **leaf == chain::forged_leaf(LogKind::Event, *number);
        let forged = (after + 1..).zip(leaves).filter(is_forged);
        let forged: HashSet<i64> = forged.map(|(number, _)| number).collect();
        let findings = forged.iter().copied().map(Finding::EventForged);
        self.verdict.findings.extend(findings);
        let mut number = after;
        while number < last {
            let rows = self.read.list_event_rows(number, last, BATCH).await?;
            let end = rows.last().map_or(last, |row| row.key);
            let mut expected = number + 1;
            for row in rows {
                self.add_missing(expected..row.key, is_over, &forged);
                expected = row.key + 1;
                self.verdict.events += 1;
                let place = usize::try_from(row.key - after - 1).unwrap_or(usize::MAX);
                let is_unchanged = leaves.get(place) == Some(&chain::leaf(Some(&row)));
                if !is_unchanged && !forged.contains(&row.key) {
                    self.find(Finding::EventChanged(row.key));
                }
            }
            self.add_missing(expected..end + 1, is_over, &forged);
            number = end;
        }
        Ok(())
    }

    /// Counts absent events as deleted by retention or reports them as missing.
    fn add_missing(&mut self, numbers: Range<i64>, is_over: bool, forged: &HashSet<i64>) {
        if is_over {
            self.verdict.removed_events += (numbers.end - numbers.start).max(0);
        } else {
            let missing = numbers.filter(|number| !forged.contains(number));
            missing.for_each(|number| self.find(Finding::EventMissing(number)));
        }
    }
}
