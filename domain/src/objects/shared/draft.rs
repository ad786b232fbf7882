//! A parsed request for a shared object.

use crate::{
    audit::event::ObjectType,
    platform::{document::Document, id::Id},
};

/// A parsed request for a shared object.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedDraft {
    /// Its name in lists and in the audit log.
    pub name: String,
    /// The fields stored as given.
    pub document: Document,
    /// Other objects that it refers to, which must exist: the field, their type and their id.
    pub references: Vec<(String, ObjectType, Id)>,
}
