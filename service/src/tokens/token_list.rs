//! Tokens with their owners, and lists of tokens by page: the caller's own, and those of all users for administrators.

use std::collections::{HashMap, HashSet};

use domain::{
    identity::{actor::Caller, credential::TokenKind},
    platform::{
        id::{Id, UserId},
        limits,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
    tokens::token::{OwnerEnds, Token, TokenState, state_at},
};
use store::{Conn, Member, TokenFilter, TokenOrder, Unused};

use crate::{platform::error::ServiceError, tokens::handle::Tokens};

/// A token with its state and its owner.
#[derive(Debug, Clone)]
pub struct TokenView {
    /// The token.
    pub token: Token,
    /// Its state.
    pub state: TokenState,
    /// The time of the state.
    pub now: Timestamp,
    /// The owner's full name.
    pub owner_name: String,
    /// The owner's email address.
    pub owner_email: String,
}

/// The filter of a list of tokens. An empty or absent filter matches all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenSearch {
    /// Text in the name, the owner's name or address, or the last four characters, ignoring case.
    pub text: String,
    /// Whether it is live.
    pub live: Option<bool>,
    /// The kind of token.
    pub kind: Option<TokenKind>,
    /// Minimum age in days.
    pub older_than_days: Option<i64>,
    /// Never used.
    pub never_used: bool,
    /// Minimum number of days since the last use.
    pub unused_days: Option<i64>,
    /// The field to order by.
    pub order: TokenOrder,
    /// Whether the order is descending.
    pub descending: bool,
}

impl Tokens {
    /// Returns a page of all users' tokens that match; ended ones for [`limits::ENDED_TOKEN_LISTED_DAYS`].
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
        self.page_of(caller, None, search, page).await
    }

    /// Returns a page of the calling user's tokens that match; ended ones for [`limits::ENDED_TOKEN_LISTED_DAYS`].
    ///
    /// # Errors
    /// [`ServiceError::Denied`] when the caller is not a user.
    pub async fn page_mine(
        &self,
        caller: &Caller,
        search: &TokenSearch,
        page: OffsetPage,
    ) -> Result<Page<TokenView>, ServiceError> {
        let owner = caller.authorize_user()?.id;
        self.page_of(caller, Some(owner), search, page).await
    }

    async fn page_of(
        &self,
        caller: &Caller,
        owner: Option<UserId>,
        search: &TokenSearch,
        page: OffsetPage,
    ) -> Result<Page<TokenView>, ServiceError> {
        self.uses.store().await?;
        let now = self.platform.now();
        let before = |days: i64| now.plus_days(days.saturating_neg());
        let unused = match search.unused_days {
            _ if search.never_used => Unused::Never,
            Some(days) => Unused::Since(before(days)),
            None => Unused::Any,
        };
        let filter = TokenFilter {
            owner,
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

    /// Adds the owners to tokens, in the same order.
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
            let owner_ends = owner.map_or(OwnerEnds::GONE, Member::ends);
            TokenView {
                state: state_at(token.expires_at, token.ended, owner_ends, now),
                now,
                owner_name: owner.map_or_else(String::new, |owner| owner.full_name.clone()),
                owner_email: owner.map_or_else(String::new, |owner| owner.email.clone()),
                token,
            }
        });
        Ok(views.collect())
    }
}
