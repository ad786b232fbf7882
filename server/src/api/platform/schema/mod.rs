//! Shapes that requests and responses of several rooms share. They are described and never built: documents are kept
//! and echoed as clients sent them (docs/contract.md#updates). Start with `values`.
//! May use what its room `platform` may use.

mod filters;
mod notification;
mod permissions;
mod requests;
mod values;

pub(crate) use filters::{Filters, TextOrTexts};
pub(crate) use notification::Notification;
pub(crate) use permissions::{Permissions, PermissionsGiven, Stamps, WritersBody, WritersGiven};
pub(crate) use requests::{PageParameters, ToCreate, ToUpdate, ValidationParameters};
pub(crate) use values::{AnyObject, Anything, AsGiven, GivenId, IdText, Nothing, TokenKindLabel};
