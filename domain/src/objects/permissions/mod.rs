//! Permissions on dashboards, dashboard groups, charts and detectors (docs/contract.md#permissions).
//!
//! [`Protection`] is stored with an item. [`Effective`] is the ACL it is equivalent to; [`may_read`], [`may_write`] and
//! [`may_permit`] evaluate it. [`PermissionRequest`] is the change that a request asks for, [`Present`] the permission
//! fields of a response, and a `decide_…` function authorizes one operation. Whether a caller may call a route at all
//! is checked before, in [`crate::identity::access`].

mod decision;
mod difference;
mod effective;
mod kind;
mod protection;
mod request;
mod shown;

pub use decision::{
    Change, Denied, decide_clone, decide_create, decide_create_dashboard, decide_delete,
    decide_delete_dashboard, decide_move, decide_read, decide_update, decide_write,
};
pub use difference::{Difference, Level, differences, has_writer};
pub use effective::{Effective, may_permit, may_read, may_write, principals};
pub use kind::ItemKind;
pub use protection::{AclEntry, Principal, Protection, Right, Writers};
pub use request::{PermissionChange, PermissionRequest};
pub use shown::{Item, Present};

#[cfg(test)]
mod tests;
