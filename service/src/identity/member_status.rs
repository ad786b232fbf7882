//! Whether a member can act: disabling, enabling and removing them. The last administrator stays.

use domain::{
    audit::event::{Action, ObjectType},
    identity::actor::Caller,
    platform::id::UserId,
};

use crate::{
    audit::commit::{done, object},
    identity::{
        members::{check_administrator, check_one_administrator_left, present_member},
        sessions::{end_all, end_sessions},
    },
    open::Service,
    platform::error::ServiceError,
};

impl Service {
    /// Disables a member: they cannot sign in, their browsers are signed out, their tokens are dead while it lasts.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, [`ServiceError::Rejected`] for the last administrator.
    pub async fn disable_member(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        check_administrator(caller)?;
        let mut write = self.store().write().await?;
        let mut member = present_member(&mut write, caller, id).await?;
        if member.disabled_at.is_some() {
            return Ok(());
        }
        let now = self.now();
        member.disabled_at = Some(now);
        self.update_member(&mut write, caller, &mut member).await?;
        if member.roles.is_admin() {
            check_one_administrator_left(&mut write, caller).await?;
        }
        let ended = end_sessions(&mut write, caller, &member, None, now).await?;
        let object = object(ObjectType::Member, id, &member.full_name);
        self.commit(
            write,
            done(caller, now, Action::Disable, object, Vec::new()),
            ended,
        )
        .await
    }

    /// Enables a disabled member again.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none.
    pub async fn enable_member(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        check_administrator(caller)?;
        let mut write = self.store().write().await?;
        let mut member = present_member(&mut write, caller, id).await?;
        if member.disabled_at.take().is_none() {
            return Ok(());
        }
        self.update_member(&mut write, caller, &mut member).await?;
        let object = object(ObjectType::Member, id, &member.full_name);
        self.commit(
            write,
            done(caller, self.now(), Action::Enable, object, Vec::new()),
            Vec::new(),
        )
        .await
    }

    /// Removes a member: all their sessions and tokens are dead at once. The record goes on naming them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, [`ServiceError::Rejected`] for the last administrator.
    pub async fn remove_member(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        check_administrator(caller)?;
        let mut write = self.store().write().await?;
        let mut member = present_member(&mut write, caller, id).await?;
        let now = self.now();
        member.removed_at = Some(now);
        self.update_member(&mut write, caller, &mut member).await?;
        if member.roles.is_admin() {
            check_one_administrator_left(&mut write, caller).await?;
        }
        let ended = end_all(&mut write, caller, &member, now).await?;
        for team in write.list_teams_of_user(id).await? {
            write.delete_team_member(team, id).await?;
        }
        let object = object(ObjectType::Member, id, &member.full_name);
        self.commit(
            write,
            done(caller, now, Action::Delete, object, Vec::new()),
            ended,
        )
        .await
    }
}
