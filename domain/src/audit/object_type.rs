//! The types of objects, and their labels.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::shared_kind::SharedKind;

/// The type of object that an event or an [`crate::objects::object::Object`] is about.
///
/// Serialized as its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// A shared object.
    Shared(SharedKind),
    /// An org token; `token` in the API, like its path.
    OrgToken,
    /// A user API access token.
    Token,
    /// A signed-in browser.
    Session,
    /// A user, as a member of the organization.
    Member,
    /// The organization.
    Organization,
    /// The audit log.
    AuditLog,
}

impl ObjectType {
    /// All types, but for those of shared objects.
    const UNSHARED: [Self; 12] = [
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
            Self::Shared(kind) => kind.label(),
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
            Self::Shared(kind) => kind.words(),
            Self::OrgToken => "org token",
            Self::Token => "user API access token",
            Self::Session => "sign-in",
            Self::Member => "member",
            Self::Organization => "organization",
            Self::AuditLog => "audit log",
        }
    }

    /// All types.
    pub fn all() -> impl Iterator<Item = Self> {
        let shared = SharedKind::ALL.into_iter().map(Self::Shared);
        Self::UNSHARED.into_iter().chain(shared)
    }

    /// The type with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::all().find(|kind| kind.label() == label)
    }
}

impl Serialize for ObjectType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.label())
    }
}

impl<'de> Deserialize<'de> for ObjectType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let label = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::from_label(&label).ok_or_else(|| D::Error::custom("unknown type of object"))
    }
}
