//! Sending invitations: a link, valid once, with which a person becomes a member and chooses a password
//! (docs/contract.md#invitations).

pub(crate) mod accept;
pub(crate) mod checks;
pub(crate) mod invited;
pub(crate) mod mail;
pub(crate) mod mail_outcome;
pub(crate) mod pending;

use domain::{
    audit::{
        event::{Action, AuditEvent, FieldChange, ObjectType},
        events::Events,
    },
    identity::{actor::Caller, member::InvitationDraft},
    platform::limits,
};
use serde_json::json;
use store::{Invitation, Organization, Write};

use crate::{
    audit::{
        commit::{done, object},
        creation::Creation,
    },
    identity::{
        handle::Invitations,
        invitations::{
            checks::{check_address, check_day},
            invited::Invited,
        },
        roles::list::RoleView,
        setup::claim_secret::ClaimSecret,
    },
    platform::error::ServiceError,
};

impl Invitations {
    /// Creates all of these invitations or none. A new invitation replaces an older one to the same address.
    ///
    /// # Errors
    /// [`ServiceError::Rejected`] for a member, [`ServiceError::Limited`] for an address that was invited within
    /// [`limits::INVITATION_REPEAT_SECONDS`] or after too many, [`ServiceError::Denied`] unless the caller is an
    /// administrator.
    pub async fn invite_all(
        &self,
        caller: &Caller,
        drafts: &[InvitationDraft],
    ) -> Result<Vec<Invited>, ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(invited) => return Ok(invited),
        };
        let organization = write.find_organization().await?;
        let organization = organization.ok_or_else(|| ServiceError::not_found("organization"))?;
        check_day(
            &mut write,
            organization.id,
            drafts.len(),
            self.platform.now(),
        )
        .await?;
        let (mut invited, mut events) = (Vec::new(), Vec::new());
        for draft in drafts {
            let (one, event) = self
                .insert(&mut write, caller, &organization, draft)
                .await?;
            invited.push(one);
            events.push(event);
        }
        if let Some(events) = Events::from_list(events) {
            self.audit
                .commit_creation(write, caller, events, &invited)
                .await?;
        }
        Ok(invited)
    }

    /// Creates one invitation.
    ///
    /// # Errors
    /// As [`Self::invite_all`].
    pub async fn invite(
        &self,
        caller: &Caller,
        draft: &InvitationDraft,
    ) -> Result<Invited, ServiceError> {
        let invited = self.invite_all(caller, std::slice::from_ref(draft)).await?;
        let invited = invited.into_iter().next();
        invited.ok_or_else(|| ServiceError::not_found("invitation"))
    }

    async fn insert(
        &self,
        write: &mut Write,
        caller: &Caller,
        organization: &Organization,
        draft: &InvitationDraft,
    ) -> Result<(Invited, AuditEvent), ServiceError> {
        let (now, email) = (self.platform.now().to_whole_millis(), draft.email.as_str());
        check_address(write, organization.id, email, now).await?;
        let claim = ClaimSecret::new();
        let invitation = Invitation {
            id: self.platform.new_id(),
            organization_id: organization.id,
            email: email.to_owned(),
            full_name: draft.full_name.clone(),
            title: draft.title.clone(),
            phone: draft.phone.clone(),
            roles: draft.roles,
            digest: claim.digest(),
            created_at: now,
            created_by: caller.actor().id(),
            expires_at: now.plus_days(limits::INVITATION_LIFETIME_DAYS),
            ended_at: None,
        };
        write.end_invitations(organization.id, email, now).await?;
        write.insert_invitation(&invitation).await?;
        let event = invited(caller, &invitation);
        let invited = Invited {
            id: invitation.id,
            organization_id: invitation.organization_id,
            organization: organization.name.clone(),
            roles: RoleView::all_of(organization, invitation.roles),
            email: invitation.email,
            full_name: invitation.full_name,
            title: invitation.title,
            phone: invitation.phone,
            claim,
            mailed: None,
        };
        Ok((invited, event))
    }
}

pub(crate) fn invited(caller: &Caller, invitation: &Invitation) -> AuditEvent {
    let change = |field: &str, value: &str| FieldChange {
        field: field.to_owned(),
        before: None,
        after: Some(json!(value)),
    };
    let changes = vec![
        change("email", &invitation.email),
        change("roles", &invitation.roles.to_titles()),
    ];
    let name = invitation.full_name.as_ref().unwrap_or(&invitation.email);
    let about = object(ObjectType::Member, invitation.id, name);
    done(
        caller,
        invitation.created_at,
        Action::Invite,
        about,
        changes,
    )
}
