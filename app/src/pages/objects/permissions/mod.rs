//! The permissions of an object: the dialog that lists them, and the form that changes them after a preview.
//!
//! Start with `dialog`. May use what its room `objects` may use.

pub mod allowed;
pub mod changes;
pub mod dialog;
pub mod fields;
pub mod form;

#[cfg(feature = "ssr")]
mod choices;
#[cfg(feature = "ssr")]
mod form_server;
#[cfg(feature = "ssr")]
mod names;
#[cfg(feature = "ssr")]
pub(super) mod preview;
#[cfg(feature = "ssr")]
pub(crate) mod principals;
#[cfg(feature = "ssr")]
pub(crate) mod server;
