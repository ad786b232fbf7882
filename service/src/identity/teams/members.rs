//! Members of a team: joining, leaving, adding, removing (docs/contract.md#teams).

use domain::{
    audit::event::ObjectType,
    identity::{actor::Caller, denial::PermissionDenied},
    platform::{
        document::reject,
        id::{Id, TeamId, UserId},
        limits::TEAM_MEMBERS,
    },
};

use crate::{
    identity::{
        handle::Teams,
        teams::{checks::check_users, list::TeamView},
    },
    objects::load::find,
    platform::error::ServiceError,
};

impl Teams {
    /// Adds users to a team. Callers with a writing role may add themselves, administrators any user.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] for other callers, [`ServiceError::Rejected`] for an
    /// unknown user.
    pub async fn add_members(
        &self,
        caller: &Caller,
        id: Id,
        user_ids: &[UserId],
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let team = find(&mut write, caller, ObjectType::Team, id).await?;
        if !caller.is_administrator() {
            let joins = is_exactly(caller, user_ids) && caller.actor().roles().is_writer();
            allow(joins)?;
        }
        check_users(&mut write, caller, user_ids).await?;
        let before = TeamView::of(&mut write, team).await?;
        if before.members.len() + user_ids.len() > TEAM_MEMBERS {
            let what = format!("a team has at most {TEAM_MEMBERS} members");
            return Err(reject("members", what).into());
        }
        let stamp = self.platform.stamp(caller);
        for user_id in user_ids {
            write
                .insert_team_member(TeamId(id), *user_id, stamp.at)
                .await?;
        }
        let team = before.team.clone();
        self.store(write, caller, &stamp, &before, team).await?;
        Ok(())
    }

    /// Removes users from a team. Users may remove themselves, administrators any user.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] for other callers, [`ServiceError::Rejected`] for an
    /// unknown user.
    pub async fn remove_members(
        &self,
        caller: &Caller,
        id: Id,
        user_ids: &[UserId],
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let team = find(&mut write, caller, ObjectType::Team, id).await?;
        if !caller.is_administrator() {
            allow(is_exactly(caller, user_ids))?;
        }
        let before = TeamView::of(&mut write, team).await?;
        // A former member of the organization can still be removed from its teams.
        let mut strangers = user_ids.to_vec();
        strangers.retain(|user_id| !before.members.contains(user_id));
        check_users(&mut write, caller, &strangers).await?;
        for user_id in user_ids {
            write.delete_team_member(TeamId(id), *user_id).await?;
        }
        let (stamp, team) = (self.platform.stamp(caller), before.team.clone());
        self.store(write, caller, &stamp, &before, team).await?;
        Ok(())
    }
}

/// Whether a caller who is not an administrator names only themself. An org token cannot join or leave.
fn is_exactly(caller: &Caller, user_ids: &[UserId]) -> bool {
    caller.user().is_some_and(|user| user_ids == [user.id])
}

fn allow(allowed: bool) -> Result<(), ServiceError> {
    if allowed {
        Ok(())
    } else {
        Err(PermissionDenied.into())
    }
}
