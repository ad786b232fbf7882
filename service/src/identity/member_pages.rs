//! What administrators see of a member besides who they are: what of theirs runs; and who is invited and not yet here.

use domain::{
    audit::{
        event::{Action, ObjectType},
        query::{AuditFilter, PageDirection},
    },
    identity::{actor::Caller, role::RoleSet, session::Session},
    objects::object::Object,
    platform::{
        id::{Id, UserId},
        limits,
        timestamp::Timestamp,
    },
    tokens::token::TokenState,
};
use store::RecordedEvent;

use crate::{
    audit::commit::{done, object},
    identity::members::{check_administrator, present_member},
    open::Service,
    platform::error::ServiceError,
    tokens::token_list::TokenView,
};

/// Sessions, tokens and invitations listed at most.
const LISTED: i64 = 1_000;

/// Days back of which acts are told.
const TOLD_DAYS: i64 = 30;

/// Acts told at most.
const TOLD: usize = 50;

/// What of a member runs or depends on them.
#[derive(Debug, Clone)]
pub struct MemberBelongings {
    /// Their signed-in browsers, the newest first.
    pub sessions: Vec<Session>,
    /// Their tokens that work, the newest first.
    pub tokens: Vec<TokenView>,
    /// The teams they are in.
    pub teams: Vec<Object>,
}

/// Somebody who was invited and has not accepted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingInvitation {
    /// Its id.
    pub id: Id,
    /// The address that is invited.
    pub email: String,
    /// Their full name, if given.
    pub full_name: Option<String>,
    /// The roles they will have.
    pub roles: RoleSet,
    /// When they were invited.
    pub created_at: Timestamp,
    /// By whom, by name; empty for somebody who is gone.
    pub created_by: String,
    /// The instant from which the link is dead.
    pub expires_at: Timestamp,
}

impl Service {
    /// What of a member runs: sign-ins, tokens, teams.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn find_belongings(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<MemberBelongings, ServiceError> {
        check_administrator(caller)?;
        self.store_last_uses().await?;
        let now = self.now();
        let mut read = self.store().read().await?;
        present_member(&mut read, caller, id).await?;
        let tokens = read.list_tokens_of_user(id, now, LISTED).await?;
        let mut tokens = self.with_owners(&mut read, tokens).await?;
        // Those of a disabled member are dead only while it lasts.
        tokens.retain(|view| matches!(view.state, TokenState::Active | TokenState::Disabled));
        let mut teams = Vec::new();
        for team_id in read.list_teams_of_user(id).await? {
            teams.extend(read.find_object(team_id.0).await?);
        }
        Ok(MemberBelongings {
            sessions: read.list_open_sessions(id, now, LISTED).await?,
            tokens,
            teams,
        })
    }

    /// What a member did lately, the newest first.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn member_history(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<Vec<RecordedEvent>, ServiceError> {
        let filter = AuditFilter {
            from: Some(self.now().plus_days(-TOLD_DAYS)),
            person: Some(id.0),
            ..AuditFilter::default()
        };
        let page = self
            .list_acts(caller, &filter, PageDirection::NEWEST, TOLD)
            .await?;
        Ok(page.rows)
    }

    /// Who was invited and has not accepted yet, the newest first.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn list_invitations(
        &self,
        caller: &Caller,
    ) -> Result<Vec<PendingInvitation>, ServiceError> {
        check_administrator(caller)?;
        let mut read = self.store().read().await?;
        let found = read
            .list_open_invitations(caller.organization_id(), self.now(), LISTED)
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

    /// Takes an invitation back: its link does nothing any more.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none that could be accepted, [`ServiceError::Denied`] unless the caller
    /// is an administrator.
    pub async fn withdraw_invitation(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        check_administrator(caller)?;
        let mut write = self.store().write().await?;
        let (organization_id, now) = (caller.organization_id(), self.now());
        let found = write
            .list_open_invitations(organization_id, now, limits::PAGE_OBJECTS)
            .await?;
        let invitation = found
            .into_iter()
            .find(|invitation| invitation.id == id)
            .ok_or_else(|| ServiceError::not_found("invitation"))?;
        write
            .end_invitations(organization_id, &invitation.email, now)
            .await?;
        let name = invitation.full_name.as_ref().unwrap_or(&invitation.email);
        let about = object(ObjectType::Member, invitation.id, name);
        let event = done(caller, now, Action::Revoke, about, Vec::new());
        self.commit(write, event, Vec::new()).await
    }
}
