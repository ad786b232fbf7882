//! The permissions of an object: the dialog that lists them and the form that changes them.

use domain::objects::permissions::ItemKind;
use serde::{Deserialize, Serialize};

use crate::model::platform::{list::Choices, notice::Notice};

/// The content of the permissions dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionsView {
    /// The object's name.
    pub name: String,
    /// The id and the name of the group that it inherits from; `None` when it has its own permissions.
    pub inherited_from: Option<(String, String)>,
    /// Whether the viewer may change them.
    pub may_change: bool,
    /// Who may read.
    pub readers: Allowed,
    /// Who may write.
    pub writers: Allowed,
}

/// The users and teams that may do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Allowed {
    /// All members of the organization.
    AllMembers,
    /// These users and teams, by name.
    These(Vec<String>),
}

/// The name of the form in notices.
pub(crate) const FORM: &str = "permissions";

/// The form of an object's permissions, with the posted or else the stored choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionsForm {
    /// The kind of object.
    pub kind: ItemKind,
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// When the stored object that the form started from was updated, in microseconds since 1970.
    pub base_updated_at: i64,
    /// The name of the group that it can inherit from, if any.
    pub group: Option<String>,
    /// `inherit`, `all` or `these`.
    pub mode: String,
    /// What unlisted members may do: `nothing`, `read` or `write`.
    pub others: String,
    /// The listed users and teams.
    pub rows: Vec<PermissionRow>,
    /// What saving would change; `None` before a preview.
    pub preview: Option<Preview>,
    /// Suggestions for a user or team to add: email addresses and team names.
    pub choices: Choices,
    /// Why the form was rejected, if it was.
    pub notice: Notice,
}

/// A listed user or team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionRow {
    /// Type and id: `USER:…`, `TEAM:…`.
    pub principal: String,
    /// The name.
    pub name: String,
    /// The right: `nothing`, `read` or `write`.
    pub right: String,
}

/// What saving would change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preview {
    /// A sentence for each user or team whose rights change.
    pub changes: Vec<String>,
    /// Consequences to check before saving.
    pub warnings: Vec<String>,
}
