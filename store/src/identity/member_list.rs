//! The list of members: searched, filtered, ordered, paged and counted.

use domain::platform::{
    id::OrganizationId,
    page::{OffsetPage, Page},
};

use super::member::{Member, columns};
use crate::platform::{
    Conn, Housekeeping, NameFilter, Sql, StoreError, Value, counted, directed, ordered, statements,
    values,
};

/// Each filter is a value to compare with, or the empty text for any: one condition for every combination.
macro_rules! filtered {
    () => {
        "FROM member WHERE organization_id = $1 AND removed_at IS NULL \
           AND ($2 = '' OR name_folded LIKE $2 ESCAPE '!' OR email LIKE $2 ESCAPE '!') \
           AND ($3 = '' OR (',' || roles || ',') LIKE $3 ESCAPE '!') \
           AND ($4 = '' OR ($4 = 'disabled') = (disabled_at IS NOT NULL))"
    };
}

macro_rules! by {
    ($ascending:literal, $descending:literal) => {
        ordered!(
            columns!(),
            filtered!(),
            [$ascending, $descending],
            "$5",
            "$6"
        )
    };
}

statements! {
    const COUNT: Sql = counted!(filtered!(), "$5");
    const BY_NAME: [Sql; 2] =
        by!("name_folded, full_name, id", "name_folded DESC, full_name DESC, id DESC");
    const BY_EMAIL: [Sql; 2] = by!("email, id", "email DESC, id DESC");
    const BY_STATE: [Sql; 2] = by!(
        "(disabled_at IS NOT NULL), name_folded, full_name, id",
        "(disabled_at IS NOT NULL) DESC, name_folded DESC, full_name DESC, id DESC"
    );
    const BY_CREATION: [Sql; 2] = by!("created_at, id", "created_at DESC, id DESC");
    const BY_UPDATE: [Sql; 2] = by!("updated_at, id", "updated_at DESC, id DESC");
    const UNFOLDED: Sql = "SELECT id, full_name FROM member WHERE name_folded IS NULL LIMIT $1";
    const FOLD: Sql = "UPDATE member SET name_folded = $2 WHERE id = $1";
}

/// What a list of members is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberOrder {
    /// The name, ignoring case.
    #[default]
    Name,
    /// The email address.
    Email,
    /// Enabled members, then disabled ones; each by name.
    State,
    /// When they became a member.
    Created,
    /// The last update.
    Updated,
}

impl MemberOrder {
    const fn list(self) -> [Sql; 2] {
        match self {
            Self::Name => BY_NAME,
            Self::Email => BY_EMAIL,
            Self::State => BY_STATE,
            Self::Created => BY_CREATION,
            Self::Updated => BY_UPDATE,
        }
    }
}

/// Which members to list. Empty and absent filters pass every member.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberFilter {
    /// With this text in their name or address, ignoring case.
    pub search: String,
    /// With the role of this title.
    pub role: String,
    /// Disabled, or not.
    pub disabled: Option<bool>,
    /// In this order.
    pub order: MemberOrder,
    /// In the reverse order.
    pub descending: bool,
}

impl MemberFilter {
    /// The four values of the condition.
    fn values(&self, organization_id: OrganizationId) -> Vec<Value<'_>> {
        let state = match self.disabled {
            None => "",
            Some(true) => "disabled",
            Some(false) => "active",
        };
        let search = NameFilter::containing(&self.search).pattern();
        values![organization_id, search, self.role_pattern(), state]
    }

    /// The LIKE pattern that finds the role among the titles of a member, each between commas.
    fn role_pattern(&self) -> String {
        match self.role.as_str() {
            "" => String::new(),
            role => NameFilter::Containing(format!(",{role},")).pattern(),
        }
    }
}

impl Conn {
    /// A page of the matching members, and their number, at most [`limits::PAGE_OBJECTS`].
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    ///
    /// [`limits::PAGE_OBJECTS`]: domain::platform::limits::PAGE_OBJECTS
    pub async fn page_members(
        &mut self,
        organization_id: OrganizationId,
        filter: &MemberFilter,
        page: OffsetPage,
    ) -> Result<Page<Member>, StoreError> {
        let list = directed(filter.order.list(), filter.descending);
        let values = filter.values(organization_id);
        self.page(COUNT, list, values, page).await
    }
}

impl Housekeeping {
    /// Fills the folded name of members that were stored before the column existed. Returns how many were filled.
    pub(crate) async fn fold_member_names(&mut self, limit: i64) -> Result<usize, StoreError> {
        self.fold_names(UNFOLDED, FOLD, limit).await
    }
}
