//! The list of the org tokens that a reader may see: searched, filtered, ordered, paged and counted.
//!
//! [`index`] stores what the list searches: columns in lower case, and the readers of a token in `org_token_reader`.

use domain::{
    objects::permissions::{Effective, Principal, Protection},
    platform::{
        document::Document,
        id::OrganizationId,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
        visible::folded,
    },
};

use super::org_token::{OrgToken, columns};
use crate::{
    identity::reader::Reader,
    platform::{
        Conn, Housekeeping, NameFilter, NarrowedList, Selection, Sql, StoreError, Value,
        containing, counted, counted_narrowed, directed, listed_narrowed, ordered, statements,
        values,
    },
};

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

/// Each filter is a value to compare with, or one that passes every token: one condition for every combination.
/// Without a filter by expiry there is no range condition on it, because the database would use the index on expiry for
/// lists in another order.
macro_rules! condition {
    ($visible:literal) => {
        concat!(
            "organization_id = $1 \
               AND ($2 = '' OR name_folded LIKE $2 ESCAPE '!' OR description_folded LIKE $2 ESCAPE '!') \
               AND ($3 = '' OR $3 = ",
            state!("'disabled'", "'expired'", "'live'"),
            ") AND ($5 = 9223372036854775807 OR expires_at < $5) AND ($8 = '' OR name_folded LIKE $8 ESCAPE '!') AND ",
            $visible
        )
    };
}

/// The tokens for a reader of all tokens.
macro_rules! all {
    () => {
        condition!("($6 OR $7 = '')")
    };
}

/// The tokens that a reader may see. A statement of its own, with a join that starts from the few tokens that list the
/// reader.
macro_rules! readable {
    () => {
        concat!(
            "FROM (SELECT DISTINCT r.org_token_id FROM org_token_reader r WHERE r.principal_id IN ($1, $7) \
              OR r.principal_id IN (SELECT m.team_id FROM team_member m WHERE m.user_id = $7)) AS seen \
             CROSS JOIN org_token WHERE ",
            condition!("NOT $6 AND id = seen.org_token_id")
        )
    };
}

/// All tokens by a column, then by name.
macro_rules! by {
    ($column:expr) => {
        by!(
            concat!($column, ", name_folded, name"),
            concat!($column, " DESC, name_folded DESC, name DESC")
        )
    };
    ($ascending:expr, $descending:expr) => {
        listed_narrowed!(
            columns!(),
            "org_token",
            all!(),
            [$ascending, $descending],
            "$9",
            "$10",
            "$11"
        )
    };
}

/// The tokens that a reader may see, by a column, then by name.
macro_rules! readable_by {
    ($column:expr) => {
        readable_by!(
            concat!($column, ", name_folded, name"),
            concat!($column, " DESC, name_folded DESC, name DESC")
        )
    };
    ($ascending:expr, $descending:expr) => {
        ordered!(
            columns!(),
            readable!(),
            [$ascending, $descending],
            "$9",
            "$10"
        )
    };
}

