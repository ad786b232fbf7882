//! What `/v2` objects have in common: a document the client sent, a protection, and who made and changed it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    audit::event::{Attribution, ObjectType},
    objects::permissions::Protection,
    platform::{
        document::Document,
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};

/// Characters of a description that lists are ordered by: whoever sorts sees no more of it in a row.
const ORDERED_CHARACTERS: usize = 200;

/// When, by whom and with which token something was made or changed (docs/contract.md#info).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// By whom, with which token, by which request.
    pub by: Attribution,
}

/// A dashboard, dashboard group, chart, detector, integration or team, as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its id.
    pub id: Id,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// What it is.
    pub kind: ObjectType,
    /// Its name; also what lists search in.
    pub name: String,
    /// What it belongs to: a dashboard's group, a chart's dashboard.
    pub parent_id: Option<Id>,
    /// The writable fields as given, without the name, the parent and the permission fields.
    pub document: Document,
    /// Who may read and write it.
    pub protection: Protection,
    /// When and how it was made.
    pub created: Stamp,
    /// When and how it was last changed.
    pub updated: Stamp,
}

impl Object {
    /// How the object refers to others and is found, each pair once: read from its document.
    #[must_use]
    pub fn references(&self) -> Vec<(Relation, String)> {
        if self.kind == ObjectType::Integration {
            // What else it says, it says to some other system.
            let named = self.document.get("type").and_then(Value::as_str);
            let named = named.map(|name| (Relation::Type, name.to_owned()));
            let is_enabled = self.document.get("enabled") != Some(&Value::Bool(false));
            let state = state_label(is_enabled).to_owned();
            return named
                .into_iter()
                .chain([(Relation::State, state)])
                .collect();
        }
        let texts = |field| {
            let items = self.document.get(field).and_then(Value::as_array);
            items.into_iter().flatten().filter_map(Value::as_str)
        };
        let tags = texts("tags").map(|tag| (Relation::Tag, tag.to_owned()));
        let teams = texts("teams").map(|team| (Relation::Team, team.to_owned()));
        let shown = crate::objects::dashboard_group::configs(&self.document).into_iter();
        let shown = shown.map(|config| (Relation::Shows, config.dashboard_id.to_string()));
        let described = self.document.get("description").and_then(Value::as_str);
        let described = described
            .filter(|text| self.kind == ObjectType::Detector && !text.is_empty())
            .map(|text| text.chars().take(ORDERED_CHARACTERS).collect::<String>());
        let described = described.map(|text| (Relation::Description, text.to_lowercase()));
        let watched = texts("relatedDetectorIds").filter(|_| self.kind == ObjectType::Chart);
        let watched = watched.map(|detector| (Relation::Detector, detector.to_owned()));
        let mut references: Vec<_> = tags
            .chain(teams)
            .chain(shown)
            .chain(described)
            .chain(watched)
            .collect();
        let mut seen = std::collections::HashSet::new();
        references.retain(|reference| seen.insert(reference.clone()));
        references
    }
}

/// What a list of integrations is filtered by, for those that are enabled or those that are not.
#[must_use]
pub const fn state_label(is_enabled: bool) -> &'static str {
    if is_enabled { "enabled" } else { "disabled" }
}

/// How an object refers to others, or is found: kept beside it for questions to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// The object carries this tag.
    Tag,
    /// The object is linked to this team.
    Team,
    /// The dashboard group shows this dashboard: its own, or a mirror of another group's.
    Shows,
    /// The detector is described like this, in lower case and cut: lists are ordered by it.
    Description,
    /// The integration is of this type.
    Type,
    /// The integration is enabled, or disabled.
    State,
    /// The chart belongs to what this detector watches.
    Detector,
}

impl Relation {
    /// The relation's label in the database.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Team => "team",
            Self::Shows => "shows",
            Self::Description => "description",
            Self::Type => "type",
            Self::State => "state",
            Self::Detector => "detector",
        }
    }
}
