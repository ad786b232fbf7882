//! Audit events for denied changes: an attempt to make a change without permission leaves an event with outcome
//! `denied`, in a transaction of its own after that of the operation was rolled back (docs/contract.md#audit-events).
//! The API and form endpoints create it where they convert the error into a response.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType, Outcome, SharedKind},
    identity::actor::Caller,
    ingest::catalog::names::EntryName,
    objects::object::Relation,
    platform::id::{Id, TokenId, UserId},
};
use store::{Conn, StoreError};

use crate::{
    audit::{
        commit::{done, object},
        handle::Audit,
    },
    platform::error::ServiceError,
};

/// A denied operation, as far as the request describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeniedOperation {
    /// The denied action.
    pub action: Action,
    /// The type of the object.
    pub kind: ObjectType,
    /// The id of the object, where the request has one.
    pub id: Option<Id>,
    /// The name of the object, where the request has one; may be empty.
    pub name: String,
}

impl Audit {
    /// Adds an event for the denied operation of this caller.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn record_denial(
        &self,
        caller: &Caller,
        denied: DeniedOperation,
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let (id, name) = named(&mut write, caller, &denied).await?;
        let about = object(denied.kind, id, name);
        let event = AuditEvent {
            outcome: Outcome::Denied,
            ..done(
                caller,
                self.platform.now(),
                denied.action,
                about,
                Vec::new(),
            )
        };
        Ok(write.commit(event).await?)
    }
}

/// The id and the name of the object; [`Id::SYSTEM`] when the object does not exist.
async fn named(
    conn: &mut Conn,
    caller: &Caller,
    denied: &DeniedOperation,
) -> Result<(Id, String), StoreError> {
    let Some(id) = denied.id else {
        let name = denied.name.clone();
        let id = id_of(conn, caller, denied.kind, &name).await?;
        return Ok((id.unwrap_or(Id::SYSTEM), name));
    };
    let name = match denied.kind {
        ObjectType::Member => conn
            .find_member(UserId(id))
            .await?
            .map(|member| member.full_name),
        ObjectType::Token => conn.find_token(TokenId(id)).await?.map(|token| token.name),
        ObjectType::OrgToken => conn.find_org_token(id).await?.map(|token| token.name),
        ObjectType::Dashboard
        | ObjectType::DashboardGroup
        | ObjectType::Chart
        | ObjectType::Detector
        | ObjectType::Integration
        | ObjectType::Team
        | ObjectType::Shared(_) => conn.find_object(id).await?.map(|object| object.name),
        ObjectType::Catalog(_) => conn
            .find_catalog_entry(id)
            .await?
            .map(|entry| entry.name.shown()),
        ObjectType::Session
        | ObjectType::Organization
        | ObjectType::AuditLog
        | ObjectType::MasterKey
        | ObjectType::Unknown => None,
    };
    Ok((id, name.unwrap_or_default()))
}

/// The id of an object that the request names, or of which an organization has one.
async fn id_of(
    conn: &mut Conn,
    caller: &Caller,
    kind: ObjectType,
    name: &str,
) -> Result<Option<Id>, StoreError> {
    let organization_id = caller.organization_id();
    Ok(match kind {
        ObjectType::Organization | ObjectType::Shared(SharedKind::ArchivalSettings) => {
            Some(organization_id.into())
        }
        ObjectType::OrgToken => {
            let token = conn.find_org_token_by_name(organization_id, name).await?;
            token.map(|token| token.id)
        }
        ObjectType::Shared(SharedKind::DirectoryEntry) => {
            let found = conn.list_referring_to(Relation::Path, name, kind).await?;
            let mut found = found.into_iter();
            let entry = found.find(|entry| entry.organization_id == organization_id);
            entry.map(|entry| entry.id)
        }
        ObjectType::Catalog(kind) => {
            let id = EntryName::from_shown(kind, name).id(organization_id);
            conn.find_catalog_entry(id).await?.map(|entry| entry.id)
        }
        ObjectType::Shared(_)
        | ObjectType::Dashboard
        | ObjectType::DashboardGroup
        | ObjectType::Chart
        | ObjectType::Detector
        | ObjectType::Integration
        | ObjectType::Team
        | ObjectType::Token
        | ObjectType::Session
        | ObjectType::Member
        | ObjectType::AuditLog
        | ObjectType::MasterKey
        | ObjectType::Unknown => None,
    })
}
