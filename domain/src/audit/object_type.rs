//! The types of objects, and their labels.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{catalog_kind::CatalogKind, shared_kind::SharedKind};

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
    /// An entry of the metric catalog.
    Catalog(CatalogKind),
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
    /// The master key.
    MasterKey,
    /// A type that a newer version stored and this one does not know.
    Unknown,
}

impl ObjectType {
    /// All types, but for those of shared objects and of the metric catalog.
    const UNSHARED: [Self; 13] = [
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
        Self::MasterKey,
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
            Self::Catalog(kind) => kind.label(),
            Self::OrgToken => "token",
            Self::Token => "usertoken",
            Self::Session => "session",
            Self::Member => "member",
            Self::Organization => "organization",
            Self::AuditLog => "record",
            Self::MasterKey => "masterkey",
            Self::Unknown => "unknown",
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
            Self::Catalog(kind) => kind.words(),
            Self::OrgToken => "org token",
            Self::Token => "user API access token",
            Self::Session => "sign-in",
            Self::Member => "member",
            Self::Organization => "organization",
            Self::AuditLog => "audit log",
            Self::MasterKey => "master key",
            Self::Unknown => "object of an unknown type",
        }
    }

    /// All types that this version knows.
    pub fn all() -> impl Iterator<Item = Self> {
        let shared = SharedKind::ALL.into_iter().map(Self::Shared);
        let catalog = CatalogKind::ALL.into_iter().map(Self::Catalog);
        Self::UNSHARED.into_iter().chain(shared).chain(catalog)
    }

    /// The type with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::all().find(|kind| kind.label() == label)
    }

    /// The type that is stored under this label. A newer version of the server may have stored one that this version
    /// does not know: its rows are shown and have no effect (docs/audit-log.md#change-feed).
    #[must_use]
    pub fn from_stored(label: &str) -> Self {
        Self::from_label(label).unwrap_or(Self::Unknown)
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
        let unknown = (label == Self::Unknown.label()).then_some(Self::Unknown);
        Self::from_label(&label)
            .or(unknown)
            .ok_or_else(|| D::Error::custom("unknown type of object"))
    }
}