statements! {
    const COUNT: [Sql; 2] = counted_narrowed!("org_token", all!(), "$9", "$10");
    const BY_NAME: [Sql; 4] = by!("name_folded, name", "name_folded DESC, name DESC");
    const BY_EXACT_NAME: [Sql; 4] = by!("name", "name DESC");
    const BY_STATE: [Sql; 4] = by!(state!("0", "1", "2"));
    const BY_END: [Sql; 4] = by!("expires_at");
    const BY_CREATION: [Sql; 4] = by!("created_at");
    const BY_UPDATE: [Sql; 4] = by!("updated_at");
    const BY_UPDATER: [Sql; 4] = by!("updated_by_folded");
    const COUNT_READABLE: Sql = counted!(readable!(), "$9");
    const READABLE_BY_NAME: [Sql; 2] = readable_by!("name_folded, name", "name_folded DESC, name DESC");
    const READABLE_BY_EXACT_NAME: [Sql; 2] = readable_by!("name", "name DESC");
    const READABLE_BY_STATE: [Sql; 2] = readable_by!(state!("0", "1", "2"));
    const READABLE_BY_END: [Sql; 2] = readable_by!("expires_at");
    const READABLE_BY_CREATION: [Sql; 2] = readable_by!("created_at");
    const READABLE_BY_UPDATE: [Sql; 2] = readable_by!("updated_at");
    const READABLE_BY_UPDATER: [Sql; 2] = readable_by!("updated_by_folded");
    const WITH_TEXT: Sql = containing!("org_token", "name_folded", "description_folded");
    const DISABLED: Sql = "SELECT id FROM org_token WHERE organization_id = $1 AND disabled LIMIT $2";
    const ENDING: Sql = "SELECT id FROM org_token \
        WHERE organization_id = $1 AND expires_at > $2 AND expires_at <= $3 LIMIT $4";
    const UNINDEXED: Sql = concat!("SELECT ", columns!(), " FROM org_token WHERE name_folded IS NULL LIMIT $1");
    const FOLD: Sql = "UPDATE org_token SET name_folded = $2, description_folded = $3, updated_by_folded = $4 \
        WHERE id = $1";
    const DELETE_READERS: Sql = "DELETE FROM org_token_reader WHERE org_token_id = $1";
    const INSERT_READER: Sql = "INSERT INTO org_token_reader (org_token_id, principal_id) VALUES ($1, $2) \
        ON CONFLICT DO NOTHING";
}

/// What a list of org tokens is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrgTokenOrder {
    /// The name, ignoring case.
    #[default]
    Name,
    /// The name as the database compares texts.
    ExactName,
    /// The state: disabled, expired, live.
    State,
    /// When it expires.
    Ends,
    /// The creation.
    Created,
    /// The last update.
    Updated,
    /// Who updated it last, by name.
    Updater,
}

impl OrgTokenOrder {
    /// The lists of all tokens.
    const fn all(self) -> [Sql; 4] {
        match self {
            Self::Name => BY_NAME,
            Self::ExactName => BY_EXACT_NAME,
            Self::State => BY_STATE,
            Self::Ends => BY_END,
            Self::Created => BY_CREATION,
            Self::Updated => BY_UPDATE,
            Self::Updater => BY_UPDATER,
        }
    }

    /// The lists of the tokens that a reader may see.
    const fn readable(self) -> [Sql; 2] {
        match self {
            Self::Name => READABLE_BY_NAME,
            Self::ExactName => READABLE_BY_EXACT_NAME,
            Self::State => READABLE_BY_STATE,
            Self::Ends => READABLE_BY_END,
            Self::Created => READABLE_BY_CREATION,
            Self::Updated => READABLE_BY_UPDATE,
            Self::Updater => READABLE_BY_UPDATER,
        }
    }
}

/// The state that a list of org tokens is filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgTokenState {
    /// Neither disabled nor expired.
    Live,
    /// Live, and expires before this time.
    LiveUntil(Timestamp),
    /// Disabled.
    Disabled,
    /// Expired.
    Expired,
}

/// A filter on org tokens. All given conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgTokenFilter {
    /// Visible to this reader.
    pub reader: Reader,
    /// The time of the query, which decides their state.
    pub now: Timestamp,
    /// With this text in their name or description, ignoring case; empty for any.
    pub search: String,
    /// With this text in their name, ignoring case; empty for any.
    pub name: String,
    /// In this state.
    pub state: Option<OrgTokenState>,
    /// In this order.
    pub order: OrgTokenOrder,
    /// In the reverse order.
    pub descending: bool,
}

