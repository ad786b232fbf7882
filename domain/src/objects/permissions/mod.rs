//! Permissions on dashboards, dashboard groups, charts and detectors (docs/contract.md#permissions).
//!
//! Start with [`Protection`], which is stored with an item. [`Effective`] is the ACL that follows from it;
//! [`may_read`], [`may_write`] and [`may_permit`] evaluate it. [`PermissionRequest`] is the change that a request asks
//! for, [`CurrentPermissions`] has the permission fields of a response, and an `authorize_…` function authorizes one
//! operation. Whether a caller may call a route at all is checked before, in [`crate::identity::access`].
//!
//! May use what its room `objects` may use.

mod decision;
mod difference;
mod effective;
mod given;
mod kind;
mod protection;
mod request;
mod shown;

pub use decision::{
    Change, Denied, authorize_clone, authorize_create, authorize_create_dashboard,
    authorize_delete, authorize_delete_dashboard, authorize_move, authorize_read, authorize_update,
    authorize_write,
};
pub use difference::{AccessDifference, Level, differences, has_writer};
pub use effective::{Effective, may_permit, may_read, may_write, principals};
pub use kind::ItemKind;
pub use protection::{AclEntry, Principal, Protection, Right, Writers};
pub use request::{PermissionChange, PermissionRequest};
pub use shown::{CurrentPermissions, Item};

#[cfg(test)]
mod tests;
