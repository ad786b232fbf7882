//! The reader of a list. The statements of lists return the items that are visible to it.

use domain::platform::id::Id;

/// The reader of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// An administrator, who sees everything.
    Everything,
    /// A user, with their current teams.
    User(Id),
    /// The organization: an org token.
    Organization,
}

impl Reader {
    /// Whether everything is visible, and the id of the user; empty for other readers.
    pub(crate) fn values(self) -> (bool, String) {
        match self {
            Self::Everything => (true, String::new()),
            Self::User(id) => (false, id.to_string()),
            Self::Organization => (false, String::new()),
        }
    }
}
