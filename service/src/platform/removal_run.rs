//! One run of the removal of old rows.

use domain::platform::timestamp::Timestamp;

use crate::platform::tasks::Closing;

/// The time of a run, by which rows are old, and when the run ends early.
#[derive(Debug, Clone)]
pub struct RemovalRun {
    now: Timestamp,
    closing: Option<Closing>,
}

impl RemovalRun {
    /// A run at a time. The clock is not read again during the run, because it may jump.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self { now, closing: None }
    }

    /// The run, ended early when the service closes.
    pub(crate) fn until_closing(self, closing: Closing) -> Self {
        let closing = Some(closing);
        Self { closing, ..self }
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    /// The time before which rows are old that are kept for so many days.
    pub(crate) const fn days_ago(&self, days: i64) -> Timestamp {
        self.now.plus_days(-days)
    }

    /// Whether the service closes. Asked between two batches.
    pub(crate) fn is_over(&self) -> bool {
        self.closing.as_ref().is_some_and(Closing::is_closing)
    }
}
