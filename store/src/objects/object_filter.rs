//! The filter and the order of lists of objects.

use domain::{
    audit::event::ObjectType,
    objects::object::state_label,
    platform::id::{Id, OrganizationId},
};

use crate::{
    identity::reader::Reader,
    platform::{NameFilter, Value, values},
};

/// The maximum number of tags in a filter.
pub const LIST_TAGS: usize = 10;

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
    /// With one of these tags. Those after the first [`LIST_TAGS`] are ignored; an empty list passes every object.
    pub tags: Vec<String>,
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
            creator_id: None,
            enabled: None,
            reader,
            order: ObjectOrder::Updated,
            descending: false,
        }
    }

    /// The twenty-two values of the condition.
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
        let tags = self
            .tags
            .iter()
            .map(String::as_str)
            .chain(std::iter::repeat(""));
        values.extend(tags.take(LIST_TAGS).map(Value::from));
        values.extend(values![
            is_unrestricted,
            user_id,
            &self.type_name,
            Value::id_or_empty(self.creator_id),
            self.enabled.map(state_label).unwrap_or_default(),
        ]);
        values
    }
}
