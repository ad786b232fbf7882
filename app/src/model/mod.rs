//! What pages show, as plain data, by room. Start with `platform`, which has the shape of every list. Files may use
//! [`crate::error`] and each other. Nothing here uses a page. Only conversions
//! behind the feature `ssr` use the service.

pub mod audit;
#[cfg(feature = "ssr")]
pub(crate) mod document;
pub mod identity;
pub mod ingest;
pub mod integrations;
pub mod objects;
pub mod platform;
pub mod tokens;
pub mod usage;
