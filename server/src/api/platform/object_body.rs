//! Objects as the API returns them: the document, the permissions, and the managed fields
//! (docs/contract.md#managed-fields, docs/contract.md#permission-fields).

use domain::{
    objects::{object::Object, permissions::CurrentPermissions},
    platform::document::Document,
};
use serde_json::{Value, json};

/// Returns an object: the document's fields in the order of `defaults`, then fields that only the server sets.
pub(crate) fn object_body(
    object: &Object,
    defaults: Vec<(&'static str, Value)>,
    managed: impl IntoIterator<Item = (&'static str, Value)>,
) -> Document {
    let mut body = Document::new();
    body.insert("id".to_owned(), json!(object.id));
    body.insert("name".to_owned(), json!(object.name));
    for (field, default) in defaults {
        let given = object.document.get(field).cloned();
        body.insert(field.to_owned(), given.unwrap_or(default));
    }
    for (field, value) in &object.document {
        if !body.contains_key(field) {
            body.insert(field.clone(), value.clone());
        }
    }
    body.extend(permissions(object));
    body.extend(named(managed));
    body.extend(named(stamps(object)));
    body
}

fn named(
    fields: impl IntoIterator<Item = (&'static str, Value)>,
) -> impl Iterator<Item = (String, Value)> {
    let fields = fields.into_iter();
    fields.map(|(field, value)| (field.to_owned(), value))
}

fn stamps(object: &Object) -> [(&'static str, Value); 4] {
    [
        ("created", json!(object.created.at.as_millis())),
        ("lastUpdated", json!(object.updated.at.as_millis())),
        ("creator", json!(object.created.by.actor_id)),
        ("lastUpdatedBy", json!(object.updated.by.actor_id)),
    ]
}

fn permissions(object: &Object) -> Document {
    let mut body = Document::new();
    let Some(item) = service::item_of(object) else {
        return body;
    };
    let current = CurrentPermissions {
        item,
        organization_id: object.organization_id,
        protection: &object.protection,
    };
    body.insert("authorizedWriters".to_owned(), current.authorized_writers());
    if let Some(permissions) = current.permissions() {
        body.insert("permissions".to_owned(), permissions);
    }
    body
}
