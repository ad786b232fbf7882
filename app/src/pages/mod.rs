//! The pages, by room. A file has the page first, then its parts, then its server functions.

pub mod audit;
pub mod identity;
pub mod integrations;
pub mod objects;
pub mod platform;
pub mod tokens;
pub mod usage;
