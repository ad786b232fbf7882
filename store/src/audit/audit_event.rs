//! Table `audit_event`: the audit log. Rows are only added, except that retention removes the oldest. `event_list` has
//! the queries of the audit page.

use std::ops::ControlFlow;

use domain::{
    audit::event::{Action, AuditEvent, ObjectType, Outcome},
    platform::id::Id,
};

use super::{
    event_row::{EventRow, StreamedEvents, column, columns},
    hashed_row::{EVENTS, hashed_text},
    states::touched::OperationEnd,
};
use crate::platform::{
    Conn, Sql, StoreError, Stored, cipher::DocumentCipher, over_digests, statements, streamed,
    values,
};

statements! {
    const INSERT: Sql = over_digests!(
        concat!(
            "INSERT INTO audit_event (",
            columns!(),
            ", mac) SELECT CAST(given.value ->> 'number' AS BIGINT), CAST(given.value ->> 'at' AS BIGINT), \
             given.value ->> 'organization_id', given.value ->> 'actor_type', given.value ->> 'actor_id', \
             given.value ->> 'actor_name', given.value ->> 'actor_email', given.value ->> 'token_id', \
             given.value ->> 'token_kind', given.value ->> 'token_last4', given.value ->> 'request_id', \
             given.value ->> 'method', given.value ->> 'path', given.value ->> 'address', given.value ->> 'client', \
             given.value ->> 'action', given.value ->> 'object_type', given.value ->> 'object_id', \
             given.value ->> 'object_name', given.value ->> 'outcome', given.value ->> 'changes', \
             given.value ->> 'token_name', given.value ->> 'state', given.digest FROM"
        ),
        "'mac'",
        ""
    );
    const NEWEST_NUMBER: Sql = "SELECT value FROM counter WHERE name = 'audit_event'";
    const FEED: Sql = "SELECT number, action, object_type, object_id, outcome, request_id, at FROM audit_event \
        WHERE number >= $1 ORDER BY number LIMIT $2";
    const FIND_REQUEST: Sql = "SELECT request_id FROM audit_event WHERE number = $1 AND at = $2";
    const LIST_NUMBERED: Sql = streamed!(
        columns!(),
        "FROM audit_event WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3"
    );
}

/// The rows of events from this number on, as a JSON array, each with its MAC in hexadecimal. A row is serialized once,
/// for its MAC and for the statement.
fn rows_with_macs(
    first: i64,
    events: &[AuditEvent],
    states: &[Option<String>],
    cipher: &DocumentCipher,
) -> Result<String, StoreError> {
    let mut rows = Vec::with_capacity(events.len());
    for ((number, event), state) in (first..).zip(events).zip(states) {
        let mut row = EventRow::new(number, event)?;
        row.state.clone_from(state);
        let row = column("changes").to_json(&row)?;
        rows.push(match cipher.mac(&hashed_text(EVENTS, &row)) {
            Some(mac) => format!("{{\"mac\":\"{}\",{}", hex::encode(mac), &row[1..]),
            None => row,
        });
    }
    Ok(format!("[{}]", rows.join(",")))
}

/// The part of an event that decides which cached credentials it makes invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its number in the audit log.
    pub number: i64,
    /// What was done.
    pub action: Action,
    /// The kind of the object.
    pub object_type: ObjectType,
    /// The object.
    pub object_id: Id,
    /// Whether it was done or denied.
    pub outcome: Outcome,
    /// The request and the time, which distinguish it from the event that has its number in another copy of the
    /// database.
    pub mark: EventMark,
}

/// The request and the time of an event, in microseconds.
pub type EventMark = (String, i64);

impl Stored for FeedEntry {
    type Row = (i64, String, String, String, String, String, i64);

    fn from_row(
        (number, action, object_type, object_id, outcome, request_id, at): Self::Row,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            number,
            action: column("action").required(Action::from_label(&action))?,
            object_type: ObjectType::from_stored(&object_type),
            object_id: column("object_id").id(&object_id)?,
            outcome: column("outcome").required(Outcome::from_label(&outcome))?,
            mark: (request_id, at),
        })
    }
}

impl Conn {
    /// Adds the events of operations with the next numbers, the states of the rows that they changed, and their MACs, and
    /// notifies other nodes of them. Called by commits only. Returns the number of the last.
    pub(crate) async fn insert_audit_events(
        &mut self,
        events: &[AuditEvent],
        ends: &[OperationEnd],
    ) -> Result<i64, StoreError> {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let newest = self.take_event_numbers(count).await?;
        let first = newest - count + 1;
        // Boxed, so that the futures of operations do not contain its state.
        let states = Box::pin(self.list_new_states(first, events, ends)).await?;
        self.insert_events(first, events, &states).await?;
        Ok(newest)
    }

    /// Adds an event with these states.
    pub(crate) async fn insert_event_with_states(
        &mut self,
        event: &AuditEvent,
        states: String,
    ) -> Result<(), StoreError> {
        let number = self.take_event_numbers(1).await?;
        self.insert_events(number, std::slice::from_ref(event), &[Some(states)])
            .await
    }

    async fn insert_events(
        &mut self,
        first: i64,
        events: &[AuditEvent],
        states: &[Option<String>],
    ) -> Result<(), StoreError> {
        let rows = rows_with_macs(first, events, states, self.cipher())?;
        self.execute(INSERT, values![rows]).await.map(drop)
    }

    /// Whether this event is stored under this number.
    pub(crate) async fn has_audit_event(
        &mut self,
        number: i64,
        event: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let values = values![number, event.at];
        let found = self
            .fetch_optional::<(String,)>(FIND_REQUEST, values)
            .await?;
        Ok(found.is_some_and(|(request,)| request == event.by.request.id.to_string()))
    }

    /// The number of the newest event; 0 before the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn newest_event_number(&mut self) -> Result<i64, StoreError> {
        let (number,) = self.fetch_one::<(i64,)>(NEWEST_NUMBER, values![]).await?;
        Ok(number)
    }

    /// Calls `visit` with the events after number `after` up to number `to`, at most `limit`, in the order of commits,
    /// until it breaks.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer; the error of `visit`.
    pub async fn visit_numbered_events<E: From<StoreError>>(
        &mut self,
        after: i64,
        to: i64,
        limit: i64,
        visit: impl FnMut(EventRow<&str>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let values = values![after, to, limit];
        self.visit::<StreamedEvents, E>(LIST_NUMBERED, values, visit)
            .await
    }

    /// The event with this number and those after it, in the order of commits.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_feed(
        &mut self,
        number: i64,
        limit: i64,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        self.list(FEED, values![number, limit]).await
    }
}
