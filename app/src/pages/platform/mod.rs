//! The frame around pages, the start page, errors, and the API description.

pub mod administrators_only;
pub mod docs;
#[cfg(feature = "ssr")]
pub mod error_page;
pub mod frame;
pub mod home;
pub mod not_found;
pub mod sign_out;
