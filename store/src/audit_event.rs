//! Table `audit_event`: the record of who did what, with which token. Rows are only added. `event_list` lists them.

use domain::{
    actor::{Credential, RequestFacts},
    audit::{Action, ActorType, Attribution, AuditEvent, ObjectRef, ObjectType, Outcome},
    id::{Id, OrganizationId, RequestId},
    timestamp::Timestamp,
    token::TokenKind,
};
use serde::Serialize;

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

#[derive(sqlx::FromRow, Serialize)]
pub(crate) struct Row {
    number: i64,
    at: i64,
    organization_id: String,
    actor_type: String,
    actor_id: String,
    actor_name: String,
    actor_email: String,
    token_id: Option<String>,
    token_kind: Option<String>,
    token_last4: String,
    request_id: String,
    method: String,
    path: String,
    address: String,
    client: String,
    action: String,
    object_type: String,
    object_id: String,
    object_name: String,
    outcome: String,
    pub(crate) changes: String,
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

impl TryFrom<Row> for RecordedEvent {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let credential = row
            .token_id
            .map(|id| {
                let kind = row.token_kind.as_deref().and_then(TokenKind::from_label);
                Ok::<_, StoreError>(Credential {
                    id: column("token_id").id(&id)?,
                    kind: column("token_kind").read(kind)?,
                    last4: row.token_last4,
                })
            })
            .transpose()?;
        Ok(Self {
            number: row.number,
            event: AuditEvent {
                at: Timestamp::from_micros(row.at),
                organization_id: OrganizationId(
                    column("organization_id").id(&row.organization_id)?,
                ),
                by: Attribution {
                    actor_type: column("actor_type").read(actor_type_of(&row.actor_type))?,
                    actor_id: column("actor_id").id(&row.actor_id)?,
                    actor_name: row.actor_name,
                    actor_email: row.actor_email,
                    credential,
                    request: RequestFacts {
                        id: RequestId(column("request_id").id(&row.request_id)?),
                        method: row.method.into(),
                        path: row.path,
                        address: row.address.into(),
                        client: row.client.into(),
                    },
                },
                action: column("action").read(Action::from_label(&row.action))?,
                object: ObjectRef {
                    kind: column("object_type").read(ObjectType::from_label(&row.object_type))?,
                    id: column("object_id").id(&row.object_id)?,
                    name: row.object_name,
                },
                outcome: column("outcome").read(Outcome::from_label(&row.outcome))?,
                changes: column("changes").parse(&row.changes)?,
            },
        })
    }
}

fn events_of(rows: Vec<Row>) -> Result<Vec<RecordedEvent>, StoreError> {
    rows.into_iter().map(RecordedEvent::try_from).collect()
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

    /// The events after one number up to another, in the order of commits.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_numbered_events(
        &mut self,
        after: i64,
        to: i64,
        limit: i64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        events_of(on!(self, c => sqlx::query_as::<_, Row>(LIST_NUMBERED)
            .bind(after)
            .bind(to)
            .bind(limit)
            .fetch_all(c)
            .await)?)
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
