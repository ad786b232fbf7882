//! The kinds of objects that are imported, in the order in which they are: an object follows those it refers to.

use crate::audit::event::{ObjectType, SharedKind};

/// A kind of object that is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ImportKind {
    /// Integrations, without secrets.
    Integration,
    /// Teams.
    Team,
    /// Detectors.
    Detector,
    /// Service level objectives.
    Slo,
    /// Dashboard groups.
    DashboardGroup,
    /// Charts.
    Chart,
    /// Dashboards.
    Dashboard,
    /// Data links.
    DataLink,
    /// Alert muting rules.
    AlertMuting,
}

impl ImportKind {
    /// All kinds, in the order in which they are imported.
    pub const ALL: [Self; 9] = [
        Self::Integration,
        Self::Team,
        Self::Detector,
        Self::Slo,
        Self::DashboardGroup,
        Self::Chart,
        Self::Dashboard,
        Self::DataLink,
        Self::AlertMuting,
    ];

    /// The type of the objects.
    #[must_use]
    pub const fn object_type(self) -> ObjectType {
        match self {
            Self::Integration => ObjectType::Integration,
            Self::Team => ObjectType::Team,
            Self::Detector => ObjectType::Detector,
            Self::Slo => ObjectType::Shared(SharedKind::Slo),
            Self::DashboardGroup => ObjectType::DashboardGroup,
            Self::Chart => ObjectType::Chart,
            Self::Dashboard => ObjectType::Dashboard,
            Self::DataLink => ObjectType::Shared(SharedKind::DataLink),
            Self::AlertMuting => ObjectType::Shared(SharedKind::AlertMuting),
        }
    }

    /// The kind in words, for one object.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.object_type().words()
    }

    /// The path of the list.
    #[must_use]
    pub const fn collection(self) -> &'static str {
        match self {
            Self::Integration => "/v2/integration",
            Self::Team => "/v2/team",
            Self::Detector => "/v2/detector",
            Self::Slo => "/v2/slo",
            Self::DashboardGroup => "/v2/dashboardgroup",
            Self::Chart => "/v2/chart",
            Self::Dashboard => "/v2/dashboard",
            Self::DataLink => "/v2/crosslink",
            Self::AlertMuting => "/v2/alertmuting",
        }
    }

    /// The fields that only the server sets, besides those that all kinds have. They say nothing about a change.
    pub(super) const fn server_fields(self) -> &'static [&'static str] {
        match self {
            Self::Integration => &[
                "externalId",
                "sfxAwsAccountArn",
                "eventSource",
                "wifSplunkIdentity",
            ],
            // Links are imported with the linked object.
            Self::Team => &["dashboardGroups", "detectors"],
            Self::Detector => &["overMTSLimit", "labelResolutions", "status"],
            // Its dashboards are placed in it when they are imported.
            Self::DashboardGroup => &["dashboards"],
            Self::Slo | Self::Chart | Self::Dashboard | Self::DataLink | Self::AlertMuting => &[],
        }
    }
}
