//!

pub mod detail;
pub(crate) mod filters;
pub mod grid;
pub mod list;
