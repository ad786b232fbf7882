//! Whether an operation on an item goes ahead: one function a row of the table in docs/contract.md#decision-table.
//!
//! Each takes the effective ACL of what it touches. An operation that touches several items needs all of them.

use thiserror::Error;

use super::effective::{Effective, may_permit, may_read, may_write};
use crate::identity::actor::Actor;

/// The caller may not do this to the item (403). The texts are fixed (docs/contract.md#errors).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Denied {
    /// They may not see it.
    #[error("Unauthorized request.")]
    Read,
    /// They may not change it.
    #[error("Unauthorized update.")]
    Write,
}

/// What an update changes, after its permission fields were read ([`super::PermissionRequest`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// Content, or nothing at all: an update that is identical to what is stored still is one.
    Content,
    /// Permissions and nothing else.
    Permissions,
    /// Content and permissions, which come to this.
    Both {
        /// The effective ACL once the update is stored, in the group the dashboard is in then.
        after: &'a Effective,
    },
}

impl<'a> Change<'a> {
    /// Sorts an update: `after` is the effective ACL it leads to when it changes permissions, else `None`.
    #[must_use]
    pub const fn of(content_changed: bool, after: Option<&'a Effective>) -> Self {
        match (content_changed, after) {
            (_, None) => Self::Content,
            (false, Some(_)) => Self::Permissions,
            (true, Some(after)) => Self::Both { after },
        }
    }
}

/// GET an item, or show it in a list.
///
/// # Errors
/// [`Denied::Read`] without READ.
pub fn authorize_read(actor: &Actor, item: &Effective) -> Result<(), Denied> {
    allow(may_read(actor, item), Denied::Read)
}

/// PUT an item. A move to another group is content, and needs [`authorize_move`] too.
///
/// # Errors
/// [`Denied::Write`] when content changes without WRITE, or permissions without MAY-PERMIT. An administrator who is
/// not listed may change both at once if the new permissions list them: as if they had granted themself first.
pub fn authorize_update(
    actor: &Actor,
    before: &Effective,
    change: Change<'_>,
) -> Result<(), Denied> {
    let allowed = match change {
        Change::Content => may_write(actor, before),
        Change::Permissions => may_permit(actor, before),
        Change::Both { after } => {
            may_permit(actor, before) && (may_write(actor, before) || may_write(actor, after))
        }
    };
    allow(allowed, Denied::Write)
}

/// Change an item in a way of its own: enable or disable a detector, add, change or delete a chart of a dashboard,
/// link or unlink a group or detector to a team, add a mirror to a group.
///
/// # Errors
/// [`Denied::Write`] without WRITE.
pub fn authorize_write(actor: &Actor, item: &Effective) -> Result<(), Denied> {
    allow(may_write(actor, item), Denied::Write)
}

/// POST a group, detector or chart, or a dashboard together with a new group; with or without permissions.
///
/// # Errors
/// [`Denied::Write`] without role power or admin.
pub fn authorize_create(actor: &Actor) -> Result<(), Denied> {
    allow(actor.roles().is_writer(), Denied::Write)
}

/// POST a dashboard in a group that exists.
///
/// # Errors
/// [`Denied::Write`] without WRITE on the group.
pub fn authorize_create_dashboard(actor: &Actor, group: &Effective) -> Result<(), Denied> {
    authorize_write(actor, group)
}

/// Move a dashboard from one group to another, besides whatever [`authorize_update`] says of the dashboard.
///
/// # Errors
/// [`Denied::Write`] without WRITE on both groups.
pub fn authorize_move(
    actor: &Actor,
    old_group: &Effective,
    new_group: &Effective,
) -> Result<(), Denied> {
    authorize_write(actor, old_group).and_then(|()| authorize_write(actor, new_group))
}

/// DELETE a group, with its own dashboards whatever *their* permissions, or a detector. A dashboard has
/// [`authorize_delete_dashboard`].
///
/// # Errors
/// [`Denied::Write`] without WRITE.
pub fn authorize_delete(actor: &Actor, item: &Effective) -> Result<(), Denied> {
    authorize_write(actor, item)
}

/// DELETE a dashboard.
///
/// # Errors
/// [`Denied::Write`] without WRITE on the dashboard and on its group.
pub fn authorize_delete_dashboard(
    actor: &Actor,
    dashboard: &Effective,
    group: &Effective,
) -> Result<(), Denied> {
    authorize_write(actor, dashboard).and_then(|()| authorize_write(actor, group))
}

/// Clone a dashboard into a group.
///
/// # Errors
/// [`Denied::Read`] without READ on the source, [`Denied::Write`] without WRITE on the target group.
pub fn authorize_clone(
    actor: &Actor,
    source: &Effective,
    target_group: &Effective,
) -> Result<(), Denied> {
    authorize_read(actor, source).and_then(|()| authorize_write(actor, target_group))
}

fn allow(allowed: bool, denied: Denied) -> Result<(), Denied> {
    if allowed { Ok(()) } else { Err(denied) }
}