impl OrgTokenFilter {
    /// The eight values of the condition.
    fn values(&self, organization_id: OrganizationId) -> Vec<Value<'_>> {
        let (state, ends_before) = match self.state {
            None => ("", i64::MAX),
            Some(OrgTokenState::Live) => ("live", i64::MAX),
            Some(OrgTokenState::LiveUntil(at)) => ("live", at.as_micros()),
            Some(OrgTokenState::Disabled) => ("disabled", i64::MAX),
            Some(OrgTokenState::Expired) => ("expired", i64::MAX),
        };
        let (is_unrestricted, user_id) = self.reader.values();
        values![
            organization_id,
            NameFilter::containing(&self.search).pattern(),
            state,
            self.now,
            ends_before,
            is_unrestricted,
            user_id,
            NameFilter::containing(&self.name).pattern(),
        ]
    }

    /// What can select few tokens.
    fn selections(&self, organization_id: OrganizationId) -> Vec<Selection<'_>> {
        let search = Selection::of_text(WITH_TEXT, &self.search);
        let name = Selection::of_text(WITH_TEXT, &self.name);
        let ending = |after, until| Selection::new(ENDING, values![organization_id, after, until]);
        let now = self.now.as_micros();
        let state = self.state.and_then(|state| match state {
            // Most tokens are.
            OrgTokenState::Live => None,
            OrgTokenState::LiveUntil(at) => Some(ending(now, at.as_micros())),
            OrgTokenState::Disabled => Some(Selection::new(DISABLED, values![organization_id])),
            OrgTokenState::Expired => Some(ending(i64::MIN, now)),
        });
        [search, name, state].into_iter().flatten().collect()
    }
}

impl Conn {
    /// A page of the matching org tokens, and their number, at most [`limits::PAGE_OBJECTS`].
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    ///
    /// [`limits::PAGE_OBJECTS`]: domain::platform::limits::PAGE_OBJECTS
    pub async fn page_org_tokens(
        &mut self,
        organization_id: OrganizationId,
        filter: &OrgTokenFilter,
        page: OffsetPage,
    ) -> Result<Page<OrgToken>, StoreError> {
        let values = filter.values(organization_id);
        match filter.reader {
            Reader::Everything => {
                let list = NarrowedList::new(COUNT, filter.order.all(), filter.descending);
                let selections = filter.selections(organization_id);
                self.page_narrowed(list, values, selections, page).await
            }
            Reader::User(_) | Reader::Organization => {
                let list = directed(filter.order.readable(), filter.descending);
                self.page(COUNT_READABLE, list, values, page).await
            }
        }
    }
}

impl Housekeeping {
    /// Indexes org tokens that were stored before the index existed. Returns how many were indexed.
    pub(crate) async fn index_org_tokens(&mut self, limit: i64) -> Result<usize, StoreError> {
        let tokens = self.list::<OrgToken>(UNINDEXED, values![limit]).await?;
        for token in &tokens {
            index(self, token).await?;
        }
        Ok(tokens.len())
    }
}

/// Stores what the list searches. Every change of a token calls it.
pub(crate) async fn index(conn: &mut Conn, token: &OrgToken) -> Result<(), StoreError> {
    let values = values![
        token.id,
        folded(&token.name),
        folded(description_of(&token.document)),
        folded(&token.updated.by.actor_name),
    ];
    conn.execute(FOLD, values).await?;
    conn.execute(DELETE_READERS, values![token.id]).await?;
    for principal in readers_of(token) {
        let values = values![token.id, principal.id()];
        conn.execute(INSERT_READER, values).await?;
    }
    Ok(())
}

fn description_of(document: &Document) -> &str {
    let description = document.get("description");
    description
        .and_then(|text| text.as_str())
        .unwrap_or_default()
}

/// Who may see a token, besides administrators.
fn readers_of(token: &OrgToken) -> Vec<Principal> {
    let Some(entries) = &token.acl else {
        return Vec::new();
    };
    let protection = Protection::Entries(entries.clone());
    let readers = Effective::of(token.organization_id, &protection).readers();
    readers.unwrap_or_else(|| vec![Principal::Organization(token.organization_id)])
}
