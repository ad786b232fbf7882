//! What the pages of all kinds of objects read from the service.

use domain::objects::object::Object;
use service::Rights;

use crate::model::{
    document::text,
    objects::object::{May, ObjectRow},
};

/// An object as a row of a list.
pub(crate) fn row(object: &Object, rights: Rights) -> ObjectRow {
    ObjectRow {
        id: object.id.to_string(),
        name: object.name.clone(),
        description: text(&object.document, "description").to_owned(),
        may: rights.into(),
        group: None,
        updated_at: object.updated.at,
        updated_by: object.updated.by.actor_name.clone(),
    }
}

impl From<Rights> for May {
    fn from(rights: Rights) -> Self {
        Self {
            edit: rights.write,
            permit: rights.permit,
            delete: rights.delete,
        }
    }
}
