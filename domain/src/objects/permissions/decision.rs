//! Authorization of operations on items: one function for each operation of docs/contract.md#decision-table.

use thiserror::Error;

use super::effective::{Effective, may_permit, may_read, may_write};
use crate::identity::actor::Actor;

/// The operation is denied (403). The messages are fixed (docs/contract.md#errors).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Denied {
    /// The actor may not read the item.
    #[error("Unauthorized request.")]
    Read,
    /// The actor may not write the item.
    #[error("Unauthorized update.")]
    Write,
}

/// What an update changes, after its permission fields were parsed ([`super::PermissionRequest`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// Content, or nothing: an update without a difference is still an update.
    Content,
    /// Only permissions.
    Permissions,
    /// Content and permissions.
    Both {
        /// The effective ACL after the update, in the group that the dashboard is in then.
        after: &'a Effective,
    },
}

impl<'a> Change<'a> {
    /// Classifies an update. `after` is the effective ACL that results when the update changes permissions, else
    /// `None`.
    #[must_use]
    pub const fn of(content_changed: bool, after: Option<&'a Effective>) -> Self {
        match (content_changed, after) {
            (_, None) => Self::Content,
            (false, Some(_)) => Self::Permissions,
            (true, Some(after)) => Self::Both { after },
        }
    }
}

/// GET of an item, or its row in a list.
///
/// # Errors
/// [`Denied::Read`] without READ.
pub fn authorize_read(actor: &Actor, item: &Effective) -> Result<(), Denied> {
    allow(may_read(actor, item), Denied::Read)
}

/// PUT of an item. A move to another group is a change of content and also needs [`authorize_move`].
///
/// # Errors
/// [`Denied::Write`] when content changes without WRITE, or permissions change without MAY-PERMIT. An unlisted
/// administrator may change both at once if the new permissions list them, as if they had granted it first.
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

/// Other changes of an item: enable or disable a detector, add, change or delete a chart of a dashboard, link or unlink
/// a group or detector to a team, add a mirror to a group.
///
/// # Errors
/// [`Denied::Write`] without WRITE.
pub fn authorize_write(actor: &Actor, item: &Effective) -> Result<(), Denied> {
    allow(may_write(actor, item), Denied::Write)
}

/// POST of a group, detector or chart, or of a dashboard together with a new group; with or without permissions.
///
/// # Errors
/// [`Denied::Write`] without role power or admin.
pub fn authorize_create(actor: &Actor) -> Result<(), Denied> {
    allow(actor.is_writer(), Denied::Write)
}

/// POST of a dashboard in an existing group.
///
/// # Errors
/// [`Denied::Write`] without WRITE on the group.
pub fn authorize_create_dashboard(actor: &Actor, group: &Effective) -> Result<(), Denied> {
    authorize_write(actor, group)
}

/// Move of a dashboard to another group. [`authorize_update`] on the dashboard is required as well.
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

/// DELETE of a detector, or of a group with its own dashboards, regardless of *their* permissions. For a dashboard see
/// [`authorize_delete_dashboard`].
///
/// # Errors
/// [`Denied::Write`] without WRITE.
pub fn authorize_delete(actor: &Actor, item: &Effective) -> Result<(), Denied> {
    authorize_write(actor, item)
}

/// DELETE of a dashboard.
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

/// Clone of a dashboard into a group.
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
