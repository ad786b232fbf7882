//! The list of all users' tokens as its page asks for it: searched, filtered, ordered, paged and counted in one
//! statement each.

use domain::{
    identity::credential::TokenKind,
    platform::{
        id::OrganizationId,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
    tokens::token::Token,
};

use crate::{
    objects::object_list::NameFilter,
    platform::{dialect::page::page_of, error::StoreError, transaction::Conn},
    tokens::token::{Row, tokens_of},
};

/// Each filter is a value to compare with, or one that lets everything through: one condition for every combination.
macro_rules! condition {
    () => {
        "FROM token t JOIN member m ON m.id = t.user_id \
         WHERE t.organization_id = $1 AND t.expires_at > $2 AND (t.ended_at IS NULL OR t.ended_at > $2) \
           AND ($4 = '' OR t.name_folded LIKE $4 ESCAPE '!' OR m.name_folded LIKE $4 ESCAPE '!' \
                OR m.email LIKE $4 ESCAPE '!' OR lower(t.last4) LIKE $4 ESCAPE '!') \
           AND ($5 = '' OR ($5 = 'live') = (t.ended_at IS NULL AND t.expires_at > $3 \
                AND m.disabled_at IS NULL AND m.removed_at IS NULL)) \
           AND ($6 = '' OR t.kind = $6) \
           AND t.created_at < $7 \
           AND (NOT $8 OR t.last_used_at IS NULL) \
           AND COALESCE(t.last_used_at, t.created_at) < $9"
    };
}

macro_rules! list {
    ($order:expr) => {
        concat!(
            "SELECT t.id, t.organization_id, t.user_id, t.session_id, t.kind, t.name, t.prefix, t.last4, t.created_at, \
             t.expires_at, t.ended_at, t.end_reason, t.created_address, t.created_client, t.last_used_at, \
             t.last_used_address, t.last_used_client ",
            condition!(),
            " ORDER BY ",
            $order,
            " LIMIT $10 OFFSET $11"
        )
    };
}

/// Both ways of an order; of what is equal, the one that was made earlier is before.
macro_rules! both_ways {
    ($descending:expr, $by:literal) => {
        if $descending {
            list!(concat!($by, " DESC, t.created_at DESC, t.id DESC"))
        } else {
            list!(concat!($by, ", t.created_at, t.id"))
        }
    };
}

const COUNT: &str = concat!(
    "SELECT COUNT(*) FROM (SELECT 1 ",
    condition!(),
    " LIMIT $10) AS found"
);

/// By what a list of tokens is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenOrder {
    /// When it was made.
    #[default]
    Created,
    /// When it was last used; those that never were come first.
    Used,
    /// When it ends.
    Ends,
    /// The owner's name, whatever its case.
    Owner,
    /// Its name, or else how to recognise it, whatever its case.
    Name,
}

impl TokenOrder {
    const fn statement(self, descending: bool) -> &'static str {
        match self {
            Self::Created if descending => list!("t.created_at DESC, t.id DESC"),
            Self::Created => list!("t.created_at, t.id"),
            Self::Used => both_ways!(descending, "COALESCE(t.last_used_at, 0)"),
            Self::Ends => both_ways!(descending, "t.expires_at"),
            Self::Owner => both_ways!(descending, "m.name_folded"),
            Self::Name => both_ways!(
                descending,
                "CASE WHEN t.name = '' THEN lower(t.prefix || '…' || t.last4) ELSE t.name_folded END"
            ),
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
    /// Not since this moment, and made before it: a younger one could not have been used for as long.
    Since(Timestamp),
}

/// Which tokens to list. Empty and absent filters let everything through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFilter {
    /// Those that had not ended by then.
    pub since: Timestamp,
    /// The moment at which they are live or not.
    pub now: Timestamp,
    /// With this in their name, their owner's or their last four, whatever its case.
    pub search: String,
    /// Live, or ended.
    pub live: Option<bool>,
    /// Made like this.
    pub kind: Option<TokenKind>,
    /// Made before then.
    pub made_before: Option<Timestamp>,
    /// Not used like this.
    pub unused: Unused,
    /// In this order.
    pub order: TokenOrder,
    /// The other way round.
    pub descending: bool,
}

/// Binds the nine values of the condition.
macro_rules! filtered {
    ($query:expr, $organization_id:expr, $filter:expr) => {{
        let filter: &TokenFilter = $filter;
        let search = NameFilter::containing(&filter.search);
        let state = match filter.live {
            None => "",
            Some(true) => "live",
            Some(false) => "ended",
        };
        let (never, unused_since) = match filter.unused {
            Unused::Any => (false, i64::MAX),
            Unused::Never => (true, i64::MAX),
            Unused::Since(moment) => (false, moment.as_micros()),
        };
        $query
            .bind($organization_id.to_string())
            .bind(filter.since.as_micros())
            .bind(filter.now.as_micros())
            .bind(search.pattern())
            .bind(state)
            .bind(filter.kind.map(TokenKind::label).unwrap_or_default())
            .bind(filter.made_before.map_or(i64::MAX, Timestamp::as_micros))
            .bind(never)
            .bind(unused_since)
    }};
}

impl Conn {
    /// A page of all users' tokens that the filter lets through, and how many there are, [`limits::PAGE_OBJECTS`] at
    /// most.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn page_tokens(
        &mut self,
        organization_id: OrganizationId,
        filter: &TokenFilter,
        page: OffsetPage,
    ) -> Result<Page<Token>, StoreError> {
        let statement = filter.order.statement(filter.descending);
        let (count, rows) = page_of!(self, page, COUNT, statement, Row, |query| filtered!(
            query,
            organization_id,
            filter
        ));
        Ok(Page {
            count,
            results: tokens_of(rows)?,
        })
    }
}
