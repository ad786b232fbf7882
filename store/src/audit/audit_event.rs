//! Table `audit_event`: the record of who did what, with which token. Rows are only added. `event_list` lists them.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType, Outcome},
    platform::id::Id,
};
use futures::TryStreamExt as _;

use crate::{
    audit::event_row::{ListedRow as _, Row, column, columns, list_rows},
    platform::{
        dialect::{
            Spelled, on,
            rows::{OverRows, over_rows},
        },
        error::StoreError,
        transaction::Conn,
    },
};

const INSERT: OverRows = over_rows!(
    concat!(
        "INSERT INTO audit_event (number, ",
        columns!(),
        ") SELECT CAST(given.value ->> 'number' AS BIGINT), CAST(given.value ->> 'at' AS BIGINT), \
         given.value ->> 'organization_id', given.value ->> 'actor_type', given.value ->> 'actor_id', \
         given.value ->> 'actor_name', given.value ->> 'actor_email', given.value ->> 'token_id', \
         given.value ->> 'token_kind', given.value ->> 'token_last4', given.value ->> 'request_id', \
         given.value ->> 'method', given.value ->> 'path', given.value ->> 'address', given.value ->> 'client', \
         given.value ->> 'action', given.value ->> 'object_type', given.value ->> 'object_id', \
         given.value ->> 'object_name', given.value ->> 'outcome', given.value ->> 'changes' FROM"
    ),
    ""
);
const NEWEST_NUMBER: &str = "SELECT value FROM counter WHERE name = 'audit_event'";
const FEED: &str = "SELECT number, action, object_type, object_id, outcome FROM audit_event WHERE number > $1 ORDER BY number LIMIT $2";
const LIST_NUMBERED: Spelled =
    list_rows!("WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3");

/// An event with its number.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedEvent {
    /// Its place in the record: the order of commits.
    pub number: i64,
    /// The event.
    pub event: AuditEvent,
}

/// What a node needs of an event to know which cached identities it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its place in the record.
    pub number: i64,
    /// What was done.
    pub action: Action,
    /// To what kind of thing.
    pub object_type: ObjectType,
    /// To which.
    pub object_id: Id,
    /// Done or refused.
    pub outcome: Outcome,
}

impl Conn {
    /// Adds events with the next numbers, and has other nodes told of them. Only a commit calls this.
    pub(crate) async fn insert_audit_events(
        &mut self,
        events: &[AuditEvent],
    ) -> Result<(), StoreError> {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let newest = self.ready().await?.take_event_numbers(count).await?;
        let numbered = (newest - count + 1..).zip(events);
        let rows: Result<Vec<Row>, _> = numbered
            .map(|(number, event)| Row::of(number, event))
            .collect();
        self.run_over(&INSERT, &rows?).await.map(drop)
    }

    /// The number of the newest event; 0 before the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn newest_event_number(&mut self) -> Result<i64, StoreError> {
        Ok(on!(self, c => sqlx::query_scalar(NEWEST_NUMBER).fetch_one(c).await)?)
    }

    /// Shows the events after one number up to another, in the order of commits.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer; what `visit` answers.
    pub async fn visit_numbered_events<E: From<StoreError>>(
        &mut self,
        after: i64,
        to: i64,
        limit: i64,
        mut visit: impl FnMut(Row<&str>) -> Result<(), E>,
    ) -> Result<(), E> {
        let statement = LIST_NUMBERED.of(&self.ready().await?.handle());
        on!(self, c => {
            let mut rows = sqlx::query(statement)
                .bind(after)
                .bind(to)
                .bind(limit)
                .fetch(c);
            while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                row.show(&mut visit)?;
            }
        });
        Ok(())
    }

    /// What was done after event `number`, in the order of commits.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn feed_after(
        &mut self,
        number: i64,
        limit: i64,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        on!(self, c => sqlx::query_as::<_, (i64, String, String, String, String)>(FEED)
            .bind(number)
            .bind(limit)
            .fetch_all(c)
            .await)?
        .into_iter()
        .map(|(number, action, object_type, object_id, outcome)| {
            Ok(FeedEntry {
                number,
                action: column("action").read(Action::from_label(&action))?,
                object_type: column("object_type").read(ObjectType::from_label(&object_type))?,
                object_id: column("object_id").id(&object_id)?,
                outcome: column("outcome").read(Outcome::from_label(&outcome))?,
            })
        })
        .collect()
    }
}
