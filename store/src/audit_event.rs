//! Table `audit_event`: the record of who did what, with which token. Rows are only added. `event_list` lists them.

use std::borrow::Cow;

use domain::{
    actor::{Credential, RequestFacts},
    audit::{Action, ActorType, Attribution, AuditEvent, ObjectRef, ObjectType, Outcome},
    id::{Id, OrganizationId, RequestId},
    timestamp::Timestamp,
    token::TokenKind,
};
use futures::TryStreamExt as _;
use serde::Serialize;
use sqlx::{ColumnIndex, Decode, FromRow, Type};

use crate::{
    dialect::{
        on,
        rows::{OverRows, over_rows},
    },
    error::StoreError,
    row::Column,
    seal::SealedRow,
    transaction::Conn,
};

/// All columns but the number.
macro_rules! columns {
    () => {
        "at, organization_id, actor_type, actor_id, actor_name, actor_email, token_id, token_kind, token_last4, \
         request_id, method, path, address, client, action, object_type, object_id, object_name, outcome, changes"
    };
}

pub(crate) use columns;

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
const LIST_NUMBERED: &str = concat!(
    "SELECT number, ",
    columns!(),
    " FROM audit_event WHERE number > $1 AND number <= $2 ORDER BY number LIMIT $3"
);
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

/// An event as it stands in the table. Who only passes it on borrows its texts from the database's answer.
#[derive(Debug, Serialize)]
pub struct Row<T = String> {
    /// Its place in the record.
    pub number: i64,
    /// When it happened, in microseconds since 1970.
    pub at: i64,
    /// In which organization.
    pub organization_id: T,
    /// The family of who did it (contract 5.4).
    pub actor_type: T,
    /// Who did it.
    pub actor_id: T,
    /// The name of who did it.
    pub actor_name: T,
    /// A user's mail address; empty for others.
    pub actor_email: T,
    /// With which token, if any.
    pub token_id: Option<T>,
    /// The token's kind.
    pub token_kind: Option<T>,
    /// The token's last characters.
    pub token_last4: T,
    /// By which request.
    pub request_id: T,
    /// The request's method.
    pub method: T,
    /// The request's path.
    pub path: T,
    /// From which network address.
    pub address: T,
    /// By which program, as it named itself.
    pub client: T,
    /// What was done.
    pub action: T,
    /// To what kind of thing.
    pub object_type: T,
    /// To which.
    pub object_id: T,
    /// Its name.
    pub object_name: T,
    /// Done or refused.
    pub outcome: T,
    /// The fields that changed, as JSON.
    pub changes: T,
}

/// Read by the places of the columns: looking each up by its name would cost more than reading it.
impl<'r, R: sqlx::Row, T> FromRow<'r, R> for Row<T>
where
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    T: Decode<'r, R::Database> + Type<R::Database>,
    Option<T>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        Ok(Self {
            number: row.try_get(0)?,
            at: row.try_get(1)?,
            organization_id: row.try_get(2)?,
            actor_type: row.try_get(3)?,
            actor_id: row.try_get(4)?,
            actor_name: row.try_get(5)?,
            actor_email: row.try_get(6)?,
            token_id: row.try_get(7)?,
            token_kind: row.try_get(8)?,
            token_last4: row.try_get(9)?,
            request_id: row.try_get(10)?,
            method: row.try_get(11)?,
            path: row.try_get(12)?,
            address: row.try_get(13)?,
            client: row.try_get(14)?,
            action: row.try_get(15)?,
            object_type: row.try_get(16)?,
            object_id: row.try_get(17)?,
            object_name: row.try_get(18)?,
            outcome: row.try_get(19)?,
            changes: row.try_get(20)?,
        })
    }
}

