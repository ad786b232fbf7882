//! What the pages of all kinds of objects read from the service.

use domain::{identity::actor::Caller, objects::object::Object, platform::id::Id};
use service::{Rights, Service};

use crate::{
    error::UiError,
    model::{
        document::text,
        objects::object::{ObjectRights, ObjectRow},
    },
    request::{if_visible, report},
};

/// An object as a row of a list, without its group.
pub(super) fn row(object: &Object, rights: Rights) -> ObjectRow {
    ObjectRow {
        id: object.id.to_string(),
        name: shown_name(object),
        description: text(&object.document, "description").to_owned(),
        rights: rights.into(),
        group: None,
        updated_at: object.updated.at,
        updated_by: object.updated.by.actor_name.clone(),
    }
}

/// The name of an object, or its id when it has none.
pub(super) fn shown_name(object: &Object) -> String {
    match object.name.as_str() {
        "" => object.id.to_string(),
        name => name.to_owned(),
    }
}

/// The name of a dashboard group; `None` when the caller cannot read it.
pub(super) async fn find_group_name(
    service: &Service,
    caller: &Caller,
    id: Id,
) -> Result<Option<String>, UiError> {
    let found = service.objects().find_dashboard_group(caller, id).await;
    Ok(if_visible(found)?.map(|group| group.name))
}

/// What the caller may do with an object.
pub(super) async fn rights_on(
    service: &Service,
    caller: &Caller,
    object: &Object,
) -> Result<Rights, UiError> {
    let objects = std::slice::from_ref(object);
    let rights = report(service.objects().rights_on(caller, objects).await)?;
    Ok(rights.first().copied().unwrap_or_default())
}

impl From<Rights> for ObjectRights {
    fn from(rights: Rights) -> Self {
        Self {
            edit: rights.write,
            permit: rights.permit,
            delete: rights.delete,
        }
    }
}
