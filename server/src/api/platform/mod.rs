//! Shared kernel: ids, times, names, pages, limits, JSON.

pub mod auth_guard;
pub mod body;
pub mod error;
pub mod openapi;
pub mod path;
pub mod response;
pub mod route;
pub(crate) mod schema;
