//! The list of members as its page asks for it: searched, filtered, ordered, paged and counted in one statement each.

use domain::platform::{
    id::OrganizationId,
    page::{OffsetPage, Page},
};

use crate::{
    identity::member::{Member, Row},
    objects::object_list::NameFilter,
    platform::{dialect::page::page_of, error::StoreError, transaction::Conn},
};

/// Each filter is a value to compare with, or the empty text for any: one condition for every combination.
macro_rules! condition {
    () => {
        "WHERE organization_id = $1 AND removed_at IS NULL \
           AND ($2 = '' OR name_folded LIKE $2 ESCAPE '!' OR email LIKE $2 ESCAPE '!') \
           AND ($3 = '' OR (',' || roles || ',') LIKE $3 ESCAPE '!') \
           AND ($4 = '' OR ($4 = 'disabled') = (disabled_at IS NOT NULL))"
    };
}

macro_rules! list {
    ($order:literal) => {
        concat!(
            "SELECT id, persona_id, organization_id, email, full_name, title, phone, roles, password_hash, \
             created_at, created_by, updated_at, updated_by, disabled_at, removed_at FROM member ",
            condition!(),
            " ORDER BY ",
            $order,
            " LIMIT $5 OFFSET $6"
        )
    };
}

const COUNT: &str = concat!(
    "SELECT COUNT(*) FROM (SELECT 1 FROM member ",
    condition!(),
    " LIMIT $5) AS found"
);

/// By what a list of members is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberOrder {
    /// The name, whatever its case.
    #[default]
    Name,
    /// The mail address.
    Email,
    /// Those who can act, then the others; each by name.
    State,
    /// When they became a member.
    Created,
    /// The last change.
    Updated,
}

impl MemberOrder {
    /// The statement, so that the database can walk the index that fits. The id breaks ties: pages are stable.
    const fn statement(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::Name, false) => list!("name_folded, full_name, id"),
            (Self::Name, true) => list!("name_folded DESC, full_name DESC, id DESC"),
            (Self::Email, false) => list!("email, id"),
            (Self::Email, true) => list!("email DESC, id DESC"),
            (Self::State, false) => list!("disabled_at IS NOT NULL, name_folded, full_name, id"),
            (Self::State, true) => {
                list!("disabled_at IS NULL, name_folded DESC, full_name DESC, id DESC")
            }
            (Self::Created, false) => list!("created_at, id"),
            (Self::Created, true) => list!("created_at DESC, id DESC"),
            (Self::Updated, false) => list!("updated_at, id"),
            (Self::Updated, true) => list!("updated_at DESC, id DESC"),
        }
    }
}

/// Which members to list. Empty and absent filters let everybody through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberFilter {
    /// With this in their name or address, whatever its case.
    pub search: String,
    /// With the role of this title.
    pub role: String,
    /// Disabled, or not.
    pub disabled: Option<bool>,
    /// In this order.
    pub order: MemberOrder,
    /// The other way round.
    pub descending: bool,
}

impl MemberFilter {
    /// The role as LIKE finds it among the titles somebody has, a comma on either side of each.
    fn role_pattern(&self) -> String {
        match self.role.as_str() {
            "" => String::new(),
            role => NameFilter::Containing(format!(",{role},")).pattern(),
        }
    }
}

/// Binds the four values of the condition.
macro_rules! filtered {
    ($query:expr, $organization_id:expr, $filter:expr) => {{
        let filter: &MemberFilter = $filter;
        let search = NameFilter::containing(&filter.search);
        let state = match filter.disabled {
            None => "",
            Some(true) => "disabled",
            Some(false) => "active",
        };
        $query
            .bind($organization_id.to_string())
            .bind(search.pattern())
            .bind(filter.role_pattern())
            .bind(state)
    }};
}

impl Conn {
    /// A page of the present members that the filter lets through, and how many there are, [`limits::PAGE_OBJECTS`] at
    /// most.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn page_members(
        &mut self,
        organization_id: OrganizationId,
        filter: &MemberFilter,
        page: OffsetPage,
    ) -> Result<Page<Member>, StoreError> {
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
                .map(Member::try_from)
                .collect::<Result<_, _>>()?,
        })
    }
}
