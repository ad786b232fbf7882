//! Audit events. An event is written in the transaction of the change it describes.
//!
//! An event copies the data of actor and token, so that it stays readable after a token is revoked or a member has
//! left. Secrets are masked before a document reaches an event.

use serde::{Deserialize, Serialize};

pub use crate::audit::{
    action::{Action, Effect},
    attribution::{ActorType, Attribution},
    catalog_kind::CatalogKind,
    changes::{FieldChange, changes_between},
    object_type::ObjectType,
    shared_kind::SharedKind,
};
use crate::platform::{
    id::{Id, OrganizationId},
    timestamp::Timestamp,
};

/// Whether the operation was done or denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was denied; nothing changed.
    Denied,
}

impl Outcome {
    /// The label in the database and in the API.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Denied => "denied",
        }
    }

    /// The outcome with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::Done, Self::Denied]
            .into_iter()
            .find(|outcome| outcome.label() == label)
    }
}

/// The object of an event. The name is copied, so that it can be shown after the object is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRef {
    /// Its type.
    pub kind: ObjectType,
    /// Its id.
    pub id: Id,
    /// Its name at that time.
    pub name: String,
}

/// An audit event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When it happened.
    pub at: Timestamp,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Who did it.
    pub by: Attribution,
    /// What was done.
    pub action: Action,
    /// The object.
    pub object: ObjectRef,
    /// Done or denied.
    pub outcome: Outcome,
    /// The changed fields, with secrets masked.
    pub changes: Vec<FieldChange>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_parse_back() {
        for kind in ObjectType::all() {
            assert_eq!(ObjectType::from_label(kind.label()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.label());
        }
        let unknown = ObjectType::from_stored("hologram");
        assert_eq!(unknown, ObjectType::Unknown);
        let text = serde_json::to_value(unknown).unwrap();
        assert_eq!(serde_json::from_value::<ObjectType>(text).unwrap(), unknown);
        assert_eq!(ObjectType::from_label(unknown.label()), None);
        for action in Action::ALL {
            assert_eq!(Action::from_label(action.label()), Some(action));
        }
    }
}
