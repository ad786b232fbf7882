//! Addresses of pages.

/// Account Settings.
pub const ACCOUNT: &str = "/account";
/// Access tokens of the organization.
pub const ACCESS_TOKENS: &str = "/access-tokens";
/// The audit log.
pub const AUDIT: &str = "/audit";
/// Custom metric categories.
pub const CATEGORIES: &str = "/organization/categories";
/// Pending invitations.
pub const INVITATIONS: &str = "/organization/invitations";
/// Pages of members, by id.
pub const MEMBERS: &str = "/organization/members";
/// Members of the organization.
pub const ORGANIZATION: &str = "/organization";
/// Teams.
pub const TEAMS: &str = "/teams";
/// User API access tokens.
pub const USER_TOKENS: &str = "/tokens";
