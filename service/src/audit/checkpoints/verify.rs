//! Is the record what it was when it was sealed? Every seal is checked by itself and against the one before, every row
//! against its hash in its seal, and, where seals were written to a file elsewhere, every seal against that.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
    ops::Range,
};

use store::{Read, RecordKind, Seal};

use super::{
    chain::{self, HASH_LENGTH, Hash, SealKey},
    file::{Line, lines},
};
use crate::{audit::handle::Audit, platform::error::ServiceError};

/// Rows and seals read at once.
const BATCH: i64 = 100;

/// Something that is not as it was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// What retention is said to have removed was not signed with this installation's key, or was changed since.
    RetentionForged,
    /// A seal is gone.
    SealMissing(i64),
    /// A seal was not signed with this installation's key, or was changed since.
    SealForged(i64),
    /// A seal does not follow the one before it.
    SealUnlinked(i64),
    /// A seal is not the one that was written to the file.
    SealDiffersFromFile(i64),
    /// The event with this number is gone.
    EventMissing(i64),
    /// The event with this number was edited, or stands in the place of another.
    EventChanged(i64),
    /// The event with this number was never recorded.
    EventInserted(i64),
    /// The block of calls with this id is gone.
    BlockMissing(i64),
    /// The block of calls with this id was edited, or stands in the place of another.
    BlockChanged(i64),
    /// The block of calls with this id was never recorded.
    BlockInserted(i64),
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RetentionForged => formatter
                .write_str("What retention is said to have removed was not said with this key."),
            Self::SealMissing(number) => write!(formatter, "Seal {number} is missing."),
            Self::SealForged(number) => {
                write!(
                    formatter,
                    "Seal {number} was changed, or not made with this key."
                )
            }
            Self::SealUnlinked(number) => {
                write!(
                    formatter,
                    "Seal {number} does not follow the seal before it."
                )
            }
            Self::SealDiffersFromFile(number) => {
                write!(formatter, "Seal {number} is not the one in the file.")
            }
            Self::EventMissing(number) => write!(formatter, "Event {number} is missing."),
            Self::EventChanged(number) => write!(formatter, "Event {number} was changed."),
            Self::EventInserted(number) => write!(formatter, "Event {number} was inserted."),
            Self::BlockMissing(id) => write!(formatter, "Block of calls {id} is missing."),
            Self::BlockChanged(id) => write!(formatter, "Block of calls {id} was changed."),
            Self::BlockInserted(id) => write!(formatter, "Block of calls {id} was inserted."),
        }
    }
}

/// What a check of the record found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Seals that were checked.
    pub seals: i64,
    /// Sealed events that were checked.
    pub events: i64,
    /// Sealed blocks of calls that were checked.
    pub blocks: i64,
    /// Sealed events that retention removed.
    pub removed_events: i64,
    /// Sealed blocks of calls that retention removed.
    pub removed_blocks: i64,
    /// Events that no seal stands for yet.
    pub unsealed_events: i64,
    /// Blocks of calls that no seal stands for yet.
    pub unsealed_blocks: i64,
    /// What is not as it was sealed.
    pub findings: Vec<Finding>,
}

impl Audit {
    /// Checks the whole record against its seals, and the seals against the text of a file they were written to.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn verify(&self, file: Option<&str>) -> Result<Verdict, ServiceError> {
        let mut read = self.platform.store().read().await?;
        // In this order, so that what is recorded and sealed meanwhile is not taken for forged.
        let blocks = block_ids(&mut read).await?;
        let unsealed: HashSet<i64> = read
            .list_unsealed_blocks(i64::MAX)
            .await?
            .into_iter()
            .collect();
        let removed = [
            self.removed_to(&mut read, RecordKind::Event).await?,
            self.removed_to(&mut read, RecordKind::Call).await?,
        ];
        let [removed_events, removed_calls] = removed.map(Option::unwrap_or_default);
        let mut check = Check {
            removed_events,
            removed_calls,
            read,
            written: file.map(written_seals),
            verdict: Verdict::default(),
            sealed_blocks: HashSet::new(),
        };
        if removed.contains(&None) {
            check.find(Finding::RetentionForged);
        }
        let last_event = check.seals(&self.checkpoint_key).await?;
        check.unsealed_events(last_event).await?;
        check.unsealed_blocks(&unsealed).await?;
        for id in blocks {
            if unsealed.contains(&id) {
                check.verdict.unsealed_blocks += 1;
            } else if !check.sealed_blocks.contains(&id) {
                check.find(Finding::BlockInserted(id));
            }
        }
        // Those of the file that were met are taken out of it.
        for number in check.written.take().unwrap_or_default().into_keys() {
            check.find(Finding::SealMissing(number));
        }
        check.verdict.findings.sort_unstable();
        check.verdict.findings.dedup();
        Ok(check.verdict)
    }
}

impl Audit {
    /// The newest seal whose rows of this kind retention removed, 0 when there is none; `None` when that was said by
    /// somebody else.
    async fn removed_to(
        &self,
        read: &mut Read,
        kind: RecordKind,
    ) -> Result<Option<i64>, ServiceError> {
        let key = &self.checkpoint_key;
        Ok(match read.find_retention(kind).await? {
            None => Some(0),
            Some(said) => key.has_signed_retention(&said).then_some(said.seal),
        })
    }
}

async fn block_ids(read: &mut Read) -> Result<Vec<i64>, ServiceError> {
    let mut ids = Vec::new();
    let mut after = i64::MIN;
    loop {
        let next = read.list_block_ids(after, BATCH * BATCH).await?;
        let Some(last) = next.last() else {
            return Ok(ids);
        };
        after = *last;
        ids.extend(next);
    }
}

