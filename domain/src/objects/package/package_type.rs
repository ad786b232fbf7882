//! The types of packages.

/// What a package holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageType {
    /// One dashboard.
    Dashboard,
    /// A dashboard group with its dashboards.
    Group,
}

impl PackageType {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Dashboard => "DASHBOARD",
            Self::Group => "GROUP",
        }
    }
}
