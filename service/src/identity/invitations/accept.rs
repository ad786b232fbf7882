//! Accepting an invitation: its link makes a person a member (docs/contract.md#invitations).

use std::sync::Arc;

use domain::{
    audit::event::FieldChange,
    identity::actor::{Actor, Caller, Identity, RequestMeta, UserActor},
    platform::{
        id::{Id, UserId},
        rejection::Rejected,
        timestamp::Timestamp,
    },
    tokens::token::OwnerState,
};
use serde_json::json;
use store::{Conn, Invitation, Member};

use crate::{
    identity::{
        handle::Invitations,
        invitations::checks::check_no_member,
        members::{created, view::NewMember},
    },
    platform::{encryption, error::ServiceError},
};

/// An open invitation, as the invited person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// The name of the organization.
    pub organization: String,
    /// The invited address.
    pub email: String,
    /// Their full name, as the inviter entered it; may be empty.
    pub full_name: String,
}

impl Invitations {
    /// Finds the invitation of a link; `None` when it was used, has expired or was replaced, or when its inviter is no
    /// longer an administrator.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn find(&self, claim: &str) -> Result<Option<InvitationView>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let Some(invitation) = open_invitation(&mut read, claim, self.platform.now()).await? else {
            return Ok(None);
        };
        let organization = read.find_organization().await?;
        Ok(organization.map(|organization| InvitationView {
            organization: organization.name,
            email: invitation.email,
            full_name: invitation.full_name.unwrap_or_default(),
        }))
    }

    /// Makes the invited person a member with the name and password they choose. The link becomes invalid.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] when the link is invalid, a field breaks a rule, or a member has this address
    /// already.
    pub async fn accept(
        &self,
        claim: &str,
        full_name: &str,
        password: &str,
        request: &RequestMeta,
    ) -> Result<(), ServiceError> {
        let mut read = self.platform.store().read().await?;
        let invitation = open_invitation(&mut read, claim, self.platform.now()).await?;
        drop(read);
        let invitation = invitation.ok_or_else(invalid_link)?;
        let prepared = self
            .members
            .prepare(&NewMember {
                email: invitation.email,
                full_name: full_name.to_owned(),
                password: password.to_owned(),
                roles: invitation.roles,
            })
            .await?;
        let mut write = self.platform.store().write().await?;
        // Checked again in the transaction, so that of two concurrent requests only one succeeds.
        let invitation = open_invitation(&mut write, claim, self.platform.now()).await?;
        let invitation = invitation.ok_or_else(invalid_link)?;
        check_no_member(&mut write, &invitation.email).await?;
        let member = self.member_of(&invitation, prepared);
        write.insert_member(&member).await?;
        let now = member.created_at;
        write
            .end_invitations(member.organization_id, &member.email, now)
            .await?;
        let mut event = created(&new_member_caller(&member, request), &member);
        event.changes.push(FieldChange {
            field: "invitedBy".to_owned(),
            before: None,
            after: Some(json!(invitation.created_by)),
        });
        self.audit.commit(write, event).await
    }

    fn member_of(&self, invitation: &Invitation, prepared: NewMember) -> Member {
        let now = self.platform.now();
        Member {
            id: UserId(invitation.id),
            persona_id: self.platform.new_id(),
            organization_id: invitation.organization_id,
            email: prepared.email,
            full_name: prepared.full_name,
            title: invitation.title.clone(),
            phone: invitation.phone.clone(),
            roles: prepared.roles,
            password_hash: prepared.password,
            created_at: now,
            created_by: invitation.created_by,
            updated_at: now,
            updated_by: invitation.id,
            disabled_at: None,
            removed_at: None,
        }
    }
}

/// The open invitation of a link. Its inviter must still be an administrator: otherwise a removed administrator could
/// come back with a link they kept.
async fn open_invitation(
    conn: &mut Conn,
    claim: &str,
    now: Timestamp,
) -> Result<Option<Invitation>, ServiceError> {
    let found = conn
        .find_invitation(&encryption::digest(claim.as_bytes()))
        .await?
        .filter(|invitation| invitation.ended_at.is_none() && now < invitation.expires_at);
    let Some(invitation) = found else {
        return Ok(None);
    };
    let maker = conn.find_member(UserId(invitation.created_by)).await?;
    let may_invite =
        maker.is_some_and(|maker| maker.state() == OwnerState::Active && maker.roles.is_admin());
    let is_good = invitation.created_by == Id::SYSTEM || may_invite;
    Ok(Some(invitation).filter(|_| is_good))
}

/// The new member, as the caller that accepts.
fn new_member_caller(member: &Member, request: &RequestMeta) -> Caller {
    let actor = UserActor {
        id: member.id,
        name: member.full_name.clone(),
        email: member.email.clone(),
        roles: member.roles,
        teams: Vec::new(),
    };
    Caller {
        identity: Arc::new(Identity {
            organization_id: member.organization_id,
            actor: Actor::User(actor),
            credential: None,
            token: None,
            authenticated_at: None,
        }),
        request: request.clone(),
        keyed: None,
        origin: None,
    }
}

fn invalid_link() -> ServiceError {
    let message = "The invitation was used, has run out, or was replaced by a newer one.";
    Rejected::field("claim", message).into()
}
