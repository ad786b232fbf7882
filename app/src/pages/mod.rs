//! The pages, one file each: the page first, its parts, its server functions last.

pub mod audit;
pub mod identity;
pub mod integrations;
pub mod objects;
pub mod platform;
pub mod tokens;
pub mod usage;
