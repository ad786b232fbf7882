//! The list of the tokens of all users, or of one: searched, filtered, ordered, paged and counted.

use domain::{
    identity::credential::TokenKind,
    platform::{
        id::{OrganizationId, UserId},
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
    tokens::token::Token,
};

use super::token::columns;
use crate::platform::{
    Conn, Housekeeping, NameFilter, Sql, StoreError, Value, counted, directed, listed, statements,
    values,
};

/// Each filter is a value to compare with, or one that passes every token: one condition for every combination.
macro_rules! filtered {
    ($owner:literal) => {
        concat!(
            "FROM token t JOIN member m ON m.id = t.user_id \
         WHERE t.organization_id = $1 AND t.expires_at > $2 AND (t.ended_at IS NULL OR t.ended_at > $2) \
           AND ($4 = '' OR t.name_folded LIKE $4 ESCAPE '!' OR m.name_folded LIKE $4 ESCAPE '!' \
                OR m.email LIKE $4 ESCAPE '!' OR lower(t.last4) LIKE $4 ESCAPE '!') \
           AND ($5 = '' OR ($5 = 'live') = (t.ended_at IS NULL AND t.expires_at > $3 \
                AND m.disabled_at IS NULL AND m.removed_at IS NULL)) \
           AND ($6 = '' OR t.kind = $6) \
           AND t.created_at < $7 \
           AND (NOT $8 OR t.last_used_at IS NULL) \
           AND COALESCE(t.last_used_at, t.created_at) < $9 AND ",
            $owner
        )
    };
}

/// The tokens of all users.
macro_rules! all {
    () => {
        filtered!("$10 = ''")
    };
}

/// The tokens of one user. A statement of its own, so that the database starts from the index by user.
macro_rules! of_user {
    () => {
        filtered!("t.user_id = $10")
    };
}

/// By a column, then by creation: the tokens of all users in both directions, then those of one.
macro_rules! by {
    ($column:literal) => {
        by!(
            concat!($column, ", t.created_at, t.id"),
            concat!($column, " DESC, t.created_at DESC, t.id DESC")
        )
    };
    ($ascending:expr, $descending:expr) => {
        [
            listed!(columns!("t."), all!(), $ascending, "$11", "$12"),
            listed!(columns!("t."), all!(), $descending, "$11", "$12"),
            listed!(columns!("t."), of_user!(), $ascending, "$11", "$12"),
            listed!(columns!("t."), of_user!(), $descending, "$11", "$12"),
        ]
    };
}

statements! {
    const COUNT: Sql = counted!(all!(), "$11");
    const COUNT_OF_USER: Sql = counted!(of_user!(), "$11");
    const BY_CREATION: [Sql; 4] = by!("t.created_at, t.id", "t.created_at DESC, t.id DESC");
    const BY_USE: [Sql; 4] = by!("COALESCE(t.last_used_at, 0)");
    const BY_END: [Sql; 4] = by!("t.expires_at");
    const BY_OWNER: [Sql; 4] = by!("m.name_folded");
    const BY_NAME: [Sql; 4] =
        by!("CASE WHEN t.name = '' THEN lower(t.prefix || '…' || t.last4) ELSE t.name_folded END");
    const UNFOLDED: Sql = "SELECT id, name FROM token WHERE name_folded IS NULL LIMIT $1";
    const FOLD: Sql = "UPDATE token SET name_folded = $2 WHERE id = $1";
}

/// What a list of tokens is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenOrder {
    /// When it was issued.
    #[default]
    Created,
    /// When it was last used; unused tokens come first.
    Used,
    /// When it expires.
    Ends,
    /// The owner's name, ignoring case.
    Owner,
    /// Its name, or else its prefix and last four characters, ignoring case.
    Name,
}

impl TokenOrder {
    const fn list(self) -> [Sql; 4] {
        match self {
            Self::Created => BY_CREATION,
            Self::Used => BY_USE,
            Self::Ends => BY_END,
            Self::Owner => BY_OWNER,
            Self::Name => BY_NAME,
        }
    }
}

/// Whether tokens were used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unused {
    /// Used or not.
    #[default]
    Any,
    /// Never.
    Never,
    /// Not since this time, and issued before it: a younger one could not have been unused for as long.
    Since(Timestamp),
}

/// Which tokens to list. Empty and absent filters pass every token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFilter {
    /// Of this user.
    pub owner: Option<UserId>,
    /// Those that had not ended by then.
    pub since: Timestamp,
    /// The time at which they are live or not.
    pub now: Timestamp,
    /// With this in their name, their owner's name or address, or their last four characters, whatever its case.
    pub search: String,
    /// Live, or ended.
    pub live: Option<bool>,
    /// Of this kind.
    pub kind: Option<TokenKind>,
    /// Issued before then.
    pub made_before: Option<Timestamp>,
    /// Not used.
    pub unused: Unused,
    /// In this order.
    pub order: TokenOrder,
    /// In the reverse order.
    pub descending: bool,
}

impl TokenFilter {
    /// The ten values of the condition.
    fn values(&self, organization_id: OrganizationId) -> Vec<Value<'_>> {
        let state = match self.live {
            None => "",
            Some(true) => "live",
            Some(false) => "ended",
        };
        let (is_never_used, unused_since) = match self.unused {
            Unused::Any => (false, i64::MAX),
            Unused::Never => (true, i64::MAX),
            Unused::Since(at) => (false, at.as_micros()),
        };
        values![
            organization_id,
            self.since,
            self.now,
            NameFilter::containing(&self.search).pattern(),
            state,
            self.kind.map(TokenKind::label).unwrap_or_default(),
            self.made_before.map_or(i64::MAX, Timestamp::as_micros),
            is_never_used,
            unused_since,
            Value::id_or_empty(self.owner.map(|owner| owner.0)),
        ]
    }
}

impl Conn {
    /// A page of the matching tokens, and how many there are, [`limits::PAGE_OBJECTS`] at most.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    ///
    /// [`limits::PAGE_OBJECTS`]: domain::platform::limits::PAGE_OBJECTS
    pub async fn page_tokens(
        &mut self,
        organization_id: OrganizationId,
        filter: &TokenFilter,
        page: OffsetPage,
    ) -> Result<Page<Token>, StoreError> {
        let [up, down, of_user_up, of_user_down] = filter.order.list();
        let (count, list) = match filter.owner {
            None => (COUNT, [up, down]),
            Some(_) => (COUNT_OF_USER, [of_user_up, of_user_down]),
        };
        let values = filter.values(organization_id);
        let list = directed(list, filter.descending);
        self.page(count, list, values, page).await
    }
}

impl Housekeeping {
    /// Fills the folded name of tokens that were stored before it was a column. How many were filled.
    pub(crate) async fn fold_token_names(&mut self, limit: i64) -> Result<usize, StoreError> {
        self.fold_names(UNFOLDED, FOLD, limit).await
    }
}
