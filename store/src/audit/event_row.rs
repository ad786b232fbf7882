//! A row of `audit_event`: its columns, its creation from an event, and reading it without copying its texts.

use std::borrow::Cow;

use domain::{audit::event::AuditEvent, identity::credential::TokenKind};
use serde::{Deserialize, Serialize};
use sqlx::{ColumnIndex, Decode, FromRow, Type};

use crate::platform::{Column, StoreError, Streamed};

/// All columns, in the order of [`EventRow`]'s fields.
macro_rules! columns {
    () => {
        "number, at, organization_id, actor_type, actor_id, actor_name, actor_email, token_id, token_kind, \
         token_last4, request_id, method, path, address, client, action, object_type, object_id, object_name, \
         outcome, changes, token_name, state"
    };
}

pub(crate) use columns;

pub(crate) fn column(name: &'static str) -> Column {
    Column("audit_event", name)
}

/// An audit event as it is stored. An export borrows the texts from the response of the database.
#[derive(Debug, Serialize, Deserialize)]
pub struct EventRow<T = String> {
    /// Its number in the audit log, in the order of commits.
    pub number: i64,
    /// When it happened, in microseconds since 1970.
    pub at: i64,
    /// The organization.
    pub organization_id: T,
    /// `USER`, `ORG_TOKEN` or `SYSTEM`.
    pub actor_type: T,
    /// The actor's id.
    pub actor_id: T,
    /// The actor's name at that time.
    pub actor_name: T,
    /// A user's email address; empty for others.
    pub actor_email: T,
    /// The token, if one was used.
    pub token_id: Option<T>,
    /// The token's kind.
    pub token_kind: Option<T>,
    /// The token's last four characters.
    pub token_last4: T,
    /// The request.
    pub request_id: T,
    /// The request's method.
    pub method: T,
    /// The request's path.
    pub path: T,
    /// The client's network address.
    pub address: T,
    /// The client, as it names itself.
    pub client: T,
    /// What was done.
    pub action: T,
    /// The kind of the object.
    pub object_type: T,
    /// The object.
    pub object_id: T,
    /// The object's name at that time.
    pub object_name: T,
    /// Whether it was done or denied.
    pub outcome: T,
    /// The fields that changed, as JSON.
    pub changes: T,
    /// The token's name at that time; `None` for a token without one, and in rows that are older than the column. The
    /// hashed text of those rows does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_name: Option<T>,
    /// What the rows became that the event changed; `None` when it changed none, and in rows that are older than the
    /// column, whose hashed text does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<T>,
}

impl<T: AsRef<str>> EventRow<T> {
    /// The token's name at that time; empty for none. An org token is its own actor, so rows that are older than the
    /// column have its name too.
    #[must_use]
    pub fn token_name(&self) -> &str {
        let is_org_token = self
            .token_kind
            .as_ref()
            .is_some_and(|kind| kind.as_ref() == TokenKind::Org.label());
        match &self.token_name {
            Some(name) => name.as_ref(),
            None if is_org_token => self.actor_name.as_ref(),
            None => "",
        }
    }
}

impl EventRow {
    pub(crate) fn new(number: i64, event: &AuditEvent) -> Result<Self, StoreError> {
        let (by, object) = (&event.by, &event.object);
        let (credential, request) = (by.credential.as_ref(), &by.request);
        Ok(Self {
            number,
            at: event.at.as_micros(),
            organization_id: event.organization_id.to_string(),
            actor_type: by.actor_type.label().to_owned(),
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
            changes: column("changes").to_json(&event.changes)?,
            token_name: credential
                .map(|credential| credential.name.clone())
                .filter(|name| !name.is_empty()),
            state: None,
        })
    }
}

/// Reads columns by position: a lookup by name costs more than reading the value.
impl<'r, R: sqlx::Row, T> FromRow<'r, R> for EventRow<T>
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
            token_name: row.try_get(21)?,
            state: row.try_get(22)?,
        })
    }
}

/// Rows of `audit_event`, visited one by one.
pub(crate) struct StreamedEvents;

/// A text that is borrowed from JSON unless it contains escapes.
#[derive(Deserialize)]
pub(crate) struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Streamed for StreamedEvents {
    const COLUMN: Column = Column("audit_event", "number");

    type Parsed<'r> = EventRow<Text<'r>>;
    type Row<'r> = EventRow<&'r str>;

    fn borrow<'a>(parsed: &'a EventRow<Text<'_>>) -> EventRow<&'a str> {
        EventRow {
            number: parsed.number,
            at: parsed.at,
            organization_id: &parsed.organization_id.0,
            actor_type: &parsed.actor_type.0,
            actor_id: &parsed.actor_id.0,
            actor_name: &parsed.actor_name.0,
            actor_email: &parsed.actor_email.0,
            token_id: parsed.token_id.as_ref().map(|text| &*text.0),
            token_kind: parsed.token_kind.as_ref().map(|text| &*text.0),
            token_last4: &parsed.token_last4.0,
            request_id: &parsed.request_id.0,
            method: &parsed.method.0,
            path: &parsed.path.0,
            address: &parsed.address.0,
            client: &parsed.client.0,
            action: &parsed.action.0,
            object_type: &parsed.object_type.0,
            object_id: &parsed.object_id.0,
            object_name: &parsed.object_name.0,
            outcome: &parsed.outcome.0,
            changes: &parsed.changes.0,
            token_name: parsed.token_name.as_ref().map(|text| &*text.0),
            state: parsed.state.as_ref().map(|text| &*text.0),
        }
    }
}
