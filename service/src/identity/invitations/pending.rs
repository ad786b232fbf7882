//! Open invitations: listing and withdrawing them.

use domain::{
    audit::event::{Action, ObjectType},
    identity::{actor::Caller, role::RoleSet},
    platform::{
        id::{Id, UserId},
        timestamp::Timestamp,
    },
};

use crate::{
    audit::commit::{done, object},
    identity::handle::Invitations,
    platform::error::ServiceError,
};

/// Limit on the invitations that are listed.
const LISTED: i64 = 1_000;

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
    /// Lists the open invitations, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<PendingInvitation>, ServiceError> {
        caller.authorize_administrator()?;
        let mut read = self.platform.store().read().await?;
        let found = read
            .list_open_invitations(caller.organization_id(), self.platform.now(), LISTED)
            .await?;
        let mut pending = Vec::with_capacity(found.len());
        for invitation in found {
            let maker = read.find_member(UserId(invitation.created_by)).await?;
            pending.push(PendingInvitation {
                id: invitation.id,
                email: invitation.email,
                full_name: invitation.full_name,
                roles: invitation.roles,
                created_at: invitation.created_at,
                created_by: maker.map(|maker| maker.full_name).unwrap_or_default(),
                expires_at: invitation.expires_at,
            });
        }
        Ok(pending)
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
