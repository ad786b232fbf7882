//! Shared objects, read from the service as pages show them.

use domain::{
    identity::actor::Caller,
    objects::{object::Object, shared::alert_muting::MutingFilter},
    platform::{document::Document, id::Id, notification::without_secrets, timestamp::Timestamp},
};
use service::Service;

use super::{data_link, facts::Facts, muting_rule, slo};
use crate::{
    error::UiError,
    model::objects::{
        content_kind::SharedContentKind,
        object::{ObjectRights, ObjectRow},
        shared::{SharedDetail, SharedList, SharedQuery, SharedRow},
    },
    pages::objects::{recipients::Recipients, server::shown_name},
    request::{parameters, report},
};

/// A page of the list.
pub(super) async fn list(
    service: &Service,
    caller: &Caller,
    kind: SharedContentKind,
    query: SharedQuery,
) -> Result<SharedList, UiError> {
    let page = parameters::page(query.page);
    let state = MutingFilter::from_label(&query.state).unwrap_or_default();
    let list_query = parameters::by_name(query.search, query.sort);
    let objects = service.objects();
    let found = match kind {
        SharedContentKind::AlertMuting => {
            objects
                .list_muting_rules(caller, state, &list_query, page)
                .await
        }
        SharedContentKind::DataLink | SharedContentKind::Slo => {
            objects
                .list_shared(kind.kind(), caller, &list_query, page)
                .await
        }
    };
    let found = report(found)?;
    let now = service.now();
    let rows = found.results.iter();
    Ok(SharedList {
        count: found.count,
        rows: rows.map(|object| row(kind, caller, object, now)).collect(),
    })
}

/// An object with what it does.
pub(super) async fn detail(
    service: &Service,
    caller: &Caller,
    kind: SharedContentKind,
    id: Id,
) -> Result<SharedDetail, UiError> {
    let mut object = report(service.objects().find_shared(kind.kind(), caller, id).await)?;
    object.document = without_secrets(object.document);
    let Facts {
        facts,
        sections,
        program,
    } = facts(service, caller, kind, &object.document).await?;
    Ok(SharedDetail {
        row: row(kind, caller, &object, service.now()),
        created_at: object.created.at,
        created_by: object.created.by.actor_name,
        facts,
        sections,
        program,
    })
}

async fn facts(
    service: &Service,
    caller: &Caller,
    kind: SharedContentKind,
    document: &Document,
) -> Result<Facts, UiError> {
    match kind {
        SharedContentKind::AlertMuting => muting_rule::facts(service, caller, document).await,
        SharedContentKind::DataLink => data_link::facts(service, caller, document).await,
        SharedContentKind::Slo => slo::facts(document, &mut Recipients::new(service, caller)).await,
    }
}

fn row(kind: SharedContentKind, caller: &Caller, object: &Object, now: Timestamp) -> SharedRow {
    let document = &object.document;
    let is_writer = caller.actor().roles().is_writer();
    let (state, summary, description) = match kind {
        SharedContentKind::AlertMuting => (
            muting_rule::state(document, now),
            muting_rule::summary(document),
            "",
        ),
        SharedContentKind::DataLink => (String::new(), data_link::summary(document), ""),
        SharedContentKind::Slo => (
            String::new(),
            slo::summary(document),
            crate::model::document::text(document, "description"),
        ),
    };
    SharedRow {
        object: ObjectRow {
            id: object.id.to_string(),
            name: shown_name(object),
            description: description.to_owned(),
            rights: ObjectRights {
                edit: is_writer,
                permit: false,
                delete: is_writer,
            },
            group: None,
            updated_at: object.updated.at,
            updated_by: object.updated.by.actor_name.clone(),
        },
        state,
        summary,
    }
}
