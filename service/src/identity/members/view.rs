//! A member as operations return it, and a member to create.

use domain::{
    identity::role::RoleSet,
    platform::{
        id::{Id, OrganizationId, UserId},
        timestamp::Timestamp,
    },
    tokens::token::OwnerState,
};
use serde::{Deserialize, Serialize};
use store::Member;

/// A user to create.
#[derive(Clone)]
pub struct NewMember {
    /// Email address, which is also the user name.
    pub email: String,
    /// Full name.
    pub full_name: String,
    /// Password.
    pub password: String,
    /// Roles.
    pub roles: RoleSet,
}

/// A member, without the password hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// The user's id.
    pub id: UserId,
    /// Email address.
    pub email: String,
    /// Full name.
    pub full_name: String,
    /// Roles.
    pub roles: RoleSet,
    /// Whether they are active.
    pub state: OwnerState,
    /// When they became a member.
    pub created_at: Timestamp,
    /// The actor that created them.
    pub created_by: Id,
    /// When they were last updated.
    pub updated_at: Timestamp,
    /// The actor that last updated them.
    pub updated_by: Id,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Job title, if given.
    pub title: Option<String>,
    /// Phone number, if given.
    pub phone: Option<String>,
}

impl std::fmt::Debug for NewMember {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("NewMember")
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            state: member.state(),
            email: member.email,
            full_name: member.full_name,
            roles: member.roles,
            created_at: member.created_at,
            created_by: member.created_by,
            updated_at: member.updated_at,
            updated_by: member.updated_by,
            organization_id: member.organization_id,
            title: member.title,
            phone: member.phone,
        }
    }
}
