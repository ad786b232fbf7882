//! The permissions of an object: the dialog that lists them and the form that changes them.

use domain::objects::permissions::ItemKind;
use serde::{Deserialize, Serialize};

use crate::model::platform::{list::Choices, notice::Notice};

/// Who may read and write an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionsView {
    /// The object's name.
    pub name: String,
    /// The id and the name of the group whose permissions it has; `None` when it has its own.
    pub inherited_from: Option<(String, String)>,
    /// Whether the reader may change them.
    pub may_change: bool,
    /// Who may read.
    pub readers: Allowed,
    /// Who may write.
    pub writers: Allowed,
}

/// Who may do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Allowed {
    /// Everybody in the organization.
    Everybody,
    /// These users and teams, by name.
    These(Vec<String>),
}

/// The form as notices call it.
pub(crate) const FORM: &str = "permissions";

/// The form of an object's permissions, with what is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionsForm {
    /// What kind of object it is.
    pub kind: ItemKind,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was last changed, as the form saw it: microseconds.
    pub seen_at: i64,
    /// The name of its group, where it can have the group's permissions.
    pub group: Option<String>,
    /// `inherit`, `everybody` or `these`.
    pub mode: String,
    /// What everybody who is not named may do: `nothing`, `read` or `write`.
    pub others: String,
    /// Who is named.
    pub rows: Vec<PermissionRow>,
    /// What saving would change; `None` before it was asked.
    pub preview: Option<Preview>,
    /// The principals to choose from: mail addresses and teams.
    pub choices: Choices,
    /// Why it was refused, if it was.
    pub notice: Notice,
}

/// A principal in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionRow {
    /// Their type and id: `USER:…`, `TEAM:…`.
    pub who: String,
    /// Their name.
    pub name: String,
    /// What they may do: `nothing`, `read` or `write`.
    pub right: String,
}

/// What saving would change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preview {
    /// Who gains and loses what; nothing when nothing changes.
    pub changes: Vec<String>,
    /// What one should know before.
    pub warnings: Vec<String>,
}
