//! What administrators see of a member besides who they are: what of theirs runs; and who is invited and not yet here.

use domain::{
    audit::query::{AuditFilter, PageDirection},
    identity::{actor::Caller, session::Session},
    objects::object::Object,
    platform::id::UserId,
    tokens::token::TokenState,
};
use store::RecordedEvent;

use crate::{
    identity::{handle::Members, members::present_member},
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

impl Members {
    /// What of a member runs: sign-ins, tokens, teams.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn find_belongings(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<MemberBelongings, ServiceError> {
        caller.authorize_administrator()?;
        self.sessions.store().await?;
        self.tokens.uses().store().await?;
        let now = self.platform.now();
        let mut read = self.platform.store().read().await?;
        present_member(&mut read, caller, id).await?;
        let tokens = read.list_tokens_of_user(id, now, LISTED).await?;
        let mut tokens = self.tokens.with_owners(&mut read, tokens).await?;
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
    pub async fn history(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<Vec<RecordedEvent>, ServiceError> {
        let filter = AuditFilter {
            from: Some(self.platform.now().plus_days(-TOLD_DAYS)),
            person: Some(id.0),
            ..AuditFilter::default()
        };
        let page = self
            .audit
            .list_events(caller, &filter, PageDirection::NEWEST, TOLD)
            .await?;
        Ok(page.rows)
    }
}
