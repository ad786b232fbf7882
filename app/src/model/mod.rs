//! What pages show, as plain data. Nothing here uses a page or the service.

pub mod audit;
#[cfg(feature = "ssr")]
pub(crate) mod document;
pub mod integrations;
pub mod objects;
pub mod usage;
