//! The filter and the order of lists of objects.

use domain::{
    audit::event::ObjectType,
    objects::object::state_label,
    platform::{
        id::{Id, OrganizationId},
        limits,
    },
};

use crate::{
    identity::reader::Reader,
    platform::{NameFilter, Value, values},
};

/// What a list of objects is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ObjectOrder {
    /// The last update.
    #[default]
    Updated,
    /// The creation.
    Created,
    /// The name, ignoring case.
    Name,
    /// Who created it.
    Creator,
    /// Who updated it last.
    Updater,
    /// The first of its tags.
    Tags,
    /// The description, ignoring case; detectors only.
    Description,
}

/// A filter on objects. All given conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectFilter {
    /// Of this organization.
    pub organization_id: OrganizationId,
    /// Of this kind.
    pub kind: ObjectType,
    /// With a name that matches.
    pub name: NameFilter,
    /// Of this type, among integrations; empty for any.
    pub type_name: String,
    /// Belonging to this object.
    pub parent_id: Option<Id>,
    /// The object that this object belongs to: the dashboard of a chart.
    pub child_id: Option<Id>,
    /// Linked to this team.
    pub team_id: Option<Id>,
    /// Showing this dashboard.
    pub dashboard_id: Option<Id>,
    /// With one of these tags, at most [`limits::FILTER_TAGS`]; an empty list passes every object.
    pub tags: Vec<String>,
    /// With a tag that begins with one of these texts, at most [`limits::FILTER_TAG_PREFIXES`].
    pub tag_prefixes: Vec<String>,
    /// Without a tag that begins with one of these texts, at most [`limits::FILTER_TAG_PREFIXES`].
    pub excluded_tag_prefixes: Vec<String>,
    /// Created by this actor.
    pub creator_id: Option<Id>,
    /// Enabled, or disabled, among integrations.
    pub enabled: Option<bool>,
    /// Readable by this reader.
    pub reader: Reader,
    /// In this order.
    pub order: ObjectOrder,
    /// In the reverse order.
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
            tag_prefixes: Vec::new(),
            excluded_tag_prefixes: Vec::new(),
            creator_id: None,
            enabled: None,
            reader,
            order: ObjectOrder::Updated,
            descending: false,
        }
    }

    /// The thirty-two values of the condition.
    pub(crate) fn values(&self) -> Vec<Value<'_>> {
        let (is_unrestricted, user_id) = self.reader.values();
        let mut values = values![
            self.organization_id,
            self.kind.label(),
            self.name.pattern(),
            Value::id_or_empty(self.parent_id),
            Value::id_or_empty(self.child_id),
            Value::id_or_empty(self.team_id),
            Value::id_or_empty(self.dashboard_id),
        ];
        values.extend(texts(&self.tags, limits::FILTER_TAGS));
        values.extend(values![
            is_unrestricted,
            user_id,
            &self.type_name,
            Value::id_or_empty(self.creator_id),
            self.enabled.map(state_label).unwrap_or_default(),
        ]);
        for prefixes in [&self.tag_prefixes, &self.excluded_tag_prefixes] {
            values.extend(texts(prefixes, limits::FILTER_TAG_PREFIXES));
        }
        values
    }
}

/// As many values as the statement has places: the last text is repeated, and without texts all are empty.
fn texts(given: &[String], places: usize) -> impl Iterator<Item = Value<'_>> {
    let last = given.last().map(String::as_str).unwrap_or_default();
    let repeated = std::iter::repeat(last);
    let texts = given.iter().map(String::as_str).chain(repeated);
    texts.take(places).map(Value::from)
}
