//! Which objects are items: those with permissions of their own.

use serde::{Deserialize, Serialize};

use crate::audit::event::ObjectType;

/// A kind of item: of objects that have permissions of their own, and that people change on pages.
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

    /// The same among all kinds of objects.
    #[must_use]
    pub const fn object_type(self) -> ObjectType {
        match self {
            Self::Dashboard => ObjectType::Dashboard,
            Self::DashboardGroup => ObjectType::DashboardGroup,
            Self::Detector => ObjectType::Detector,
        }
    }

    /// The kind of such an object; `None` when it is no item.
    #[must_use]
    pub fn of(kind: ObjectType) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|item| item.object_type() == kind)
    }

    /// The kind in words, for people.
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
