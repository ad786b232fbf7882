//! A row of `audit_event`: how an event stands in the table, and how it is read back.

use std::borrow::Cow;

use domain::{
    audit::event::{Action, ActorType, Attribution, AuditEvent, ObjectRef, ObjectType, Outcome},
    identity::{
        actor::RequestMeta,
        credential::{Credential, TokenKind},
    },
    platform::{
        id::{OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};
use serde::{Deserialize, Serialize};
use sqlx::{ColumnIndex, Decode, FromRow, Row as _, Type, postgres::PgRow, sqlite::SqliteRow};

use crate::{
    audit::{audit_event::RecordedEvent, checkpoint::SealedRow},
    platform::{error::StoreError, row::Column},
};

/// All columns but the number.
macro_rules! columns {
    () => {
        "at, organization_id, actor_type, actor_id, actor_name, actor_email, token_id, token_kind, token_last4, \
         request_id, method, path, address, client, action, object_type, object_id, object_name, outcome, changes"
    };
}

pub(crate) use columns;

/// A statement that lists rows of the table, which [`ListedRow`] shows: what follows the table's name. SQLite makes a
/// copy of each value of a row, so it is asked for one, in which the whole row stands.
macro_rules! list_rows {
    ($($rest:expr),+) => {
        $crate::platform::dialect::Spelled {
            sqlite: concat!("SELECT json_array(number, ", $crate::audit::event_row::columns!(), ") FROM audit_event ", $($rest),+),
            postgres: concat!("SELECT number, ", $crate::audit::event_row::columns!(), " FROM audit_event ", $($rest),+),
        }
    };
}

pub(crate) use list_rows;

/// An event as it stands in the table. Who only passes it on borrows its texts from the database's answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Row<T = String> {
    /// Its place in the record.
    pub number: i64,
    /// When it happened, in microseconds since 1970.
    pub at: i64,
    /// In which organization.
    pub organization_id: T,
    /// The family of who did it (docs/contract.md#info).
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

/// A text of a row that was read from JSON: borrowed from it, unless something in it was escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Row<Text<'_>> {
    fn borrowed(&self) -> Row<&str> {
        Row {
            number: self.number,
            at: self.at,
            organization_id: &self.organization_id.0,
            actor_type: &self.actor_type.0,
            actor_id: &self.actor_id.0,
            actor_name: &self.actor_name.0,
            actor_email: &self.actor_email.0,
            token_id: self.token_id.as_ref().map(|text| &*text.0),
            token_kind: self.token_kind.as_ref().map(|text| &*text.0),
            token_last4: &self.token_last4.0,
            request_id: &self.request_id.0,
            method: &self.method.0,
            path: &self.path.0,
            address: &self.address.0,
            client: &self.client.0,
            action: &self.action.0,
            object_type: &self.object_type.0,
            object_id: &self.object_id.0,
            object_name: &self.object_name.0,
            outcome: &self.outcome.0,
            changes: &self.changes.0,
        }
    }
}

/// A row of an answer to [`list_rows!`].
pub(crate) trait ListedRow {
    /// Shows it to `visit`; what that answers.
    fn show<T, E: From<StoreError>>(
        &self,
        visit: impl FnOnce(Row<&str>) -> Result<T, E>,
    ) -> Result<T, E>;
}

impl ListedRow for SqliteRow {
    fn show<T, E: From<StoreError>>(
        &self,
        visit: impl FnOnce(Row<&str>) -> Result<T, E>,
    ) -> Result<T, E> {
        let text = self.try_get(0).map_err(StoreError::from)?;
        let row = serde_json::from_str::<Row<Text<'_>>>(text);
        visit(row.map_err(|_| column("number").corrupt())?.borrowed())
    }
}

impl ListedRow for PgRow {
    fn show<T, E: From<StoreError>>(
        &self,
        visit: impl FnOnce(Row<&str>) -> Result<T, E>,
    ) -> Result<T, E> {
        visit(Row::from_row(self).map_err(StoreError::from)?)
    }
}

impl Row {
    pub(crate) fn of(number: i64, event: &AuditEvent) -> Result<Self, StoreError> {
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

pub(crate) fn column(name: &'static str) -> Column {
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
                    request: RequestMeta {
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
