//! The list of org tokens as its page asks for it: searched, filtered, ordered, paged and counted in one statement each,
//! without what the reader may not see. For that a token is noted beside itself: in columns of lower case, and in table
//! `org_token_reader`.

use domain::{
    objects::permissions::{Effective, Principal},
    platform::{
        document::Document,
        id::OrganizationId,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
};

use crate::{
    objects::object_list::{NameFilter, Reader},
    platform::{
        dialect::{on, page::page_of},
        error::StoreError,
        transaction::Conn,
    },
    tokens::org_token::{OrgToken, Row},
};

const NOTE: &str = "UPDATE org_token SET name_folded = $2, description_folded = $3, updated_by_folded = $4 WHERE id = $1";
const FORGET_READERS: &str = "DELETE FROM org_token_reader WHERE org_token_id = $1";
const NOTE_READER: &str = "INSERT INTO org_token_reader (org_token_id, principal_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";

/// The state of an org token at `$4`, as `OrgTokenEnds::state_at` decides it: the first cause wins.
macro_rules! state {
    ($disabled:literal, $expired:literal, $live:literal) => {
        concat!(
            "CASE WHEN disabled AND (expires_at > $4 OR COALESCE(disabled_at, updated_at) < expires_at) THEN ",
            $disabled,
            " WHEN expires_at <= $4 THEN ",
            $expired,
            " ELSE ",
            $live,
            " END"
        )
    };
}

/// Each filter is a value to compare with, or one that lets everything through: one condition for every combination.
macro_rules! condition {
    () => {
        concat!("WHERE organization_id = $1 \
           AND ($2 = '' OR name_folded LIKE $2 ESCAPE '!' OR description_folded LIKE $2 ESCAPE '!') \
           AND ($3 = '' OR $3 = ",
            state!("'disabled'", "'expired'", "'live'"),
            ") \
           AND expires_at < $5 \
           AND ($6 OR EXISTS (SELECT 1 FROM org_token_reader r WHERE r.org_token_id = org_token.id \
                AND (r.principal_id = $1 OR r.principal_id = $7 \
                     OR r.principal_id IN (SELECT m.team_id FROM team_member m WHERE m.user_id = $7))))")
    };
}

macro_rules! list {
    ($order:expr) => {
        concat!(
            "SELECT id, organization_id, name, auth_scopes, role, disabled, disabled_at, document, acl, expires_at, rotated_at, \
             created_at, created_via, updated_at, updated_via FROM org_token ",
            condition!(),
            " ORDER BY ",
            $order,
            " LIMIT $8 OFFSET $9"
        )
    };
}

/// Both ways of an order; what is equal is in the order of names.
macro_rules! both_ways {
    ($descending:expr, $by:expr) => {
        if $descending {
            list!(concat!($by, " DESC, name_folded DESC, name DESC"))
        } else {
            list!(concat!($by, ", name_folded, name"))
        }
    };
}

const COUNT: &str = concat!(
    "SELECT COUNT(*) FROM (SELECT 1 FROM org_token ",
    condition!(),
    " LIMIT $8) AS found"
);

/// By what a list of org tokens is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrgTokenOrder {
    /// The name, whatever its case; it is unique as it is written.
    #[default]
    Name,
    /// The state: disabled, expired, live.
    State,
    /// When it ends.
    Ends,
    /// The last change.
    Updated,
    /// Who changed it last, by name.
    Updater,
}

impl OrgTokenOrder {
    const fn statement(self, descending: bool) -> &'static str {
        match self {
            Self::Name if descending => list!("name_folded DESC, name DESC"),
            Self::Name => list!("name_folded, name"),
            Self::State => both_ways!(descending, state!("0", "1", "2")),
            Self::Ends => both_ways!(descending, "expires_at"),
            Self::Updated => both_ways!(descending, "updated_at"),
            Self::Updater => both_ways!(descending, "updated_by_folded"),
        }
    }
}

/// The state a list of org tokens is filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgTokenState {
    /// It works.
    Live,
    /// It works, and ends before this moment.
    LiveUntil(Timestamp),
    /// It is refused for the time being.
    Disabled,
    /// Its time is over.
    Expired,
}

/// Which org tokens to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgTokenFilter {
    /// Seen by whom.
    pub reader: Reader,
    /// The moment at which they are in a state.
    pub now: Timestamp,
    /// With this in their name or description, whatever its case; empty for any.
    pub search: String,
    /// In this state.
    pub state: Option<OrgTokenState>,
    /// In this order.
    pub order: OrgTokenOrder,
    /// The other way round.
    pub descending: bool,
}

/// Binds the seven values of the condition.
macro_rules! filtered {
    ($query:expr, $organization_id:expr, $filter:expr) => {{
        let filter: &OrgTokenFilter = $filter;
        let search = NameFilter::containing(&filter.search);
        let (state, ends_before) = match filter.state {
            None => ("", i64::MAX),
            Some(OrgTokenState::Live) => ("live", i64::MAX),
            Some(OrgTokenState::LiveUntil(moment)) => ("live", moment.as_micros()),
            Some(OrgTokenState::Disabled) => ("disabled", i64::MAX),
            Some(OrgTokenState::Expired) => ("expired", i64::MAX),
        };
        let (everything, user_id) = filter.reader.values();
        $query
            .bind($organization_id.to_string())
            .bind(search.pattern())
            .bind(state)
            .bind(filter.now.as_micros())
            .bind(ends_before)
            .bind(everything)
            .bind(user_id)
    }};
}

impl Conn {
    /// A page of the org tokens that the filter lets through, and how many there are, [`limits::PAGE_OBJECTS`] at most.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn page_org_tokens(
        &mut self,
        organization_id: OrganizationId,
        filter: &OrgTokenFilter,
        page: OffsetPage,
    ) -> Result<Page<OrgToken>, StoreError> {
        let statement = filter.order.statement(filter.descending);
        let (count, rows) = page_of!(self, page, COUNT, statement, Row, |query| filtered!(
            query,
            organization_id,
            filter
        ));
        Ok(Page {
            count,
            results: rows
                .into_iter()
                .map(OrgToken::try_from)
                .collect::<Result<_, _>>()?,
        })
    }

    /// Notes what lists find a token by: with every change of it.
    pub(crate) async fn note_listed(&mut self, token: &OrgToken) -> Result<(), StoreError> {
        let id = token.id.to_string();
        on!(self, c => sqlx::query(NOTE)
            .bind(&id)
            .bind(token.name.to_lowercase())
            .bind(description_of(&token.document).to_lowercase())
            .bind(token.updated.by.actor_name.to_lowercase())
            .execute(c)
            .await
            .map(drop))?;
        on!(self, c => sqlx::query(FORGET_READERS).bind(&id).execute(c).await.map(drop))?;
        for principal in readers_of(token) {
            on!(self, c => sqlx::query(NOTE_READER)
                .bind(&id)
                .bind(principal.id().to_string())
                .execute(c)
                .await
                .map(drop))?;
        }
        Ok(())
    }
}

fn description_of(document: &Document) -> &str {
    let description = document.get("description");
    description
        .and_then(|text| text.as_str())
        .unwrap_or_default()
}

/// Who but administrators may see a token.
fn readers_of(token: &OrgToken) -> Vec<Principal> {
    let Some(entries) = &token.acl else {
        return Vec::new();
    };
    let protection = domain::objects::permissions::Protection::Entries(entries.clone());
    let readers = Effective::of(token.organization_id, &protection).readers();
    readers.unwrap_or_else(|| vec![Principal::Organization(token.organization_id)])
}
