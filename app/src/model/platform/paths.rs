//! Addresses of pages.

use domain::audit::event::ObjectType;

use crate::model::objects::content_kind::SharedContentKind;

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
/// Data links.
pub const DATA_LINKS: &str = "/data-links";
/// Detectors.
pub const DETECTORS: &str = "/detectors";
/// Dimensions.
pub const DIMENSIONS: &str = "/catalog/dimensions";
/// Integrations.
pub const INTEGRATIONS: &str = "/integrations";
/// Metrics.
pub const METRICS: &str = "/catalog/metrics";
/// Alert muting rules.
pub const MUTING_RULES: &str = "/muting-rules";
/// Members of the organization.
pub const ORGANIZATION: &str = "/organization";
/// Service level objectives.
pub const SLOS: &str = "/slos";
/// Teams.
pub const TEAMS: &str = "/teams";
/// Usage.
pub const USAGE: &str = "/usage";
/// How the audit log is verified.
pub const VERIFICATION: &str = "/audit/verification";
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
        ObjectType::Shared(kind) => match SharedContentKind::of(kind)? {
            SharedContentKind::AlertMuting => MUTING_RULES,
            SharedContentKind::DataLink => DATA_LINKS,
            SharedContentKind::Slo => SLOS,
        },
        ObjectType::Token => USER_TOKENS,
        ObjectType::Chart
        | ObjectType::Catalog(_)
        | ObjectType::Session
        | ObjectType::Organization
        | ObjectType::AuditLog
        | ObjectType::MasterKey
        | ObjectType::Unknown => return None,
    };
    Some(format!("{pages}/{id}"))
}