fn written_seals(file: &str) -> BTreeMap<i64, Line> {
    lines(file).map(|line| (line.seal, line)).collect()
}

/// A check under way.
struct Check {
    read: Read,
    /// The newest seal whose events retention removed.
    removed_events: i64,
    /// The newest seal whose calls retention removed.
    removed_calls: i64,
    /// The seals of the file that were not met yet.
    written: Option<BTreeMap<i64, Line>>,
    verdict: Verdict,
    sealed_blocks: HashSet<i64>,
}

impl Check {
    fn find(&mut self, finding: Finding) {
        self.verdict.findings.push(finding);
    }

    /// Checks every seal and what it stands for. The newest event that is sealed.
    async fn seals(&mut self, key: &SealKey) -> Result<i64, ServiceError> {
        let (mut number, mut last_event, mut previous) = (0, 0, [0; HASH_LENGTH]);
        loop {
            let seals = self.read.list_seals(number, BATCH).await?;
            if seals.is_empty() {
                return Ok(last_event);
            }
            for seal in seals {
                (number + 1..seal.number).for_each(|gone| self.find(Finding::SealMissing(gone)));
                if !key.has_signed(&seal) {
                    self.find(Finding::SealForged(seal.number));
                }
                if seal.number == number + 1 && seal.previous != previous {
                    self.find(Finding::SealUnlinked(seal.number));
                }
                self.against_file(&seal);
                self.rows(&seal, last_event).await?;
                self.verdict.seals += 1;
                (number, last_event, previous) =
                    (seal.number, seal.last_event, chain::hash_of(&seal));
            }
        }
    }

    fn against_file(&mut self, seal: &Seal) {
        let written = self.written.as_mut();
        let written = written.and_then(|written| written.remove(&seal.number));
        if written.is_some_and(|written| written != Line::of(seal)) {
            self.find(Finding::SealDiffersFromFile(seal.number));
        }
    }

    /// Checks the rows a seal stands for, each against its hash.
    async fn rows(&mut self, seal: &Seal, after: i64) -> Result<(), ServiceError> {
        let leaves = chain::leaves_of(seal).unwrap_or_default();
        let events = usize::try_from(seal.last_event - after).unwrap_or(0);
        let is_whole =
            leaves.len() == events + seal.blocks.len() && chain::root(leaves) == *seal.root;
        if !is_whole {
            // Its hashes say nothing of single rows then, and each is looked at as if it had changed.
            self.find(Finding::SealForged(seal.number));
        }
        let (of_events, of_blocks) = leaves.split_at(events.min(leaves.len()));
        self.events(seal, after, of_events).await?;
        for (place, id) in seal.blocks.iter().enumerate() {
            self.sealed_blocks.insert(*id);
            let row = self.read.find_block_row(*id).await?;
            self.verdict.blocks += i64::from(row.is_some());
            match row {
                None if seal.number <= self.removed_calls => self.verdict.removed_blocks += 1,
                None => self.find(Finding::BlockMissing(*id)),
                Some(row) if of_blocks.get(place) != Some(&chain::leaf(Some(&row))) => {
                    self.find(Finding::BlockChanged(*id));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    async fn events(
        &mut self,
        seal: &Seal,
        after: i64,
        leaves: &[Hash],
    ) -> Result<(), ServiceError> {
        let is_over = seal.number <= self.removed_events;
        let last = seal.last_event;
        let mut number = after;
        while number < last {
            let rows = self.read.list_event_rows(number, last, BATCH).await?;
            let end = rows.last().map_or(last, |row| row.key);
            let mut expected = number + 1;
            for row in rows {
                self.gone(expected..row.key, is_over);
                expected = row.key + 1;
                self.verdict.events += 1;
                let place = usize::try_from(row.key - after - 1).unwrap_or(usize::MAX);
                if leaves.get(place) != Some(&chain::leaf(Some(&row))) {
                    self.find(Finding::EventChanged(row.key));
                }
            }
            self.gone(expected..end + 1, is_over);
            number = end;
        }
        Ok(())
    }

    /// Takes note of events that are not there, and whether that is because their time was over.
    fn gone(&mut self, numbers: Range<i64>, is_over: bool) {
        if is_over {
            self.verdict.removed_events += (numbers.end - numbers.start).max(0);
        } else {
            numbers.for_each(|gone| self.find(Finding::EventMissing(gone)));
        }
    }

    /// Checks that the blocks that wait to be sealed are there.
    async fn unsealed_blocks(&mut self, waiting: &HashSet<i64>) -> Result<(), ServiceError> {
        for id in waiting {
            if self.read.find_block_row(*id).await?.is_none() {
                self.find(Finding::BlockMissing(*id));
            }
        }
        Ok(())
    }

    /// Checks that the events no seal stands for yet are all there, and that there are none that were never counted.
    async fn unsealed_events(&mut self, last_sealed: i64) -> Result<(), ServiceError> {
        for row in self.read.list_event_rows(i64::MIN, 0, BATCH).await? {
            self.find(Finding::EventInserted(row.key));
        }
        let counted = self.read.newest_event_number().await?;
        let mut expected = last_sealed + 1;
        while expected <= counted {
            let rows = self
                .read
                .list_event_rows(expected - 1, counted, BATCH)
                .await?;
            let end = rows.last().map_or(counted, |row| row.key);
            for row in rows {
                (expected..row.key).for_each(|gone| self.find(Finding::EventMissing(gone)));
                expected = row.key + 1;
                self.verdict.unsealed_events += 1;
            }
            (expected..=end).for_each(|gone| self.find(Finding::EventMissing(gone)));
            expected = end + 1;
        }
        Ok(())
    }
}
