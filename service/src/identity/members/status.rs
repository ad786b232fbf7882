//! Disabling, enabling and removing members. The last administrator cannot be disabled or removed.

use domain::{
    audit::{
        event::{Action, ObjectType},
        events::Events,
    },
    identity::actor::Caller,
    platform::id::UserId,
};

use crate::{
    audit::commit::{done, object},
    identity::{
        handle::Members,
        members::checks::{check_one_administrator_left, present_member},
        sessions::end::{end_all, end_sessions},
    },
    platform::error::ServiceError,
};

impl Members {
    /// Disables a member: they cannot sign in, their sessions end, and their tokens are not live until they are
    /// enabled.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist, [`ServiceError::Rejected`] for the last administrator.
    pub async fn disable(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let mut write = self.platform.store().write().await?;
        let mut member = present_member(&mut write, caller, id).await?;
        if member.disabled_at.is_some() {
            return Ok(());
        }
        let now = self.platform.now();
        member.disabled_at = Some(now);
        self.store(&mut write, caller, &mut member).await?;
        if member.roles.is_admin() {
            check_one_administrator_left(&mut write, caller).await?;
        }
        let ended = end_sessions(&mut write, caller, &member, None, now).await?;
        let object = object(ObjectType::Member, id, &member.full_name);
        let event = done(caller, now, Action::Disable, object, Vec::new());
        self.audit.commit(write, Events::of(event, ended)).await
    }

    /// Enables a disabled member.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist.
    pub async fn enable(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let mut write = self.platform.store().write().await?;
        let mut member = present_member(&mut write, caller, id).await?;
        if member.disabled_at.take().is_none() {
            return Ok(());
        }
        self.store(&mut write, caller, &mut member).await?;
        let object = object(ObjectType::Member, id, &member.full_name);
        let now = self.platform.now();
        let event = done(caller, now, Action::Enable, object, Vec::new());
        self.audit.commit(write, event).await
    }

    /// Deletes the failed sign-ins of a member, so that they do not limit further attempts. The limits of networks
    /// stay.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist.
    pub async fn unlock(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        let mut write = self.platform.store().write().await?;
        let member = present_member(&mut write, caller, id).await?;
        if write.forgive_all_failures(&member.email).await? == 0 {
            return Ok(());
        }
        let object = object(ObjectType::Member, id, &member.full_name);
        let event = done(
            caller,
            self.platform.now(),
            Action::Unlock,
            object,
            Vec::new(),
        );
        self.audit.commit(write, event).await
    }

    /// Removes a member and ends all their sessions and tokens. The audit log keeps their name.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when they do not exist, [`ServiceError::Rejected`] for the last administrator.
    pub async fn remove(&self, caller: &Caller, id: UserId) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        caller.authorize_recent(self.platform.now())?;
        let mut write = self.platform.store().write().await?;
        let mut member = present_member(&mut write, caller, id).await?;
        let now = self.platform.now();
        member.removed_at = Some(now);
        self.store(&mut write, caller, &mut member).await?;
        if member.roles.is_admin() {
            check_one_administrator_left(&mut write, caller).await?;
        }
        let ended = end_all(&mut write, caller, &member, now).await?;
        for team in write.list_teams_of_user(id).await? {
            write.delete_team_member(team, id).await?;
        }
        let object = object(ObjectType::Member, id, &member.full_name);
        let event = done(caller, now, Action::Delete, object, Vec::new());
        self.audit.commit(write, Events::of(event, ended)).await
    }
}
