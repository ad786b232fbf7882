//! The JSON document of an object in a form, and what saving it would change.

use serde::{Deserialize, Serialize};

use crate::model::{
    objects::{content_kind::ContentKind, permissions::Preview},
    platform::notice::Notice,
};

/// The name of the form in notices.
pub(crate) const FORM: &str = "document";

/// The name of its only field.
pub(crate) const FIELD: &str = "document";

/// The document of an object: the posted or else the stored text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentForm {
    /// The kind of object.
    pub kind: ContentKind,
    /// The id; empty for a new object.
    pub id: String,
    /// The stored name; empty for a new object.
    pub stored_name: String,
    /// When the stored object that the form started from was updated, in microseconds since 1970.
    pub base_updated_at: i64,
    /// The document.
    pub text: String,
    /// What saving would change; `None` before a preview.
    pub difference: Option<DocumentDifference>,
    /// Why the form was rejected, if it was.
    pub notice: Notice,
}

/// What saving a document would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentDifference {
    /// Changed lines, with unchanged lines around them.
    pub lines: Vec<DiffLine>,
    /// Unknown fields, which are not stored.
    pub unknown: Vec<String>,
    /// Changes of the permissions.
    pub permissions: Preview,
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiffLine {
    /// An unchanged line.
    Same(String),
    /// A removed line.
    Removed(String),
    /// An added line.
    Added(String),
    /// Unchanged lines that are left out.
    Gap,
}
