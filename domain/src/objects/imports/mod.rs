//! What the objects of another organization become here: which fields are copied, and which ids and people replace
//! those of the source (docs/operations.md#moving-from-splunk-observability-cloud).
//!
//! Start with [`mapping::mapped`].

pub mod canonical;
pub mod kind;
pub mod known;
pub mod mapping;
pub mod not_mapped;
pub(crate) mod notifications;
pub(crate) mod people;
pub(crate) mod permissions;

#[cfg(test)]
mod tests;
