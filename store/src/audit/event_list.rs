//! Queries of `audit_event` along one index, from any position and in both directions.
//!
//! The other conditions are compared row by row. [`Conn::find_range_end_of_events`] bounds a query with rare matches
//! beforehand, so that it does not read the whole table.

use std::ops::ControlFlow;

use domain::{
    audit::query::{AuditPosition, PageDirection},
    platform::timestamp::Timestamp,
};

use super::{
    event_filter::{EventFilter, Lead},
    event_row::{EventRow, StreamedEvents, columns},
    recorded_event::RecordedEvent,
};
use crate::platform::{
    Conn, Sql, StoreError, Value, dialect::sql::Spelled, statements, streamed, values,
};

/// The conditions besides the one of the index. An empty value passes every event.
macro_rules! filters {
    () => {
        " AND organization_id = $7 AND ($8 = '' OR object_type = $8) AND ($9 = '' OR object_id = $9) \
         AND ($10 = '' OR actor_id = $10) AND ($11 = '' OR token_id = $11) AND ($12 = '' OR action = $12) \
         AND ($13 = '' OR outcome = $13) AND ($14 = '' OR address = $14) \
         AND ($15 = '' OR request_id = $15)"
    };
}

pub(super) use filters;

/// The statements along one index, whose condition is on `$1`: older events, newer events, the end of the range of
/// older events, and that of newer events.
macro_rules! along {
    ($lead:literal) => {
        [
            streamed!(
                columns!(),
                "FROM audit_event WHERE ",
                $lead,
                " AND (at, number) < ($2, $3) AND at >= $4 AND at < $5",
                filters!(),
                " ORDER BY at DESC, number DESC LIMIT $6"
            ),
            streamed!(
                columns!(),
                "FROM audit_event WHERE ",
                $lead,
                " AND (at, number) > ($2, $3) AND at >= $4 AND at < $5",
                filters!(),
                " ORDER BY at, number LIMIT $6"
            ),
            Spelled::same(concat!(
                "SELECT at FROM audit_event WHERE ",
                $lead,
                " AND (at, number) < ($2, $3) AND at >= $4 AND at < $5 ORDER BY at DESC, number DESC LIMIT 1 OFFSET $6"
            )),
            Spelled::same(concat!(
                "SELECT at FROM audit_event WHERE ",
                $lead,
                " AND (at, number) > ($2, $3) AND at >= $4 AND at < $5 ORDER BY at, number LIMIT 1 OFFSET $6"
            )),
        ]
    };
}

statements! {
    const ALONG_OBJECT: [Sql; 4] = along!("object_id = $1");
    const ALONG_TOKEN: [Sql; 4] = along!("token_id = $1");
    const ALONG_DENIED: [Sql; 4] = along!("organization_id = $1 AND outcome <> 'done'");
    const ALONG_ACTOR: [Sql; 4] = along!("actor_id = $1");
    const ALONG_ADDRESS: [Sql; 4] = along!("address = $1");
    const ALONG_ACTION: [Sql; 4] = along!("action = $1");
    const ALONG_KIND: [Sql; 4] = along!("object_type = $1");
    const ALONG_ALL: [Sql; 4] = along!("organization_id = $1");
}

const fn statements_along(lead: Lead) -> [Sql; 4] {
    match lead {
        Lead::Object => ALONG_OBJECT,
        Lead::Token => ALONG_TOKEN,
        Lead::Denied => ALONG_DENIED,
        Lead::Actor => ALONG_ACTOR,
        Lead::Address => ALONG_ADDRESS,
        Lead::Action => ALONG_ACTION,
        Lead::Kind => ALONG_KIND,
        Lead::All => ALONG_ALL,
    }
}

impl EventFilter {
    /// The statement that lists events in a direction, and the one that returns the end of their range.
    fn directed(&self, direction: PageDirection) -> (Sql, Sql) {
        let [older, newer, end_of_older, end_of_newer] = statements_along(self.lead());
        match direction {
            PageDirection::Older(_) => (older, end_of_older),
            PageDirection::Newer(_) => (newer, end_of_newer),
        }
    }

    /// The value that the index is searched for.
    fn lead_value(&self) -> Value<'_> {
        match self.lead() {
            Lead::Object => Value::id_or_empty(self.object_id),
            Lead::Token => Value::id_or_empty(self.token_id),
            Lead::Actor => Value::id_or_empty(self.actor_id),
            Lead::Address => Value::from(self.address.as_deref().unwrap_or_default()),
            Lead::Action => Value::from(self.action_label()),
            Lead::Kind => Value::from(self.kind_label()),
            Lead::Denied | Lead::All => Value::from(self.organization_id),
        }
    }

    /// The values `$1` to `$6`. The position is moved to the start of the time range.
    fn range(&self, direction: PageDirection, rows: i64) -> Vec<Value<'_>> {
        let position = match direction {
            PageDirection::Older(position) => position.min(AuditPosition::before(self.to)),
            PageDirection::Newer(position) => position.max(AuditPosition::before(self.from)),
        };
        let number = i64::try_from(position.number).unwrap_or(i64::MAX);
        values![
            self.lead_value(),
            position.at,
            number,
            self.from,
            self.to,
            rows
        ]
    }

    /// The values `$7` to `$15`.
    pub(super) fn conditions(&self) -> Vec<Value<'_>> {
        values![
            self.organization_id,
            self.kind_label(),
            Value::id_or_empty(self.object_id),
            Value::id_or_empty(self.actor_id),
            Value::id_or_empty(self.token_id),
            self.action_label(),
            self.outcome_label(),
            self.address.as_deref().unwrap_or_default(),
            Value::id_or_empty(self.request_id.map(|request| request.0)),
        ]
    }
}

impl Conn {
    /// The matching events, those nearest to the position first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_events(
        &mut self,
        filter: &EventFilter,
        direction: PageDirection,
        limit: i64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let mut events = Vec::new();
        self.visit_events(filter, direction, limit, |row| {
            events.push(RecordedEvent::try_from(row)?);
            Ok::<_, StoreError>(ControlFlow::Continue(()))
        })
        .await?;
        Ok(events)
    }

    /// Calls `visit` with the matching events, those nearest to the position first, until it breaks.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer; the error of `visit`.
    pub async fn visit_events<E: From<StoreError>>(
        &mut self,
        filter: &EventFilter,
        direction: PageDirection,
        limit: i64,
        visit: impl FnMut(EventRow<&str>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let (list, _) = filter.directed(direction);
        let mut values = filter.range(direction, limit);
        values.extend(filter.conditions());
        self.visit::<StreamedEvents, E>(list, values, visit).await
    }

    /// The time of the row that follows this number of rows in the index; `None` if fewer rows match.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_range_end_of_events(
        &mut self,
        filter: &EventFilter,
        direction: PageDirection,
        rows: i64,
    ) -> Result<Option<Timestamp>, StoreError> {
        let (_, range_end) = filter.directed(direction);
        let found = self
            .fetch_optional::<(i64,)>(range_end, filter.range(direction, rows))
            .await?;
        Ok(found.map(|(at,)| Timestamp::from_micros(at)))
    }
}
