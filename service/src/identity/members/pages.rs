//! The page of a member for administrators: their sessions, tokens, teams and recent events.

use domain::{
    audit::query::{AuditFilter, PageDirection},
    identity::{actor::Caller, session::ListedSession},
    objects::object::Object,
    platform::id::UserId,
    tokens::token::TokenState,
};
use store::RecordedEvent;

use crate::{
    identity::{handle::Members, members::checks::present_member},
    platform::error::ServiceError,
    tokens::token_list::TokenView,
};

/// Limit on the sessions that are listed.
const LISTED: i64 = 1_000;

/// Limit on the tokens that are listed. The list of all users' tokens has the others, by page.
const LISTED_TOKENS: i64 = 50;

/// Number of days of which events are listed.
const RECENT_DAYS: i64 = 30;

/// Limit on the events that are listed.
const LISTED_EVENTS: usize = 50;

/// The sessions, tokens and teams of a member.
#[derive(Debug, Clone)]
pub struct MemberBelongings {
    /// Their sessions that are open, or have timed out and have live tokens, newest first.
    pub sessions: Vec<ListedSession>,
    /// Their newest live tokens, and those that are not live only because the member is disabled, newest first.
    pub tokens: Vec<TokenView>,
    /// The number of all such tokens.
    pub token_count: i64,
    /// Their teams.
    pub teams: Vec<Object>,
}

impl Members {
    /// Finds the sessions, tokens and teams of a member.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist, [`ServiceError::Denied`] unless the caller is an
    /// administrator.
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
        let member = present_member(&mut read, caller, id).await?;
        let tokens = read.list_tokens_of_user(id, now, LISTED_TOKENS).await?;
        let mut tokens = self.tokens.with_owners(&mut read, tokens).await?;
        // Tokens of a disabled member become live again when the member is enabled, so they are listed.
        tokens.retain(|view| matches!(view.state, TokenState::Active | TokenState::Disabled));
        let mut teams = Vec::new();
        for team_id in read.list_teams_of_user(id).await? {
            teams.extend(read.find_object(team_id.0).await?);
        }
        Ok(MemberBelongings {
            sessions: self.sessions.list(&mut read, &member, LISTED).await?,
            tokens,
            token_count: read.count_live_tokens(id, now).await?,
            teams,
        })
    }

    /// Lists the recent events of a member, newest first.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn history(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<Vec<RecordedEvent>, ServiceError> {
        let filter = AuditFilter {
            from: Some(self.platform.now().plus_days(-RECENT_DAYS)),
            person: Some(id.0),
            ..AuditFilter::default()
        };
        let page = self
            .audit
            .list_events(caller, &filter, PageDirection::NEWEST, LISTED_EVENTS)
            .await?;
        Ok(page.rows)
    }
}
