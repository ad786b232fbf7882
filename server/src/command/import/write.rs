//! Creating and updating objects of each kind, with the operations that the API uses.

use domain::{
    audit::event::{ActorType, SharedKind},
    identity::actor::Caller,
    objects::{imports::kind::ImportKind, object::Object},
    platform::{document::Document, id::Id},
};
use serde_json::Value;
use service::{Service, ServiceError};

/// Creates an object.
pub(super) async fn create(
    service: &Service,
    caller: &Caller,
    kind: ImportKind,
    given: &Document,
) -> Result<Id, ServiceError> {
    let objects = service.objects();
    let created = match kind {
        ImportKind::Integration => {
            service
                .integrations()
                .create(caller, given)
                .await?
                .integration
        }
        ImportKind::Team => service.identity().teams().create(caller, given).await?.team,
        ImportKind::Detector => objects.create_detector(caller, given).await?,
        ImportKind::DashboardGroup => objects.create_dashboard_group(caller, given, true).await?,
        ImportKind::Chart => objects.create_chart(caller, given).await?,
        ImportKind::Dashboard => objects.create_dashboard(caller, given).await?,
        ImportKind::Slo => {
            objects
                .create_shared(SharedKind::Slo, caller, given)
                .await?
        }
        ImportKind::DataLink => {
            objects
                .create_shared(SharedKind::DataLink, caller, given)
                .await?
        }
        ImportKind::AlertMuting => {
            objects
                .create_shared(SharedKind::AlertMuting, caller, given)
                .await?
        }
    };
    Ok(created.id)
}

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Done,
    Nothing,
    /// A user changed the object here, and it did not change at the source.
    Kept,
}

/// Updates an object. One that a user changed here is only updated if it is `changed_at_source`.
pub(super) async fn update(
    service: &Service,
    caller: &Caller,
    kind: ImportKind,
    id: Id,
    given: &Document,
    changed_at_source: bool,
) -> Result<Change, ServiceError> {
    let before = find(service, caller, kind, id).await?;
    if !changed_at_source && before.updated.by.actor_type != ActorType::System {
        return Ok(Change::Kept);
    }
    let mut given = given.clone();
    if kind == ImportKind::Integration {
        // Whether it is enabled is decided here, where its secrets are.
        let enabled = before.document.get("enabled").cloned();
        given.insert("enabled".to_owned(), enabled.unwrap_or(Value::Bool(true)));
    }
    let after = replace(service, caller, kind, id, &given).await?;
    Ok(if after.updated == before.updated {
        Change::Nothing
    } else {
        Change::Done
    })
}

async fn replace(
    service: &Service,
    caller: &Caller,
    kind: ImportKind,
    id: Id,
    given: &Document,
) -> Result<Object, ServiceError> {
    let objects = service.objects();
    Ok(match kind {
        ImportKind::Integration => {
            service
                .integrations()
                .update(caller, id, given)
                .await?
                .integration
        }
        ImportKind::Team => {
            service
                .identity()
                .teams()
                .update(caller, id, given)
                .await?
                .team
        }
        ImportKind::Detector => objects.update_detector(caller, id, given).await?,
        ImportKind::DashboardGroup => objects.update_dashboard_group(caller, id, given).await?,
        ImportKind::Chart => objects.update_chart(caller, id, given).await?,
        ImportKind::Dashboard => objects.update_dashboard(caller, id, given).await?,
        ImportKind::Slo => {
            objects
                .update_shared(SharedKind::Slo, caller, id, given)
                .await?
        }
        ImportKind::DataLink => {
            objects
                .update_shared(SharedKind::DataLink, caller, id, given)
                .await?
        }
        ImportKind::AlertMuting => {
            objects
                .update_shared(SharedKind::AlertMuting, caller, id, given)
                .await?
        }
    })
}

async fn find(
    service: &Service,
    caller: &Caller,
    kind: ImportKind,
    id: Id,
) -> Result<Object, ServiceError> {
    let objects = service.objects();
    Ok(match kind {
        ImportKind::Integration => service.integrations().find(caller, id).await?.integration,
        ImportKind::Team => service.identity().teams().find(caller, id).await?.team,
        ImportKind::Detector => objects.find_detector(caller, id).await?,
        ImportKind::DashboardGroup => objects.find_dashboard_group(caller, id).await?,
        ImportKind::Chart => objects.find_chart(caller, id).await?,
        ImportKind::Dashboard => objects.find_dashboard(caller, id).await?,
        ImportKind::Slo => objects.find_shared(SharedKind::Slo, caller, id).await?,
        ImportKind::DataLink => {
            objects
                .find_shared(SharedKind::DataLink, caller, id)
                .await?
        }
        ImportKind::AlertMuting => {
            objects
                .find_shared(SharedKind::AlertMuting, caller, id)
                .await?
        }
    })
}
