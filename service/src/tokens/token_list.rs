//! Tokens with their owners, as they are listed; and all users' tokens, as administrators look for them: a page at a
//! time.

use std::collections::{HashMap, HashSet};

use domain::{
    identity::{actor::Caller, credential::TokenKind},
    platform::{
        id::Id,
        limits,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
    tokens::token::{OwnerState, Token, TokenState, state_at},
};
use store::{Conn, Member, TokenFilter, TokenOrder, Unused};

use crate::{platform::error::ServiceError, tokens::handle::Tokens};

/// A token as it is now, with its owner.
#[derive(Debug, Clone)]
pub struct TokenView {
    /// The token.
    pub token: Token,
    /// The state it is in.
    pub state: TokenState,
    /// When it is in that state.
    pub now: Timestamp,
    /// The owner's full name.
    pub owner_name: String,
    /// The owner's mail address.
    pub owner_email: String,
}

/// Which of all users' tokens are looked for. Empty and absent filters let everything through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenSearch {
    /// Text in the name, the owner's name or address, or the last four, whatever its case.
    pub text: String,
    /// Live, or ended.
    pub live: Option<bool>,
    /// Made like this.
    pub kind: Option<TokenKind>,
    /// Older than so many days.
    pub older_than_days: Option<i64>,
    /// Never used.
    pub never_used: bool,
    /// Not used for so many days.
    pub unused_days: Option<i64>,
    /// By what they are ordered.
    pub order: TokenOrder,
    /// The other way round.
    pub descending: bool,
}

impl Tokens {
    /// A page of all users' tokens that are looked for; ended ones for [`limits::ENDED_TOKEN_LISTED_DAYS`].
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn page(
        &self,
        caller: &Caller,
        search: &TokenSearch,
        page: OffsetPage,
    ) -> Result<Page<TokenView>, ServiceError> {
        caller.authorize_administrator()?;
        self.uses.store().await?;
        let now = self.platform.now();
        let before = |days: i64| now.plus_days(days.saturating_neg());
        let unused = match search.unused_days {
            _ if search.never_used => Unused::Never,
            Some(days) => Unused::Since(before(days)),
            None => Unused::Any,
        };
        let filter = TokenFilter {
            since: before(limits::ENDED_TOKEN_LISTED_DAYS),
            now,
            search: search.text.clone(),
            live: search.live,
            kind: search.kind,
            made_before: search.older_than_days.map(before),
            unused,
            order: search.order,
            descending: search.descending,
        };
        let mut read = self.platform.store().read().await?;
        let found = read
            .page_tokens(caller.organization_id(), &filter, page)
            .await?;
        Ok(Page {
            count: found.count,
            results: self.with_owners(&mut read, found.results).await?,
        })
    }

    /// These tokens with their owners, in the same order.
    pub(crate) async fn with_owners(
        &self,
        read: &mut Conn,
        tokens: Vec<Token>,
    ) -> Result<Vec<TokenView>, ServiceError> {
        let now = self.platform.now();
        let ids: HashSet<Id> = tokens.iter().map(|token| token.user_id.0).collect();
        let ids: Vec<Id> = ids.into_iter().collect();
        let owners = read.list_members_by_id(&ids).await?;
        let owners: HashMap<_, _> = owners.iter().map(|owner| (owner.id, owner)).collect();
        let views = tokens.into_iter().map(|token| {
            let owner = owners.get(&token.user_id).copied();
            let owner_state = owner.map_or(OwnerState::Removed, Member::state);
            TokenView {
                state: state_at(token.expires_at, token.ended, owner_state, now),
                now,
                owner_name: owner.map_or_else(String::new, |owner| owner.full_name.clone()),
                owner_email: owner.map_or_else(String::new, |owner| owner.email.clone()),
                token,
            }
        });
        Ok(views.collect())
    }
}
