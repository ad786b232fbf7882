//! Checks of members in an operation: that they exist, and that an administrator remains.

use domain::{
    identity::actor::Caller,
    platform::{id::UserId, rejection::Rejected},
};
use store::{Conn, Member, Write};

use crate::platform::error::ServiceError;

/// The member with this id, unless they were removed.
pub(crate) async fn present_member(
    conn: &mut Conn,
    caller: &Caller,
    id: UserId,
) -> Result<Member, ServiceError> {
    let found = conn.find_member(id).await?;
    found
        .filter(|member| {
            member.organization_id == caller.organization_id() && member.removed_at.is_none()
        })
        .ok_or_else(|| ServiceError::not_found("member"))
}

/// Rejects a change that removes the last administrator. Dropping the write rolls it back.
pub(crate) async fn check_one_administrator_left(
    write: &mut Write,
    caller: &Caller,
) -> Result<(), ServiceError> {
    if write.count_administrators(caller.organization_id()).await? == 0 {
        return Err(Rejected::field("roles", "The last administrator cannot be removed.").into());
    }
    Ok(())
}
