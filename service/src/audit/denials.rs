//! Refusals of consequence: whoever asks for a change they may not make leaves an event, with outcome `denied`, in a
//! write of its own after the act's has been dropped (docs/contract.md#audit-events). Both doors answer refusals in one
//! place, and it is from there that they are recorded.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType, Outcome},
    identity::actor::Caller,
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

/// What somebody asked for and was refused, as far as their request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedAct {
    /// What they would have done.
    pub action: Action,
    /// To what kind of thing.
    pub kind: ObjectType,
    /// To which, where the request names one by its id.
    pub id: Option<Id>,
    /// To which, where the request names one by its name; may be empty.
    pub name: String,
}

impl Audit {
    /// Records that this caller was refused this.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not take it.
    pub async fn record_denial(
        &self,
        caller: &Caller,
        refused: RefusedAct,
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let (id, name) = named(&mut write, caller, &refused).await?;
        let about = object(refused.kind, id, name);
        let event = AuditEvent {
            outcome: Outcome::Denied,
            ..done(
                caller,
                self.platform.now(),
                refused.action,
                about,
                Vec::new(),
            )
        };
        Ok(write.commit(event).await?)
    }
}

/// The id and the name of what was asked about; [`Id::SYSTEM`] where there is no such thing, or not yet.
async fn named(
    conn: &mut Conn,
    caller: &Caller,
    refused: &RefusedAct,
) -> Result<(Id, String), StoreError> {
    let Some(id) = refused.id else {
        let name = refused.name.clone();
        if refused.kind == ObjectType::Organization {
            return Ok((caller.organization_id().into(), name));
        }
        let found = if refused.kind == ObjectType::OrgToken {
            conn.find_org_token_by_name(caller.organization_id(), &name)
                .await?
        } else {
            None
        };
        return Ok((found.map_or(Id::SYSTEM, |token| token.id), name));
    };
    let name = match refused.kind {
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
        | ObjectType::Team => conn.find_object(id).await?.map(|object| object.name),
        ObjectType::Session | ObjectType::Organization | ObjectType::Record => None,
    };
    Ok((id, name.unwrap_or_default()))
}
