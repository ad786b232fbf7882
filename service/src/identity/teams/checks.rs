//! Checks of a team before it is stored: its name and its members.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    platform::{
        document::reject,
        id::{Id, UserId},
    },
};
use store::Conn;

use crate::platform::error::ServiceError;

pub(crate) async fn check_name(
    conn: &mut Conn,
    caller: &Caller,
    name: &str,
    id: Option<Id>,
) -> Result<(), ServiceError> {
    let taken = conn
        .find_object_by_name(caller.organization_id(), ObjectType::Team, name)
        .await?;
    match taken {
        Some(team) if Some(team.id) != id => {
            Err(reject("name", format!("there is a team {name} already")).into())
        }
        Some(_) | None => Ok(()),
    }
}

pub(crate) async fn check_users(
    conn: &mut Conn,
    caller: &Caller,
    user_ids: &[UserId],
) -> Result<(), ServiceError> {
    for user_id in user_ids {
        let member = conn.find_member(*user_id).await?;
        let is_present = member.is_some_and(|member| {
            member.removed_at.is_none() && member.organization_id == caller.organization_id()
        });
        if !is_present {
            return Err(reject("members", format!("there is no user {user_id}")).into());
        }
    }
    Ok(())
}
