//! The common form of `/v2` objects: document, protection, and who created and changed them.

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

/// Characters of a description that lists are sorted by: a row shows no more of it.
const ORDERED_CHARACTERS: usize = 200;

/// When, by whom and with which token an object was created or changed (docs/contract.md#info).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// By whom, with which credential, in which request.
    pub by: Attribution,
}

/// A stored dashboard, dashboard group, chart, detector, integration, team or shared object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// Its id.
    pub id: Id,
    /// The organization it belongs to.
    pub organization_id: OrganizationId,
    /// Its type.
    pub kind: ObjectType,
    /// Its name; lists search in it.
    pub name: String,
    /// Its parent: a dashboard's group, a chart's dashboard.
    pub parent_id: Option<Id>,
    /// The writable fields as given, without name, parent and permission fields.
    pub document: Document,
    /// Who may read and write it.
    pub protection: Protection,
    /// When and by whom it was created.
    pub created: Stamp,
    /// When and by whom it was last changed.
    pub updated: Stamp,
}

impl Object {
    /// References to other objects, and values that lists filter by, each once. They are derived from the document.
    #[must_use]
    pub fn references(&self) -> Vec<(Relation, String)> {
        if let ObjectType::Shared(kind) = self.kind {
            return unique(kind.references(&self.name, &self.document));
        }
        if self.kind == ObjectType::Integration {
            // Its other fields refer to objects of another system.
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
        let references = tags
            .chain(teams)
            .chain(shown)
            .chain(described)
            .chain(watched);
        unique(references.collect())
    }
}

/// The references, each once.
fn unique(mut references: Vec<(Relation, String)>) -> Vec<(Relation, String)> {
    let mut seen = std::collections::HashSet::new();
    references.retain(|reference| seen.insert(reference.clone()));
    references
}

/// The value that the list of integrations is filtered by.
#[must_use]
pub const fn state_label(is_enabled: bool) -> &'static str {
    if is_enabled { "enabled" } else { "disabled" }
}

/// The kind of a reference, stored beside the object so that the database can filter by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// A tag of the object.
    Tag,
    /// A team that the object is linked to.
    Team,
    /// A dashboard that the dashboard group shows: its own, or a mirror of another group's; the dashboard that shows the
    /// data link; a dashboard of the navigator's instances.
    Shows,
    /// The description of a detector, in lower case and truncated: lists are sorted by it.
    Description,
    /// The type of an integration; the kind of document that a template is.
    Type,
    /// The state of an integration: enabled or disabled.
    State,
    /// A detector that the chart is related to, or that the alert muting rule mutes.
    Detector,
    /// A template that the directory entry lists.
    Template,
    /// The path of the directory entry.
    Path,
    /// A path above that of the directory entry; empty for the root.
    Below,
}

impl Relation {
    /// The label in the database.
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
            Self::Template => "template",
            Self::Path => "path",
            Self::Below => "below",
        }
    }
}
