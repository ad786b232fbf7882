//! Queries of `audit_event` in the order of commits, with a filter: numbers below the newest are never added, so a
//! reader that continues after a number misses no event.

use std::ops::ControlFlow;

use super::{
    event_filter::EventFilter,
    event_list::filters,
    event_row::{EventRow, StreamedEvents, columns},
};
use crate::platform::{Conn, Sql, StoreError, statements, streamed, values};

statements! {
    const LIST: Sql = streamed!(
        columns!(),
        "FROM audit_event WHERE number > $1 AND number <= $2 AND number <= $3 AND at >= $4 AND at < $5",
        filters!(),
        " ORDER BY number LIMIT $6"
    );
}

/// A range of event numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberRange {
    /// The number before the first.
    pub after: i64,
    /// The last number that the query reads, which bounds its cost.
    pub scanned_to: i64,
    /// The last number that is asked for.
    pub to: i64,
}

impl Conn {
    /// Calls `visit` with the matching events of a range, at most `limit`, in the order of commits, until it breaks.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer; the error of `visit`.
    pub async fn visit_matching_events<E: From<StoreError>>(
        &mut self,
        filter: &EventFilter,
        range: NumberRange,
        limit: i64,
        visit: impl FnMut(EventRow<&str>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let NumberRange {
            after,
            scanned_to,
            to,
        } = range;
        let mut values = values![after, scanned_to, to, filter.from, filter.to, limit];
        values.extend(filter.conditions());
        self.visit::<StreamedEvents, E>(LIST, values, visit).await
    }
}
