//! Changing the roles of one member.

use domain::{
    audit::event::{Action, AuditEvent, FieldChange, ObjectType},
    identity::{actor::Caller, member::MemberChange, role::RoleSet},
    platform::id::UserId,
};
use serde_json::json;
use store::{Member, Write};

use crate::{
    audit::commit::{done, object},
    identity::{
        handle::Members,
        members::{
            checks::{check_one_administrator_left, present_member},
            list::MemberWithRoles,
        },
    },
    platform::error::ServiceError,
};

impl Members {
    /// Replaces the roles of a member. They limit the tokens of the member from now on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist, [`ServiceError::Rejected`] for the last administrator,
    /// [`ServiceError::PasswordNeeded`] in a session that did not enter the password recently.
    pub async fn set_roles(
        &self,
        caller: &Caller,
        id: UserId,
        roles: RoleSet,
    ) -> Result<(), ServiceError> {
        self.change_roles(caller, id, |_| roles).await.map(drop)
    }

    /// Changes the roles of a member as a request describes.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist, [`ServiceError::Rejected`] for the last administrator.
    pub async fn update(
        &self,
        caller: &Caller,
        id: UserId,
        change: &MemberChange,
    ) -> Result<MemberWithRoles, ServiceError> {
        let change = |present| change.applied_to(present);
        let member = self.change_roles(caller, id, change).await?;
        Ok(MemberWithRoles::new(
            &self.platform.organization().await?,
            member,
        ))
    }

    async fn change_roles(
        &self,
        caller: &Caller,
        id: UserId,
        change: impl FnOnce(RoleSet) -> RoleSet,
    ) -> Result<Member, ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let mut write = self.platform.store().write().await?;
        let mut member = present_member(&mut write, caller, id).await?;
        let roles = change(member.roles);
        let event = self
            .store_roles(&mut write, caller, &mut member, roles)
            .await?;
        if let Some(event) = event {
            self.audit.commit(write, event).await?;
        }
        Ok(member)
    }

    /// Stores the roles of a member. Returns the event; `None` when they do not change.
    pub(crate) async fn store_roles(
        &self,
        write: &mut Write,
        caller: &Caller,
        member: &mut Member,
        roles: RoleSet,
    ) -> Result<Option<AuditEvent>, ServiceError> {
        if member.roles == roles {
            return Ok(None);
        }
        let change = FieldChange {
            field: "roles".to_owned(),
            before: Some(json!(member.roles.to_titles())),
            after: Some(json!(roles.to_titles())),
        };
        let was_administrator = member.roles.is_admin();
        member.roles = roles;
        self.store(write, caller, member).await?;
        if was_administrator {
            check_one_administrator_left(write, caller).await?;
        }
        let about = object(ObjectType::Member, member.id, &member.full_name);
        let at = member.updated_at;
        Ok(Some(done(caller, at, Action::Grant, about, vec![change])))
    }
}
