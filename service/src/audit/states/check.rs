//! The comparison: the log is read once for a range of rows, then the rows are read. Others write meanwhile, so a row that
//! deviates is read again together with the newest events.

use std::{sync::Arc, time::Duration};

use store::{CheckedRow, CheckedTable};

use super::{
    covered::CoveredEvents,
    finding::{StateDeviation, StateFinding, StateVerdict},
    known::{Key, KnownStates},
};
use crate::{
    audit::{checkpoints::handover::Signers, handle::Audit},
    platform::{error::ServiceError, tasks::Closing},
};

/// Number of events or rows in one read.
const BATCH: i64 = 250;

/// Number of rows whose states are in memory at once: about 60 MB. The log is read once for as many rows.
const ROWS_IN_MEMORY: usize = 250_000;

/// How often a row that is changed meanwhile is read.
const ATTEMPTS: usize = 5;

/// How much of the machine a comparison uses.
pub(super) struct Pace {
    /// The pause after each read.
    pub(super) pause: Duration,
    /// Ends the comparison early.
    pub(super) closing: Option<Closing>,
}

impl Audit {
    /// Compares all rows with the audit log.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn verify_states(&self) -> Result<StateVerdict, ServiceError> {
        self.verify_states_in_ranges_of(ROWS_IN_MEMORY).await
    }

    /// As [`Self::verify_states`], with the states of at most this many rows in memory.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn verify_states_in_ranges_of(
        &self,
        rows: usize,
    ) -> Result<StateVerdict, ServiceError> {
        let mut pace = Pace {
            pause: Duration::ZERO,
            closing: None,
        };
        let verdict = self.compare_states(rows.max(1), &mut pace).await?;
        Ok(verdict.unwrap_or_default())
    }

    /// Compares rows at this pace; `None` when it was ended early.
    pub(super) async fn check_states(
        &self,
        pace: &mut Pace,
    ) -> Result<Option<StateVerdict>, ServiceError> {
        self.compare_states(ROWS_IN_MEMORY, pace).await
    }

    async fn compare_states(
        &self,
        most: usize,
        pace: &mut Pace,
    ) -> Result<Option<StateVerdict>, ServiceError> {
        let mut verdict = StateVerdict::default();
        let mut read = self.platform.store().read().await?;
        let start = read.find_row_state_start().await?;
        let signers = Arc::new(Signers::load(&mut read, &self.vault.ring()).await?);
        verdict.from = start.map(|start| start.event);
        verdict.is_start_forged = match start {
            Some(start) => !start.has_mac,
            None => read.has_row_states().await?,
        };
        drop(read);
        if start.is_none() && !verdict.is_start_forged {
            return Ok(Some(verdict));
        }
        let mut from = None;
        loop {
            let mut range = Range {
                audit: self,
                pace,
                known: KnownStates::from(from, most),
                covered: CoveredEvents::new(Arc::clone(&signers)),
                verdict: &mut verdict,
            };
            if !range.compare().await? {
                return Ok(None);
            }
            let Range { known, .. } = range;
            from = known.until().cloned();
            verdict.findings.extend(known.findings);
            if from.is_none() {
                verdict.findings.sort_unstable();
                verdict.findings.dedup();
                return Ok(Some(verdict));
            }
        }
    }
}

/// The comparison of a range of rows.
struct Range<'a> {
    audit: &'a Audit,
    pace: &'a mut Pace,
    known: KnownStates,
    covered: CoveredEvents,
    verdict: &'a mut StateVerdict,
}

impl Range<'_> {
    /// Compares the range. Returns `false` when it was ended early.
    async fn compare(&mut self) -> Result<bool, ServiceError> {
        if !self.read_log().await? {
            return Ok(false);
        }
        for table in CheckedTable::ALL {
            if self.known.has_table(table) && !self.compare_table(table).await? {
                return Ok(false);
            }
        }
        for key in self.known.list_missing() {
            self.settle(&key).await?;
        }
        Ok(true)
    }

    async fn compare_table(&mut self, table: CheckedTable) -> Result<bool, ServiceError> {
        let mut after = String::new();
        loop {
            let mut read = self.audit.platform.store().read().await?;
            let rows = read.page_checked_rows(table, &after, BATCH).await?;
            drop(read);
            let Some(last) = rows.last() else {
                return Ok(true);
            };
            after.clone_from(&last.id);
            if !self.read_log().await? {
                return Ok(false);
            }
            for row in rows {
                let key = (table, row.id.clone());
                if !self.known.has(&key) {
                    continue;
                }
                self.verdict.rows += 1;
                if self.deviation(&key, Some(&row)).is_some() {
                    self.settle(&key).await?;
                }
            }
        }
    }

    /// Reads the events that were not read yet. Returns `false` when the comparison ends early.
    async fn read_log(&mut self) -> Result<bool, ServiceError> {
        loop {
            let mut read = self.audit.platform.store().read().await?;
            let newest = read.newest_event_number().await?;
            let rows = read
                .list_event_rows(self.known.read_to, newest, BATCH)
                .await?;
            for row in &rows {
                // An event without its MAC and without a checkpoint says nothing.
                let says_states = row.state.is_some();
                if says_states && (row.has_mac || self.covered.has(&mut read, row).await?) {
                    self.known.note_event(row);
                }
                self.known.read_to = row.key;
            }
            drop(read);
            if self.pace.ends().await {
                return Ok(false);
            }
            if rows.is_empty() {
                return Ok(true);
            }
        }
    }

    /// How a row deviates from what was read of the log.
    fn deviation(&mut self, key: &Key, row: Option<&CheckedRow>) -> Option<StateDeviation> {
        let Some(known) = self.known.find(key) else {
            return row.map(|_| StateDeviation::Added);
        };
        known.is_compared |= row.is_some();
        let event = known.event;
        match (&known.state, row) {
            (None, None) => None,
            (None, Some(_)) => Some(StateDeviation::Returned { event }),
            (Some(_), None) => Some(StateDeviation::Removed { event }),
            (Some(state), Some(row)) => {
                let fields = self.audit.platform.store().differences_of(row, state);
                (!fields.is_empty()).then_some(StateDeviation::Changed { fields, event })
            }
        }
    }

    /// Reads a row that deviates again, until no event changed it meanwhile, and adds a finding if it still deviates.
    async fn settle(&mut self, key: &Key) -> Result<(), ServiceError> {
        for _ in 0..ATTEMPTS {
            let mut read = self.audit.platform.store().read().await?;
            let row = read.list_checked_rows(key.0, &[&key.1]).await?.pop();
            drop(read);
            let before = self.known.find(key).map(|known| known.event);
            if !self.read_log().await? {
                return Ok(());
            }
            if self.known.find(key).map(|known| known.event) != before {
                continue;
            }
            if let Some(deviation) = self.deviation(key, row.as_ref()) {
                self.verdict.findings.push(StateFinding {
                    table: key.0.label(),
                    id: key.1.clone(),
                    deviation,
                });
            }
            return Ok(());
        }
        Ok(())
    }
}

impl Pace {
    /// Pauses. Returns whether the comparison ends early.
    async fn ends(&mut self) -> bool {
        match &mut self.closing {
            Some(closing) => closing.wait_or(self.pause).await,
            None => false,
        }
    }
}
