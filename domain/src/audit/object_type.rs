//! The types of objects, and their labels.

use serde::{Deserialize, Serialize};

/// The type of object that an event or an [`crate::objects::object::Object`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectType {
    /// A dashboard.
    Dashboard,
    /// A dashboard group.
    DashboardGroup,
    /// A chart.
    Chart,
    /// A detector.
    Detector,
    /// An integration.
    Integration,
    /// A team.
    Team,
    /// An org token; `token` in the API, like its path.
    #[serde(rename = "token")]
    OrgToken,
    /// A user API access token.
    #[serde(rename = "usertoken")]
    Token,
    /// A signed-in browser.
    Session,
    /// A user, as a member of the organization.
    Member,
    /// The organization.
    Organization,
    /// The audit log.
    #[serde(rename = "record")]
    AuditLog,
}

impl ObjectType {
    /// All types.
    pub const ALL: [Self; 12] = [
        Self::Dashboard,
        Self::DashboardGroup,
        Self::Chart,
        Self::Detector,
        Self::Integration,
        Self::Team,
        Self::OrgToken,
        Self::Token,
        Self::Session,
        Self::Member,
        Self::Organization,
        Self::AuditLog,
    ];

    /// The label in paths, in the database and in the API (docs/contract.md#info).
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::DashboardGroup => "dashboardgroup",
            Self::Chart => "chart",
            Self::Detector => "detector",
            Self::Integration => "integration",
            Self::Team => "team",
            Self::OrgToken => "token",
            Self::Token => "usertoken",
            Self::Session => "session",
            Self::Member => "member",
            Self::Organization => "organization",
            Self::AuditLog => "record",
        }
    }

    /// The type in words, for pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Dashboard => "dashboard",
            Self::DashboardGroup => "dashboard group",
            Self::Chart => "chart",
            Self::Detector => "detector",
            Self::Integration => "integration",
            Self::Team => "team",
            Self::OrgToken => "org token",
            Self::Token => "user API access token",
            Self::Session => "sign-in",
            Self::Member => "member",
            Self::Organization => "organization",
            Self::AuditLog => "audit log",
        }
    }

    /// The type with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.label() == label)
    }
}
