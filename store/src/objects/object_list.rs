//! Lists of objects (docs/contract.md#lists): filtered, ordered, paged and counted in one statement each, without what
//! the caller may not read.

use domain::{
    audit::event::ObjectType,
    objects::object::{Object, state_label},
    platform::{
        id::{Id, OrganizationId},
        limits,
        page::{OffsetPage, Page},
    },
};

use crate::{
    objects::object::{Row, objects_of},
    platform::{dialect::page::page_of, error::StoreError, transaction::Conn},
};

/// Tags a list can be filtered by at once.
pub const LIST_TAGS: usize = 10;

/// Each filter is a value to compare with, or the empty text for any: one condition for every combination.
///
/// An object is left out when the one that decides is restricted and neither the user, nor one of their teams, nor the
/// organization is among its readers.
macro_rules! condition {
    () => {
        "WHERE o.organization_id = $1 AND o.kind = $2 \
           AND ($3 = '' OR o.name_folded LIKE $3 ESCAPE '!') \
           AND ($4 = '' OR o.parent_id = $4) \
           AND ($5 = '' OR o.id = (SELECT child.parent_id FROM object child WHERE child.id = $5)) \
           AND ($6 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'team' AND r.value = $6)) \
           AND ($7 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'shows' AND r.value = $7)) \
           AND ($8 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'tag' \
                AND r.value IN ($8, $9, $10, $11, $12, $13, $14, $15, $16, $17))) \
           AND ($20 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'type' AND r.value = $20)) \
           AND ($21 = '' OR o.created_by = $21) \
           AND ($22 = '' OR EXISTS (SELECT 1 FROM object_ref r WHERE r.object_id = o.id AND r.relation = 'state' AND r.value = $22)) \
           AND ($18 OR o.access_id IS NULL \
                OR NOT EXISTS (SELECT 1 FROM object a WHERE a.id = o.access_id AND a.restricted) \
                OR EXISTS (SELECT 1 FROM acl_entry e WHERE e.object_id = o.access_id \
                     AND (e.principal_id = $1 OR e.principal_id = $19 \
                          OR e.principal_id IN (SELECT m.team_id FROM team_member m WHERE m.user_id = $19))))"
    };
}

macro_rules! list {
    ($order:expr) => {
        concat!(
            "SELECT o.id, o.organization_id, o.kind, o.name, o.parent_id, o.protection, o.document, \
                    o.created_at, o.created_via, o.updated_at, o.updated_via FROM object o ",
            condition!(),
            " ORDER BY ",
            $order,
            " LIMIT $23 OFFSET $24"
        )
    };
}

macro_rules! least_reference {
    ($relation:literal, $direction:literal) => {
        concat!(
            "COALESCE((SELECT MIN(r.value) FROM object_ref r WHERE r.object_id = o.id AND r.relation = '",
            $relation,
            "'), '')",
            $direction,
            ", o.id",
            $direction
        )
    };
}

const COUNT: &str = concat!(
    "SELECT COUNT(*) FROM (SELECT 1 FROM object o ",
    condition!(),
    " LIMIT $23) AS found"
);

/// By what a list of objects is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ObjectOrder {
    /// The last change.
    #[default]
    Updated,
    /// When it was made.
    Created,
    /// The name, whatever its case.
    Name,
    /// Who made it.
    Creator,
    /// Who changed it last.
    Updater,
    /// The first of its tags.
    Tags,
    /// Its description, whatever its case; detectors only.
    Description,
}

impl ObjectOrder {
    /// The statement, so that the database can walk the index that fits. The id breaks ties: pages are stable.
    const fn statement(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::Updated, false) => list!("o.updated_at, o.id"),
            (Self::Updated, true) => list!("o.updated_at DESC, o.id DESC"),
            (Self::Created, false) => list!("o.created_at, o.id"),
            (Self::Created, true) => list!("o.created_at DESC, o.id DESC"),
            (Self::Name, false) => list!("o.name_folded, o.id"),
            (Self::Name, true) => list!("o.name_folded DESC, o.id DESC"),
            (Self::Creator, false) => list!("o.created_by, o.id"),
            (Self::Creator, true) => list!("o.created_by DESC, o.id DESC"),
            (Self::Updater, false) => list!("o.updated_by, o.id"),
            (Self::Updater, true) => list!("o.updated_by DESC, o.id DESC"),
            (Self::Tags, false) => list!(least_reference!("tag", "")),
            (Self::Tags, true) => list!(least_reference!("tag", " DESC")),
            (Self::Description, false) => list!(least_reference!("description", "")),
            (Self::Description, true) => list!(least_reference!("description", " DESC")),
        }
    }
}

/// As whom a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Somebody who sees everything: an administrator.
    Everything,
    /// A user, with the teams they are in now.
    User(Id),
    /// The organization: an org token.
    Organization,
}

impl Reader {
    /// Whether everything is read, and the id of the user who reads.
    pub(crate) fn values(self) -> (bool, String) {
        match self {
            Self::Everything => (true, String::new()),
            Self::User(id) => (false, id.to_string()),
            Self::Organization => (false, String::new()),
        }
    }
}

