//! The built-in roles of an organization (docs/contract.md#roles).

use domain::{
    identity::{
        access::Access,
        actor::Caller,
        role::{Role, RoleSet},
    },
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
};
use serde::{Deserialize, Serialize};
use store::Organization;

use crate::{
    identity::handle::Identities,
    platform::{encryption, error::ServiceError},
};

/// A built-in role of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleView {
    /// Its id, stable within an organization and different between organizations.
    pub id: Id,
    /// The role.
    pub role: Role,
    /// The organization.
    pub organization_id: OrganizationId,
    /// When it was created: with the organization.
    pub created_at: Timestamp,
}

impl RoleView {
    /// The role of this organization.
    pub(crate) fn of(organization: &Organization, role: Role) -> Self {
        let name = format!("role {role} of {}", organization.id);
        let digest = encryption::digest(name.as_bytes());
        let mut bits = [0; 8];
        bits.copy_from_slice(&digest.0[..8]);
        Self {
            id: Id::from_bits(u64::from_be_bytes(bits)),
            role,
            organization_id: organization.id,
            created_at: organization.created_at,
        }
    }

    /// These roles of this organization.
    pub(crate) fn all_of(organization: &Organization, roles: RoleSet) -> Vec<Self> {
        let roles = roles.iter();
        roles.map(|role| Self::of(organization, role)).collect()
    }
}

impl Identities {
    /// Lists the roles, strongest first.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] without a writing role.
    pub async fn list_roles(&self, caller: &Caller) -> Result<Vec<RoleView>, ServiceError> {
        Access::Writer.check(caller.actor())?;
        let organization = self.platform.organization().await?;
        Ok(RoleView::all_of(&organization, RoleSet::of(&Role::ALL)))
    }

    /// Finds the role with this id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist, [`ServiceError::Denied`] without a writing role.
    pub async fn find_role(&self, caller: &Caller, id: Id) -> Result<RoleView, ServiceError> {
        let roles = self.list_roles(caller).await?;
        let found = roles.into_iter().find(|role| role.id == id);
        found.ok_or_else(|| ServiceError::not_found("role"))
    }
}
