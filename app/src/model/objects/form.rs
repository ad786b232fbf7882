//! The form of a dashboard, dashboard group or detector.

use domain::objects::permissions::ItemKind;
use serde::{Deserialize, Serialize};

use crate::model::platform::{list::Choices, notice::Notice};

/// The name of the form in notices.
pub(crate) const FORM: &str = "object";

/// The form of an object, with the posted or else the stored values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectForm {
    /// The kind of object.
    pub kind: ItemKind,
    /// The id; empty for a new object.
    pub id: String,
    /// The stored name; empty for a new object.
    pub stored_name: String,
    /// When the stored object that the form started from was updated, in microseconds since 1970.
    pub base_updated_at: i64,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// The tags, one per line.
    pub tags: String,
    /// The program of a detector.
    pub program: String,
    /// The groups that a new dashboard can be created in: id and name.
    pub groups: Choices,
    /// The id of the chosen group.
    pub group: String,
    /// The first rule of a new detector.
    pub first_rule: FirstRule,
    /// Why the form was rejected, if it was.
    pub notice: Notice,
}

/// The first rule of a new detector.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FirstRule {
    /// The label that the program publishes; empty for no rule.
    pub label: String,
    /// The severity.
    pub severity: String,
    /// The email address to notify; empty for none.
    pub email: String,
}
