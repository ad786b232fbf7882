//! The form of a dashboard, dashboard group or detector.

use domain::objects::permissions::ItemKind;
use serde::{Deserialize, Serialize};

use crate::model::platform::{list::Choices, notice::Notice};

/// The form as notices call it.
pub(crate) const FORM: &str = "object";

/// The form of an object, with what was typed or is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectForm {
    /// What kind of object it is.
    pub kind: ItemKind,
    /// Its id; empty for a new one.
    pub id: String,
    /// The name it is stored under; empty for a new one.
    pub stored_name: String,
    /// When it was last changed, as the form saw it: microseconds.
    pub seen_at: i64,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its tags, one a line.
    pub tags: String,
    /// A detector's program.
    pub program: String,
    /// The groups a new dashboard can be put into: id and name.
    pub groups: Choices,
    /// The group that is chosen.
    pub group: String,
    /// What a new detector alerts of.
    pub alert: Alert,
    /// Why it was refused, if it was.
    pub notice: Notice,
}

/// The first rule of a new detector.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Alert {
    /// The label of the program it goes by; empty for no rule.
    pub label: String,
    /// How bad it is.
    pub severity: String,
    /// The mail addresses to notify; empty for none.
    pub email: String,
}
