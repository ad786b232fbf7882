//! Open invitations: listing and withdrawing them.

use std::collections::HashMap;

use domain::{
    audit::event::{Action, ObjectType},
    identity::{actor::Caller, role::RoleSet},
    platform::{
        id::Id,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
};

use crate::{
    audit::commit::{done, object},
    identity::handle::Invitations,
    platform::error::ServiceError,
};

/// An invitation that is not accepted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingInvitation {
    /// Its id.
    pub id: Id,
    /// The invited address.
    pub email: String,
    /// Their full name, if given.
    pub full_name: Option<String>,
    /// The roles of the member once they accept.
    pub roles: RoleSet,
    /// When it was sent.
    pub created_at: Timestamp,
    /// The name of the inviter; empty when they are not a member any more.
    pub created_by: String,
    /// When the link expires.
    pub expires_at: Timestamp,
}

impl Invitations {
    /// Returns a page of the open invitations with this text in their address or name, ignoring case, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn page(
        &self,
        caller: &Caller,
        search: &str,
        page: OffsetPage,
    ) -> Result<Page<PendingInvitation>, ServiceError> {
        caller.authorize_administrator()?;
        let mut read = self.platform.store().read().await?;
        let found = read
            .page_open_invitations(caller.organization_id(), self.platform.now(), search, page)
            .await?;
        let inviters: Vec<Id> = found.results.iter().map(|one| one.created_by).collect();
        let inviters = read.list_members_by_id(&inviters).await?;
        let names: HashMap<Id, &str> = inviters
            .iter()
            .map(|inviter| (inviter.id.0, inviter.full_name.as_str()))
            .collect();
        Ok(found.map(|invitation| PendingInvitation {
            id: invitation.id,
            email: invitation.email,
            full_name: invitation.full_name,
            roles: invitation.roles,
            created_at: invitation.created_at,
            created_by: names
                .get(&invitation.created_by)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            expires_at: invitation.expires_at,
        }))
    }

    /// Withdraws an invitation: its link becomes invalid.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is not open, [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn withdraw(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        let mut write = self.platform.store().write().await?;
        let (organization_id, now) = (caller.organization_id(), self.platform.now());
        let found = write.find_open_invitation(organization_id, id, now).await?;
        let invitation = found.ok_or_else(|| ServiceError::not_found("invitation"))?;
        write
            .end_invitations(organization_id, &invitation.email, now)
            .await?;
        let name = invitation.full_name.as_ref().unwrap_or(&invitation.email);
        let about = object(ObjectType::Member, invitation.id, name);
        let event = done(caller, now, Action::Revoke, about, Vec::new());
        self.audit.commit(write, event).await
    }
}
