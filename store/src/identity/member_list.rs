//! The list of members: searched, filtered, ordered, paged and counted.

use domain::platform::{
    id::OrganizationId,
    page::{OffsetPage, Page},
};

use super::member::{Member, columns};
use crate::platform::{
    Conn, Housekeeping, NameFilter, NarrowedList, Selection, Sql, StoreError, Value, containing,
    counted_narrowed, listed_narrowed, statements, values,
};

/// Each filter is a value to compare with, or the empty text for any: one condition for every combination.
macro_rules! condition {
    () => {
        "organization_id = $1 AND removed_at IS NULL \
           AND ($2 = '' OR name_folded LIKE $2 ESCAPE '!' OR email LIKE $2 ESCAPE '!') \
           AND ($3 = '' OR (',' || roles || ',') LIKE $3 ESCAPE '!') \
           AND ($4 = '' OR ($4 = 'disabled') = (disabled_at IS NOT NULL))"
    };
}

macro_rules! by {
    ($ascending:literal, $descending:literal) => {
        listed_narrowed!(
            columns!(),
            "member",
            condition!(),
            [$ascending, $descending],
            "$5",
            "$6",
            "$7"
        )
    };
}

statements! {
    const COUNT: [Sql; 2] = counted_narrowed!("member", condition!(), "$5", "$6");
    const WITH_TEXT: Sql = containing!("member", "name_folded", "email");
    const WITH_ROLE: Sql = containing!("member", "roles");
    const DISABLED: Sql = "SELECT id FROM member WHERE organization_id = $1 AND disabled_at IS NOT NULL \
        AND removed_at IS NULL LIMIT $2";
    const BY_NAME: [Sql; 4] =
        by!("name_folded, full_name, id", "name_folded DESC, full_name DESC, id DESC");
    const BY_EMAIL: [Sql; 4] = by!("email, id", "email DESC, id DESC");
    const BY_STATE: [Sql; 4] = by!(
        "(disabled_at IS NOT NULL), name_folded, full_name, id",
        "(disabled_at IS NOT NULL) DESC, name_folded DESC, full_name DESC, id DESC"
    );
    const BY_CREATION: [Sql; 4] = by!("created_at, id", "created_at DESC, id DESC");
    const BY_UPDATE: [Sql; 4] = by!("updated_at, id", "updated_at DESC, id DESC");
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
    const fn list(self) -> [Sql; 4] {
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
        let role = NameFilter::containing(&self.role_between_commas()).pattern();
        values![organization_id, search, role, state]
    }

    /// The role as it stands among the titles of a member; empty for any.
    fn role_between_commas(&self) -> String {
        match self.role.as_str() {
            "" => String::new(),
            role => format!(",{role},"),
        }
    }

    /// What can select few members.
    fn selections(&self, organization_id: OrganizationId) -> Vec<Selection<'_>> {
        let text = Selection::of_text(WITH_TEXT, &self.search);
        let role = Selection::of_text(WITH_ROLE, &self.role_between_commas());
        let disabled = (self.disabled == Some(true))
            .then(|| Selection::new(DISABLED, values![organization_id]));
        [text, role, disabled].into_iter().flatten().collect()
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
        let list = NarrowedList::new(COUNT, filter.order.list(), filter.descending);
        let values = filter.values(organization_id);
        let selections = filter.selections(organization_id);
        self.page_narrowed(list, values, selections, page).await
    }
}

impl Housekeeping {
    /// Fills the folded name of members that were stored before the column existed. Returns how many were filled.
    pub(crate) async fn fold_member_names(&mut self, limit: i64) -> Result<usize, StoreError> {
        self.fold_names(UNFOLDED, FOLD, limit).await
    }
}
