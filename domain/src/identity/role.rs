//! The four built-in roles (docs/contract.md#roles). A user may have several; their permissions add up.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A built-in role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, subject to the write protection of items (docs/contract.md#permissions).
    Admin,
    /// Reads all, writes dashboards, groups, charts and detectors. The default for users and org tokens.
    Power,
    /// As read-only, plus the usage pages.
    Usage,
    /// Reads everything, writes nothing, is in no team.
    ReadOnly,
}

impl Role {
    /// All roles, the strongest first.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Power, Self::Usage, Self::ReadOnly];

    /// The role's title in the API, in the database and on the command line.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Power => "power",
            Self::Usage => "usage",
            Self::ReadOnly => "read_only",
        }
    }

    /// The name of the role on pages.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Admin => "Administrator",
            Self::Power => "Power user",
            Self::Usage => "Usage reader",
            Self::ReadOnly => "Reader",
        }
    }

    /// All titles, for error messages.
    pub(crate) const TITLES: &'static str = "one of admin, power, usage, read_only";

    /// A description of the role, one sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Admin => "Built-in admin role",
            Self::Power => {
                "Built-in power role: creates and changes dashboards, charts and detectors"
            }
            Self::Usage => "Built-in usage role: reads everything, usage reports too",
            Self::ReadOnly => "Built-in read-only role: reads everything, changes nothing",
        }
    }

    /// The capabilities of the role, as the API names them (docs/contract.md#roles).
    #[must_use]
    pub const fn capabilities(self) -> &'static [&'static str] {
        match self {
            Self::Admin => &[
                "READ_OBJECTS",
                "CREATE_DASHBOARD",
                "CREATE_DETECTOR",
                "CLEAR_INCIDENTS",
                "JOIN_TEAM",
                "READ_ROLES",
                "READ_CUSTOM_CATEGORIES",
                "READ_USAGE",
                "READ_AUDIT_EVENTS",
                "MANAGE_INTEGRATIONS",
                "MANAGE_ORG_TOKENS",
                "MANAGE_TEAMS",
                "MANAGE_ORGANIZATION",
            ],
            Self::Power => &[
                "READ_OBJECTS",
                "CREATE_DASHBOARD",
                "CREATE_DETECTOR",
                "CLEAR_INCIDENTS",
                "JOIN_TEAM",
                "READ_ROLES",
                "READ_CUSTOM_CATEGORIES",
            ],
            Self::Usage => &["READ_OBJECTS", "READ_USAGE"],
            Self::ReadOnly => &["READ_OBJECTS"],
        }
    }

    /// The role with this title.
    #[must_use]
    pub fn from_title(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.title() == title)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.title())
    }
}

/// The roles of one actor. An empty set grants nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleSet(u8);

impl RoleSet {
    /// The set of exactly these roles.
    #[must_use]
    pub fn of(roles: &[Role]) -> Self {
        roles
            .iter()
            .fold(Self::default(), |set, role| set.with(*role))
    }

    /// Parses the comma-separated form of the database; unknown titles are ignored.
    #[must_use]
    pub fn from_titles(titles: &str) -> Self {
        titles
            .split(',')
            .filter_map(Role::from_title)
            .fold(Self::default(), Self::with)
    }

    /// The comma-separated form of the database.
    #[must_use]
    pub fn to_titles(self) -> String {
        self.iter().map(Role::title).collect::<Vec<_>>().join(",")
    }

    /// The set with this role too.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u8)
    }

    /// The set without this role.
    #[must_use]
    pub const fn without(self, role: Role) -> Self {
        Self(self.0 & !(1 << role as u8))
    }

    /// Whether the set has this role.
    #[must_use]
    pub const fn contains(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }

    /// The roles of the set, the strongest first.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL
            .into_iter()
            .filter(move |role| self.contains(*role))
    }

    /// Whether the set has the administrator role.
    #[must_use]
    pub const fn is_admin(self) -> bool {
        self.contains(Role::Admin)
    }

    /// Whether the set may write dashboards, groups, charts and detectors: power or admin.
    #[must_use]
    pub const fn is_writer(self) -> bool {
        self.contains(Role::Admin) || self.contains(Role::Power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_parse_back_from_the_database_form() {
        let roles = RoleSet::of(&[Role::ReadOnly, Role::Admin]);
        assert_eq!(roles.to_titles(), "admin,read_only");
        assert_eq!(RoleSet::from_titles("admin,read_only,emperor"), roles);
        assert!(roles.is_admin() && roles.is_writer());
        assert!(!roles.without(Role::Admin).is_writer());
    }

    #[test]
    fn an_empty_set_grants_nothing() {
        assert!(!RoleSet::default().is_writer());
        assert_eq!(RoleSet::from_titles("").iter().count(), 0);
    }
}
