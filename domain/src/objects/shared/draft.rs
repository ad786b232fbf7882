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
    /// Other objects that it refers to, which must exist.
    pub references: Vec<Reference>,
}

/// A reference of a request to another object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The field that has it.
    pub field: String,
    /// The type of the other object.
    pub kind: ObjectType,
    /// The id of the other object.
    pub id: Id,
}
