//! What the record is told of a change of an object: its fields before and after, in the words of the API.

use domain::{
    acl::{Item, Present},
    actor::Caller,
    audit::{Action, Attribution, AuditEvent, ObjectType, changes_between},
    notification::without_secrets,
    object::{Document, Object, Stamp},
};
use serde_json::json;

use crate::{
    open::Service,
    record::{done, object},
};

impl Service {
    /// When it is and who does it: whole milliseconds, so that what the API says is what is stored.
    pub(crate) fn stamp(&self, caller: &Caller) -> Stamp {
        Stamp {
            at: self.now().to_whole_millis(),
            by: Attribution::of(caller),
        }
    }
}

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
        | ObjectType::Organization => None,
    }
}

/// An object in the words of the API, without what the server manages: what the record compares.
pub(crate) fn told(object: &Object) -> Document {
    let mut told = Document::new();
    told.insert("name".to_owned(), json!(object.name));
    if object.kind == ObjectType::Dashboard {
        told.insert("groupId".to_owned(), json!(object.parent_id));
    }
    told.extend(without_secrets(object.document.clone()));
    if let Some(item) = item_of(object) {
        let present = Present {
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
