//! Checks of requests about shared objects: permissions, versions, references and unique names.

use std::collections::HashSet;

use domain::{
    audit::event::{ObjectType, SharedKind},
    identity::actor::Caller,
    objects::{
        object::Object,
        permissions::{authorize_create, authorize_read},
        shared::{
            data_link::place_of,
            draft::SharedDraft,
            version::{self, OtherVersion},
        },
    },
    platform::{
        document::{Document, reject},
        id::Id,
        limits,
        page::OffsetPage,
    },
};
use store::{Conn, NameFilter, ObjectFilter, Reader};

use crate::{
    objects::{
        dashboards::placement::DashboardInGroup,
        load::{acting, find_all, find_of},
    },
    platform::error::ServiceError,
};

/// Checks that the caller may create, change or delete an object with one of these documents.
pub(super) fn authorize_change<'a>(
    kind: SharedKind,
    caller: &Caller,
    documents: impl IntoIterator<Item = &'a Document>,
) -> Result<(), ServiceError> {
    authorize_create(caller.actor())?;
    let mut documents = documents.into_iter();
    if documents.any(|document| kind.is_for_administrators(document)) {
        caller.authorize_administrator()?;
    }
    Ok(())
}

/// Checks that a request names the present version of an object, if its kind has versions.
pub(super) fn check_version(
    kind: SharedKind,
    given: &Document,
    present: &Object,
) -> Result<(), ServiceError> {
    if !kind.is_versioned() {
        return Ok(());
    }
    version::compare(given, present)?.map_err(|other| superseded(present, other))
}

/// Checks that a request to delete an object names a version that the object has or had. The Terraform provider deletes
/// with the version that it created.
pub(super) fn check_deleted_version(
    given: &Document,
    present: &Object,
) -> Result<(), ServiceError> {
    match version::compare(given, present)? {
        Err(other) if other.given > other.present => Err(superseded(present, other)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn superseded(present: &Object, other: OtherVersion) -> ServiceError {
    ServiceError::Superseded(format!(
        "version: this {} has version {}, not {}.",
        present.kind.words(),
        other.present,
        other.given,
    ))
}

/// Checks that the objects exist that a request refers to, and that the caller may read the dashboards among them. What
/// `before` refers to may have been deleted since, and may be sent back.
pub(super) async fn check_references(
    conn: &mut Conn,
    caller: &Caller,
    draft: &SharedDraft,
    before: Option<&Object>,
) -> Result<(), ServiceError> {
    let known = before.map(Object::references).unwrap_or_default();
    let mut seen: HashSet<String> = known.into_iter().map(|(_, id)| id).collect();
    let mut new = draft.references.clone();
    new.retain(|reference| seen.insert(reference.id.to_string()));
    for kind in [
        ObjectType::Detector,
        ObjectType::Dashboard,
        ObjectType::Shared(SharedKind::Template),
    ] {
        let of_kind: Vec<_> = new.iter().filter(|new| new.kind == kind).collect();
        let ids: Vec<Id> = of_kind.iter().map(|reference| reference.id).collect();
        match find_all(conn, caller, kind, &ids).await? {
            Ok(found) if kind == ObjectType::Dashboard => {
                authorize_dashboards(conn, caller, found).await?;
            }
            Ok(_) => {}
            Err(place) => {
                let what = format!("there is no {} {}", kind.words(), ids[place]);
                return Err(reject(&of_kind[place].field, what).into());
            }
        }
    }
    Ok(())
}

/// Checks that the caller may read these dashboards.
async fn authorize_dashboards(
    conn: &mut Conn,
    caller: &Caller,
    dashboards: Vec<Object>,
) -> Result<(), ServiceError> {
    for dashboard in dashboards {
        let placed = DashboardInGroup::load(conn, dashboard).await?;
        let actor = acting(conn, caller, &placed.protections()).await?;
        authorize_read(&actor, &placed.effective())?;
    }
    Ok(())
}

/// Checks that no other data link has the same property on the same dashboard (docs/contract.md#data-links), and that an
/// organization has one object with archival settings. `id` is the object that the request replaces.
pub(super) async fn check_unique(
    conn: &mut Conn,
    caller: &Caller,
    kind: SharedKind,
    draft: &SharedDraft,
    id: Option<Id>,
) -> Result<(), ServiceError> {
    let of_kind = ObjectType::Shared(kind);
    if kind == SharedKind::ArchivalSettings && id.is_none() {
        let organization_id = caller.organization_id();
        let present = find_of(conn, organization_id, of_kind, organization_id.into()).await?;
        let exist = || ServiceError::Superseded("The settings exist already.".to_owned());
        return present.map_or(Ok(()), |_| Err(exist()));
    }
    if kind != SharedKind::DataLink {
        return Ok(());
    }
    let filter = ObjectFilter {
        name: NameFilter::Whole(draft.name.clone()),
        ..ObjectFilter::all(caller.organization_id(), of_kind, Reader::Everything)
    };
    let all = OffsetPage {
        limit: limits::PAGE_OBJECTS,
        offset: 0,
    };
    let found = conn.page_objects(&filter, all).await?.results;
    let place = place_of(&draft.document);
    let mut others = found.iter().filter(|link| Some(link.id) != id);
    if others.any(|link| place_of(&link.document) == place) {
        let what = format!("another data link has {} there", draft.name);
        return Err(reject("propertyName", what).into());
    }
    Ok(())
}
