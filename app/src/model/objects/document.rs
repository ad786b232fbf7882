//! The JSON document of an object in a form, and what saving it would change.

use domain::objects::permissions::ItemKind;
use serde::{Deserialize, Serialize};

use crate::model::{objects::permissions::Preview, platform::notice::Notice};

/// The form as notices call it.
pub(crate) const FORM: &str = "document";

/// The name of its one field.
pub(crate) const FIELD: &str = "document";

/// The document of an object, with what was typed or is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentForm {
    /// What kind of object it is.
    pub kind: ItemKind,
    /// Its id; empty for a new one.
    pub id: String,
    /// The name it is stored under; empty for a new one.
    pub stored_name: String,
    /// When it was last changed, as the form saw it: microseconds.
    pub seen_at: i64,
    /// The document.
    pub text: String,
    /// What saving would change; `None` before it was asked.
    pub difference: Option<Difference>,
    /// Why it was refused, if it was.
    pub notice: Notice,
}

/// What saving a document would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The lines, those that stay too where they are near.
    pub lines: Vec<DiffLine>,
    /// Fields that are not known and will not be kept.
    pub unknown: Vec<String>,
    /// What changes of the permissions, if anything.
    pub permissions: Preview,
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiffLine {
    /// It stays.
    Same(String),
    /// It goes.
    Gone(String),
    /// It comes.
    New(String),
    /// Lines are left out here that stay.
    Gap,
}
