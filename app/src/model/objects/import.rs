//! The form that imports a dashboard or a dashboard group from an exported document.

use domain::objects::permissions::ItemKind;
use serde::{Deserialize, Serialize};

use crate::model::platform::notice::Notice;

/// The name of the form in notices.
pub(crate) const FORM: &str = "import";

/// The name of its only field.
pub(crate) const FIELD: &str = "document";

/// The form, with what was posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportForm {
    /// The kind of object.
    pub kind: ItemKind,
    /// The group of the dashboard: id and name; `None` for a new group.
    pub group: Option<(String, String)>,
    /// The document.
    pub text: String,
    /// Why the form was rejected, if it was.
    pub notice: Notice,
}
