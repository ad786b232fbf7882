//! Addresses of pages.

use domain::audit::event::ObjectType;

/// Account Settings.
pub const ACCOUNT: &str = "/account";
/// Access tokens of the organization.
pub const ACCESS_TOKENS: &str = "/access-tokens";
/// The audit log.
pub const AUDIT: &str = "/audit";
/// Custom metric categories.
pub const CATEGORIES: &str = "/organization/categories";
/// The page that asks for the password again.
pub const CONFIRM: &str = "/confirm";
/// Pending invitations.
pub const INVITATIONS: &str = "/organization/invitations";
/// Pages of members, by id.
pub const MEMBERS: &str = "/organization/members";
/// Dashboard groups.
pub const DASHBOARD_GROUPS: &str = "/dashboard-groups";
/// Dashboards.
pub const DASHBOARDS: &str = "/dashboards";
/// Detectors.
pub const DETECTORS: &str = "/detectors";
/// Integrations.
pub const INTEGRATIONS: &str = "/integrations";
/// Members of the organization.
pub const ORGANIZATION: &str = "/organization";
/// Teams.
pub const TEAMS: &str = "/teams";
/// Usage.
pub const USAGE: &str = "/usage";
/// User API access tokens.
pub const USER_TOKENS: &str = "/tokens";

/// The page of an object, if its type has one.
#[must_use]
pub fn object_page(kind: ObjectType, id: &str) -> Option<String> {
    let pages = match kind {
        ObjectType::Dashboard => DASHBOARDS,
        ObjectType::DashboardGroup => DASHBOARD_GROUPS,
        ObjectType::Detector => DETECTORS,
        ObjectType::Integration => INTEGRATIONS,
        ObjectType::Member => MEMBERS,
        ObjectType::OrgToken => ACCESS_TOKENS,
        ObjectType::Team => TEAMS,
        ObjectType::Token => USER_TOKENS,
        ObjectType::Chart
        | ObjectType::Shared(_)
        | ObjectType::Session
        | ObjectType::Organization
        | ObjectType::AuditLog => return None,
    };
    Some(format!("{pages}/{id}"))
}
