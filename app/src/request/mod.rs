//! The request as pages see it, on the server: the service, the caller, headers and cookies.

pub mod context;
pub(crate) mod cookies;
pub(crate) mod form;
pub(crate) mod notices;
pub(crate) mod parameters;
pub(crate) mod posted;
