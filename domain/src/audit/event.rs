//! Audit events. An event is written in the transaction of the change it describes.
//!
//! An event copies the facts about actor and token, so that it stays readable after a token is revoked or a member has
//! left. Secrets are masked before a document reaches an event.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use crate::audit::action::Action;

use crate::{
    identity::{
        actor::{Actor, Caller, RequestMeta},
        credential::Credential,
    },
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};

/// The type of object that an event or an [`crate::objects::object::Object`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectType {
    /// A dashboard.
    Dashboard,
    /// A dashboard group.
    DashboardGroup,
    /// A chart.
    Chart,
    /// A detector.
    Detector,
    /// An integration.
    Integration,
    /// A team.
    Team,
    /// An org token; `token` in the API, like its path.
    #[serde(rename = "token")]
    OrgToken,
    /// A user API access token.
    #[serde(rename = "usertoken")]
    Token,
    /// A signed-in browser.
    Session,
    /// A user, as a member of the organization.
    Member,
    /// The organization.
    Organization,
    /// The audit log.
    #[serde(rename = "record")]
    AuditLog,
}

impl ObjectType {
    /// All types.
    pub const ALL: [Self; 12] = [
        Self::Dashboard,
        Self::DashboardGroup,
        Self::Chart,
        Self::Detector,
        Self::Integration,
        Self::Team,
        Self::OrgToken,
        Self::Token,
        Self::Session,
        Self::Member,
        Self::Organization,
        Self::AuditLog,
    ];

    /// The label in paths, in the database and in the API (docs/contract.md#info).
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::DashboardGroup => "dashboardgroup",
            Self::Chart => "chart",
            Self::Detector => "detector",
            Self::Integration => "integration",
            Self::Team => "team",
            Self::OrgToken => "token",
            Self::Token => "usertoken",
            Self::Session => "session",
            Self::Member => "member",
            Self::Organization => "organization",
            Self::AuditLog => "record",
        }
    }

    /// The type in words, for pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::DashboardGroup => "dashboard group",
            Self::Chart => "chart",
            Self::Detector => "detector",
            Self::Integration => "integration",
            Self::Team => "team",
            Self::OrgToken => "org token",
            Self::Token => "user API access token",
            Self::Session => "sign-in",
            Self::Member => "member",
            Self::Organization => "organization",
            Self::AuditLog => "audit log",
        }
    }

    /// The type with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.label() == label)
    }
}

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

/// The type of an actor (docs/contract.md#info).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorType {
    /// A user.
    User,
    /// An org token.
    OrgToken,
    /// The server, or its command line.
    System,
}

/// Who did something, with which credential, in which request: copied facts, not references.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// The type of the actor.
    pub actor_type: ActorType,
    /// The actor's id.
    pub actor_id: Id,
    /// The actor's name at that time.
    pub actor_name: String,
    /// The user's mail address at that time; empty for others.
    pub actor_email: String,
    /// The credential; `None` for the system and for a sign-in attempt.
    pub credential: Option<Credential>,
    /// The request.
    pub request: RequestMeta,
}

impl Attribution {
    /// The attribution of this caller.
    #[must_use]
    pub fn of(caller: &Caller) -> Self {
        let (actor_type, actor_email) = match caller.actor() {
            Actor::User(user) => (ActorType::User, user.email.clone()),
            Actor::OrgToken(_) => (ActorType::OrgToken, String::new()),
            Actor::System => (ActorType::System, String::new()),
        };
        Self {
            actor_type,
            actor_id: caller.actor().id(),
            actor_name: caller.actor().name().to_owned(),
            actor_email,
            credential: caller.identity.credential.clone(),
            request: caller.request.clone(),
        }
    }
}

/// A field that an operation changed. `None` where the field was absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name in the API.
    pub field: String,
    /// Its value before.
    pub before: Option<Value>,
    /// Its value after.
    pub after: Option<Value>,
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

/// The fields in which two documents differ, in the order of the first, then the fields that only the second has.
#[must_use]
pub fn changes_between(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Vec<FieldChange> {
    let kept = before
        .iter()
        .filter(|(field, value)| after.get(*field) != Some(*value));
    let added = after
        .iter()
        .filter(|(field, _)| !before.contains_key(*field));
    kept.map(|(field, value)| FieldChange {
        field: field.clone(),
        before: Some(value.clone()),
        after: after.get(field).cloned(),
    })
    .chain(added.map(|(field, value)| FieldChange {
        field: field.clone(),
        before: None,
        after: Some(value.clone()),
    }))
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_fields_that_differ_are_changes() {
        let document = |value: Value| value.as_object().unwrap().clone();
        let before = document(json!({"name": "a", "tags": ["x"], "gone": 1}));
        let after = document(json!({"name": "b", "tags": ["x"], "new": null}));
        let fields: Vec<_> = changes_between(&before, &after)
            .into_iter()
            .map(|change| change.field)
            .collect();
        assert_eq!(fields, ["name", "gone", "new"]);
        assert_eq!(changes_between(&before, &before), []);
    }

    #[test]
    fn labels_parse_back() {
        for kind in ObjectType::ALL {
            assert_eq!(ObjectType::from_label(kind.label()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.label());
        }
        for action in Action::ALL {
            assert_eq!(Action::from_label(action.label()), Some(action));
        }
    }
}
