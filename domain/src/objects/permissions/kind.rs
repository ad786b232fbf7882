//! Items: objects that have permissions of their own.

use serde::{Deserialize, Serialize};

use crate::audit::event::ObjectType;

/// The kind of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ItemKind {
    /// A dashboard.
    Dashboard,
    /// A dashboard group.
    DashboardGroup,
    /// A detector.
    Detector,
}

impl ItemKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Dashboard, Self::DashboardGroup, Self::Detector];

    /// The object type.
    #[must_use]
    pub const fn object_type(self) -> ObjectType {
        match self {
            Self::Dashboard => ObjectType::Dashboard,
            Self::DashboardGroup => ObjectType::DashboardGroup,
            Self::Detector => ObjectType::Detector,
        }
    }

    /// The kind of an object type; `None` when it has no permissions.
    #[must_use]
    pub fn of(kind: ObjectType) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|item| item.object_type() == kind)
    }

    /// The kind in words, for pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.object_type().words()
    }

    /// The kind's label in paths.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.object_type().label()
    }
}