impl Row {
    fn of(number: i64, event: &AuditEvent) -> Result<Self, StoreError> {
        let (by, object) = (&event.by, &event.object);
        let (credential, request) = (by.credential.as_ref(), &by.request);
        Ok(Self {
            number,
            at: event.at.as_micros(),
            organization_id: event.organization_id.to_string(),
            actor_type: actor_type_label(by.actor_type).to_owned(),
            actor_id: by.actor_id.to_string(),
            actor_name: by.actor_name.clone(),
            actor_email: by.actor_email.clone(),
            token_id: credential.map(|credential| credential.id.to_string()),
            token_kind: credential.map(|credential| credential.kind.label().to_owned()),
            token_last4: credential
                .map(|credential| credential.last4.clone())
                .unwrap_or_default(),
            request_id: request.id.to_string(),
            method: request.method.to_string(),
            path: request.path.clone(),
            address: request.address.to_string(),
            client: request.client.to_string(),
            action: event.action.label().to_owned(),
            object_type: object.kind.label().to_owned(),
            object_id: object.id.to_string(),
            object_name: object.name.clone(),
            outcome: event.outcome.label().to_owned(),
            changes: column("changes").written(&event.changes)?,
        })
    }
}

/// All of an event's columns as they are sealed.
pub(crate) fn event_text(row: &Row) -> Result<SealedRow, StoreError> {
    Ok(SealedRow {
        key: row.number,
        text: column("changes")
            .written(&("audit_event", row))?
            .into_bytes(),
    })
}

fn column(name: &'static str) -> Column {
    Column("audit_event", name)
}

fn actor_type_label(actor_type: ActorType) -> &'static str {
    match actor_type {
        ActorType::User => "USER",
        ActorType::OrgToken => "ORG_TOKEN",
        ActorType::System => "SYSTEM",
    }
}

fn actor_type_of(label: &str) -> Option<ActorType> {
    [ActorType::User, ActorType::OrgToken, ActorType::System]
        .into_iter()
        .find(|actor_type| actor_type_label(*actor_type) == label)
}

impl<T: AsRef<str> + Into<String>> TryFrom<Row<T>> for RecordedEvent {
    type Error = StoreError;

    fn try_from(row: Row<T>) -> Result<Self, StoreError> {
        let credential = row
            .token_id
            .map(|id| {
                let kind = row
                    .token_kind
                    .as_ref()
                    .map(T::as_ref)
                    .and_then(TokenKind::from_label);
                Ok::<_, StoreError>(Credential {
                    id: column("token_id").id(id.as_ref())?,
                    kind: column("token_kind").read(kind)?,
                    last4: row.token_last4.into(),
                })
            })
            .transpose()?;
        Ok(Self {
            number: row.number,
            event: AuditEvent {
                at: Timestamp::from_micros(row.at),
                organization_id: OrganizationId(
                    column("organization_id").id(row.organization_id.as_ref())?,
                ),
                by: Attribution {
                    actor_type: column("actor_type")
                        .read(actor_type_of(row.actor_type.as_ref()))?,
                    actor_id: column("actor_id").id(row.actor_id.as_ref())?,
                    actor_name: row.actor_name.into(),
                    actor_email: row.actor_email.into(),
                    credential,
                    request: RequestFacts {
                        id: RequestId(column("request_id").id(row.request_id.as_ref())?),
                        method: Cow::Owned(row.method.into()),
                        path: row.path.into(),
                        address: row.address.as_ref().into(),
                        client: row.client.as_ref().into(),
                    },
                },
                action: column("action").read(Action::from_label(row.action.as_ref()))?,
                object: ObjectRef {
                    kind: column("object_type")
                        .read(ObjectType::from_label(row.object_type.as_ref()))?,
                    id: column("object_id").id(row.object_id.as_ref())?,
                    name: row.object_name.into(),
                },
                outcome: column("outcome").read(Outcome::from_label(row.outcome.as_ref()))?,
                changes: column("changes").parse(row.changes.as_ref())?,
            },
        })
    }
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
        on!(self, c => {
            let mut rows = sqlx::query(LIST_NUMBERED)
                .bind(after)
                .bind(to)
                .bind(limit)
                .fetch(c);
            while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                visit(Row::from_row(&row).map_err(StoreError::from)?)?;
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