/// What a name has to be like, whatever its case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum NameFilter {
    /// Anything.
    #[default]
    Any,
    /// With this in it.
    Containing(String),
    /// All of it like this: `*` stands for any run of characters, `?` for one.
    Whole(String),
}

impl NameFilter {
    /// Longer than this, nothing is called; case changes the number of characters, threefold at most.
    const CHARACTERS: usize = 8 * limits::OBJECT_NAME_CHARACTERS;

    /// With this in it; anything, when it is empty.
    #[must_use]
    pub fn containing(text: &str) -> Self {
        match text {
            "" => Self::Any,
            text => Self::Containing(text.to_owned()),
        }
    }

    /// As LIKE takes it, the signs of a pattern made harmless; empty for any name.
    pub(crate) fn pattern(&self) -> String {
        let mut pattern = String::new();
        match self {
            Self::Any => {}
            Self::Containing(text) => {
                pattern.push('%');
                for character in text.to_lowercase().chars().take(Self::CHARACTERS) {
                    push_literal(&mut pattern, character);
                }
                pattern.push('%');
            }
            Self::Whole(text) => {
                let folded = text.to_lowercase();
                let mut characters: Vec<char> = folded.chars().collect();
                characters.dedup_by(|next, before| *next == '*' && *before == '*');
                for character in characters.into_iter().take(Self::CHARACTERS) {
                    match character {
                        '*' => pattern.push('%'),
                        '?' => pattern.push('_'),
                        literal => push_literal(&mut pattern, literal),
                    }
                }
            }
        }
        pattern
    }
}

fn push_literal(pattern: &mut String, character: char) {
    if "%_!".contains(character) {
        pattern.push('!');
    }
    pattern.push(character);
}

/// Which objects to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectFilter {
    /// Of this organization.
    pub organization_id: OrganizationId,
    /// Of this kind.
    pub kind: ObjectType,
    /// With a name like this.
    pub name: NameFilter,
    /// Of this type, among integrations; empty for any.
    pub type_name: String,
    /// Belonging to this object.
    pub parent_id: Option<Id>,
    /// To which this one belongs: the dashboard of a chart.
    pub child_id: Option<Id>,
    /// Linked to this team.
    pub team_id: Option<Id>,
    /// Showing this dashboard.
    pub dashboard_id: Option<Id>,
    /// With one of these tags; those after the [`LIST_TAGS`]th are ignored, and none is any.
    pub tags: Vec<String>,
    /// Made by them.
    pub creator_id: Option<Id>,
    /// Enabled, or disabled, among integrations.
    pub enabled: Option<bool>,
    /// Readable by whom.
    pub reader: Reader,
    /// In this order.
    pub order: ObjectOrder,
    /// The other way round.
    pub descending: bool,
}

impl ObjectFilter {
    /// All objects of a kind that a reader may see.
    #[must_use]
    pub const fn all(organization_id: OrganizationId, kind: ObjectType, reader: Reader) -> Self {
        Self {
            organization_id,
            kind,
            name: NameFilter::Any,
            type_name: String::new(),
            parent_id: None,
            child_id: None,
            team_id: None,
            dashboard_id: None,
            tags: Vec::new(),
            creator_id: None,
            enabled: None,
            reader,
            order: ObjectOrder::Updated,
            descending: false,
        }
    }
}

/// Binds the twenty-two values of the condition.
macro_rules! filtered {
    ($query:expr, $filter:expr) => {{
        let filter: &ObjectFilter = $filter;
        let text = |id: Option<Id>| id.map(|id| id.to_string()).unwrap_or_default();
        let (everything, user_id) = filter.reader.values();
        let mut query = $query
            .bind(filter.organization_id.to_string())
            .bind(filter.kind.label())
            .bind(filter.name.pattern())
            .bind(text(filter.parent_id))
            .bind(text(filter.child_id))
            .bind(text(filter.team_id))
            .bind(text(filter.dashboard_id));
        for place in 0..LIST_TAGS {
            query = query.bind(filter.tags.get(place).cloned().unwrap_or_default());
        }
        query
            .bind(everything)
            .bind(user_id)
            .bind(&filter.type_name)
            .bind(text(filter.creator_id))
            .bind(filter.enabled.map(state_label).unwrap_or_default())
    }};
}

impl Conn {
    /// A page of the objects the filter lets through, and how many there are, [`limits::PAGE_OBJECTS`] at most.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_objects(
        &mut self,
        filter: &ObjectFilter,
        page: OffsetPage,
    ) -> Result<Page<Object>, StoreError> {
        let statement = filter.order.statement(filter.descending);
        let (count, rows) = page_of!(self, page, COUNT, statement, Row, |query| filtered!(
            query, filter
        ));
        Ok(Page {
            count,
            results: objects_of(rows)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signs_of_a_pattern_are_harmless() {
        let check = |filter: NameFilter, pattern: &str| assert_eq!(filter.pattern(), pattern);
        let containing = |text: &str| NameFilter::Containing(text.to_owned());
        let whole = |text: &str| NameFilter::Whole(text.to_owned());
        check(NameFilter::Any, "");
        check(containing("CPU"), "%cpu%");
        check(containing("50%_!*"), "%50!%!_!!*%");
        check(whole("PD primary"), "pd primary");
        check(whole("P?_**%"), "p_!_%!%");
    }
}
