//! Limits on invitations: their addresses and their number (docs/contract.md#invitations).

use domain::platform::{id::OrganizationId, limits, rejection::Rejected, timestamp::Timestamp};
use store::Conn;

use crate::platform::error::ServiceError;

/// Checks that no member has this address.
pub(crate) async fn check_no_member(conn: &mut Conn, email: &str) -> Result<(), ServiceError> {
    match conn.find_member_by_email(email).await? {
        None => Ok(()),
        Some(_) => {
            let message = format!("A member with the email {email} exists already.");
            Err(Rejected::field("email", message).into())
        }
    }
}

/// Checks that the address belongs to no member and was not invited recently.
pub(crate) async fn check_address(
    conn: &mut Conn,
    organization_id: OrganizationId,
    email: &str,
    now: Timestamp,
) -> Result<(), ServiceError> {
    check_no_member(conn, email).await?;
    let last = conn.find_last_invited_at(organization_id, email).await?;
    let again_at = last.map(|last| last.plus_seconds(limits::INVITATION_REPEAT_SECONDS));
    match again_at.filter(|again_at| now < *again_at) {
        None => Ok(()),
        Some(again_at) => Err(ServiceError::Limited {
            retry_after_seconds: seconds_until(again_at, now),
            message: format!(
                "Email {email} was already invited to this org recently; please wait before inviting them again."
            ),
        }),
    }
}

/// Checks the limit on invitations per day.
pub(crate) async fn check_day(
    conn: &mut Conn,
    organization_id: OrganizationId,
    more: usize,
    now: Timestamp,
) -> Result<(), ServiceError> {
    let (count, first) = conn
        .count_invitations(organization_id, now.plus_days(-1))
        .await?;
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    if count.saturating_add(more) <= limits::INVITATIONS_PER_DAY {
        return Ok(());
    }
    Err(ServiceError::Limited {
        retry_after_seconds: seconds_until(first.unwrap_or(now).plus_days(1), now),
        message: "Too many invites sent; please wait before inviting more users to this org."
            .to_owned(),
    })
}

/// Seconds to wait, rounded up.
fn seconds_until(then: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(then.millis_since(now)).map_or(1, |millis| millis.div_ceil(1_000).max(1))
}
