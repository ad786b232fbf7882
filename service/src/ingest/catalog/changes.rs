//! Audit events of entries of the metric catalog: the fields before and after a change, with the names of the API.

use domain::{
    audit::event::{Action, AuditEvent, CatalogKind, ObjectRef, ObjectType, changes_between},
    identity::actor::Caller,
    ingest::MetricType,
    platform::{
        document::{Document, beyond_defaults},
        timestamp::Timestamp,
    },
};
use serde_json::json;
use store::CatalogEntry;

use crate::audit::commit::{done, object};

/// The entry as an object of events and Info.
pub(super) fn object_of(entry: &CatalogEntry) -> ObjectRef {
    object(
        ObjectType::Catalog(entry.name.kind),
        entry.id,
        entry.name.shown(),
    )
}

/// The event of an operation on an entry; `None` where it does not exist.
pub(super) fn event(
    caller: &Caller,
    at: Timestamp,
    before: Option<&CatalogEntry>,
    after: Option<&CatalogEntry>,
) -> Option<AuditEvent> {
    let action = match (before, after) {
        (_, None) => Action::Delete,
        (None, Some(_)) => Action::Create,
        (Some(_), Some(_)) => Action::Update,
    };
    let about = object_of(after.or(before)?);
    let fields = |entry: Option<&CatalogEntry>| entry.map(fields).unwrap_or_default();
    let changes = changes_between(&fields(before), &fields(after));
    Some(done(caller, at, action, about, changes))
}

fn fields(entry: &CatalogEntry) -> Document {
    let mut fields = Document::new();
    match entry.name.kind {
        CatalogKind::Dimension => {
            fields.insert("key".to_owned(), json!(entry.name.name));
            fields.insert("value".to_owned(), json!(entry.name.value));
        }
        CatalogKind::Metric | CatalogKind::Tag => {
            fields.insert("name".to_owned(), json!(entry.name.name));
        }
    }
    if let Some(metric_type) = entry.metric_type {
        fields.insert("type".to_owned(), json!(MetricType::label(metric_type)));
    }
    fields.extend(beyond_defaults(&entry.document, &[]));
    fields
}
