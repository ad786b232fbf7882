//! Audit events of objects: the fields before and after a change, with the names of the API.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType, changes_between},
    identity::{actor::Caller, team},
    integrations,
    objects::{
        chart, dashboard, dashboard_group, detector,
        object::{Object, Stamp},
        permissions::{CurrentPermissions, Item, Protection},
        shared::version::VERSION,
    },
    platform::{
        document::{Document, beyond_defaults},
        notification::without_secrets,
    },
};
use serde_json::{Value, json};

use crate::{
    audit::commit::{done, object},
    objects::handle::Objects,
};

impl Objects {
    /// A new object without restrictions, not stored yet.
    pub(crate) fn new_object(
        &self,
        caller: &Caller,
        kind: ObjectType,
        name: String,
        document: Document,
    ) -> Object {
        let stamp = self.platform.stamp(caller);
        Object {
            id: self.platform.new_id(),
            organization_id: caller.organization_id(),
            kind,
            name,
            parent_id: None,
            document,
            protection: Protection::Open,
            created: stamp.clone(),
            updated: stamp,
        }
    }
}

/// The kind of item in the permission rules; `None` for an object without permissions of its own.
#[must_use]
pub fn item_of(object: &Object) -> Option<Item> {
    match object.kind {
        ObjectType::DashboardGroup => Some(Item::Group),
        ObjectType::Detector => Some(Item::Detector),
        ObjectType::Dashboard => object
            .parent_id
            .map(|group_id| Item::Dashboard { group_id }),
        ObjectType::Chart
        | ObjectType::Integration
        | ObjectType::Team
        | ObjectType::Shared(_)
        | ObjectType::Catalog(_)
        | ObjectType::OrgToken
        | ObjectType::Token
        | ObjectType::Session
        | ObjectType::Member
        | ObjectType::Organization
        | ObjectType::AuditLog
        | ObjectType::MasterKey
        | ObjectType::Unknown => None,
    }
}

/// The defaults of the fields of an object's document.
fn defaults_of(object: &Object) -> Vec<(&'static str, Value)> {
    match object.kind {
        ObjectType::Dashboard => dashboard::defaults(),
        ObjectType::DashboardGroup => dashboard_group::defaults(),
        ObjectType::Chart => chart::defaults(),
        ObjectType::Detector => detector::defaults(),
        ObjectType::Integration => integrations::defaults(&object.document),
        ObjectType::Team => team::defaults(),
        ObjectType::Shared(kind) => kind.defaults(),
        ObjectType::Catalog(_)
        | ObjectType::OrgToken
        | ObjectType::Token
        | ObjectType::Session
        | ObjectType::Member
        | ObjectType::Organization
        | ObjectType::AuditLog
        | ObjectType::MasterKey
        | ObjectType::Unknown => Vec::new(),
    }
}

/// The fields of an object that audit events compare, with the names of the API, without managed fields and fields that
/// have their default.
pub(crate) fn fields(object: &Object) -> Document {
    let mut fields = Document::new();
    let name_field = if let ObjectType::Shared(kind) = object.kind {
        kind.name_field()
    } else {
        Some("name")
    };
    if let Some(field) = name_field {
        fields.insert(field.to_owned(), json!(object.name));
    }
    if object.kind == ObjectType::Dashboard {
        fields.insert("groupId".to_owned(), json!(object.parent_id));
    }
    let said = beyond_defaults(&object.document, &defaults_of(object));
    fields.extend(without_secrets(said));
    if matches!(object.kind, ObjectType::Shared(kind) if kind.is_versioned()) {
        // It follows from the other changes.
        fields.shift_remove(VERSION);
    }
    if let Some(item) = item_of(object) {
        let present = CurrentPermissions {
            item,
            organization_id: object.organization_id,
            protection: &object.protection,
        };
        fields.insert("authorizedWriters".to_owned(), present.authorized_writers());
        if let Some(permissions) = present.permissions() {
            fields.insert("permissions".to_owned(), permissions);
        }
    }
    fields
}

/// The event of a creation.
pub(crate) fn created(caller: &Caller, stamp: &Stamp, after: &Object) -> AuditEvent {
    event(
        caller,
        stamp,
        Action::Create,
        after,
        &Document::new(),
        &fields(after),
    )
}

/// The event of an update.
pub(crate) fn updated(
    caller: &Caller,
    stamp: &Stamp,
    before: &Object,
    after: &Object,
) -> AuditEvent {
    event(
        caller,
        stamp,
        Action::Update,
        after,
        &fields(before),
        &fields(after),
    )
}

/// The event of a deletion.
pub(crate) fn deleted(caller: &Caller, stamp: &Stamp, before: &Object) -> AuditEvent {
    event(
        caller,
        stamp,
        Action::Delete,
        before,
        &fields(before),
        &Document::new(),
    )
}

/// The event of an operation that changes the fields of an object from `before` to `after`.
pub(crate) fn event(
    caller: &Caller,
    stamp: &Stamp,
    action: Action,
    about: &Object,
    before: &Document,
    after: &Document,
) -> AuditEvent {
    let about = object(about.kind, about.id, about.name.clone());
    done(
        caller,
        stamp.at,
        action,
        about,
        changes_between(before, after),
    )
}
