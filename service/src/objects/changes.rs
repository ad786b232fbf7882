//! What the record is told of a change of an object: its fields before and after, in the words of the API.

use domain::{
    audit::event::{Action, AuditEvent, ObjectType, changes_between},
    identity::{actor::Caller, team},
    integrations,
    objects::{
        chart, dashboard, dashboard_group, detector,
        object::{Object, Stamp},
        permissions::{CurrentPermissions, Item},
    },
    platform::{
        document::{Document, beyond_defaults},
        notification::without_secrets,
    },
};
use serde_json::{Value, json};

use crate::audit::commit::{done, object};

/// What sort of item an object is in the rules on permissions; `None` for what has no permissions of its own.
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
        | ObjectType::OrgToken
        | ObjectType::Token
        | ObjectType::Session
        | ObjectType::Member
        | ObjectType::Organization
        | ObjectType::AuditLog => None,
    }
}

/// What an object's document says when it says nothing.
fn defaults_of(object: &Object) -> Vec<(&'static str, Value)> {
    match object.kind {
        ObjectType::Dashboard => dashboard::defaults(),
        ObjectType::DashboardGroup => dashboard_group::defaults(),
        ObjectType::Chart => chart::defaults(),
        ObjectType::Detector => detector::defaults(),
        ObjectType::Integration => integrations::defaults(&object.document),
        ObjectType::Team => team::defaults(),
        ObjectType::OrgToken
        | ObjectType::Token
        | ObjectType::Session
        | ObjectType::Member
        | ObjectType::Organization
        | ObjectType::AuditLog => Vec::new(),
    }
}

/// An object in the words of the API, without what the server manages and what only spells out a default: what the
/// record compares.
pub(crate) fn told(object: &Object) -> Document {
    let mut told = Document::new();
    told.insert("name".to_owned(), json!(object.name));
    if object.kind == ObjectType::Dashboard {
        told.insert("groupId".to_owned(), json!(object.parent_id));
    }
    let said = beyond_defaults(&object.document, &defaults_of(object));
    told.extend(without_secrets(said));
    if let Some(item) = item_of(object) {
        let present = CurrentPermissions {
            item,
            organization_id: object.organization_id,
            protection: &object.protection,
        };
        told.insert("authorizedWriters".to_owned(), present.authorized_writers());
        if let Some(permissions) = present.permissions() {
            told.insert("permissions".to_owned(), permissions);
        }
    }
    told
}

/// The event of an object that was made.
pub(crate) fn created(caller: &Caller, stamp: &Stamp, after: &Object) -> AuditEvent {
    event(
        caller,
        stamp,
        Action::Create,
        after,
        &Document::new(),
        &told(after),
    )
}

/// The event of an object that was changed.
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
        &told(before),
        &told(after),
    )
}

/// The event of an object that was deleted.
pub(crate) fn deleted(caller: &Caller, stamp: &Stamp, before: &Object) -> AuditEvent {
    event(
        caller,
        stamp,
        Action::Delete,
        before,
        &told(before),
        &Document::new(),
    )
}

/// The event of an act on an object that takes its fields from one document to another.
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
