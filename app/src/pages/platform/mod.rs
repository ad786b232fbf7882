//! Shared kernel: ids, times, names, pages, limits, JSON.

pub mod docs;
#[cfg(feature = "ssr")]
pub mod error_page;
pub mod home;
pub mod not_found;
