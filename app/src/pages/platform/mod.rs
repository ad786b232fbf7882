//! Pages of no noun: the start page, errors, and the API description.

pub mod docs;
#[cfg(feature = "ssr")]
pub mod error_page;
pub mod home;
pub mod not_found;
