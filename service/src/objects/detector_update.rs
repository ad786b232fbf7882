//! Updating a detector: its content and its writers.

use domain::{
    audit::event::ObjectType,
    identity::actor::{Actor, Caller},
    objects::{
        detector::{self, DetectorDraft},
        object::{Object, Relation},
        permissions::{Change, CurrentPermissions, Item, PermissionRequest, authorize_update},
    },
    platform::{document::Document, id::Id, rejection::Rejected},
};
use store::{Conn, ReadAccess, Write};

use crate::{
    objects::{
        access::{effective, well_formed},
        load::acting,
        references::{References, principals_of},
        update::{Updatable, Update, set_content},
    },
    platform::{error::ServiceError, handle::Platform},
};

/// A detector.
pub(crate) struct Detector(Object);

/// A request to update a detector.
pub(crate) struct Request {
    actor: Actor,
    draft: Result<DetectorDraft, Rejected>,
    permissions: Result<PermissionRequest, Rejected>,
}

impl Updatable for Detector {
    type Request = Request;

    const KIND: ObjectType = ObjectType::Detector;

    fn object(&self) -> &Object {
        &self.0
    }

    fn object_mut(&mut self) -> &mut Object {
        &mut self.0
    }

    async fn load_with(_conn: &mut Conn, detector: Object) -> Result<Self, ServiceError> {
        Ok(Self(detector))
    }

    async fn load_request(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        given: &Document,
    ) -> Result<Request, ServiceError> {
        let detector = &self.0;
        let current = CurrentPermissions {
            item: Item::Detector,
            organization_id: detector.organization_id,
            protection: &detector.protection,
        };
        let permissions = PermissionRequest::read(given, &current);
        let mut protections = vec![&detector.protection];
        if let Ok(PermissionRequest::Change(change)) = &permissions {
            protections.push(&change.protection);
        }
        Ok(Request {
            actor: acting(conn, caller, &protections).await?,
            draft: DetectorDraft::read(given, Some((&detector.name, &detector.document))),
            permissions,
        })
    }

    fn decide(
        &self,
        request: Request,
        _new_id: &dyn Fn() -> Id,
    ) -> Result<Option<Update<Self>>, ServiceError> {
        let (before, actor) = (&self.0, request.actor);
        let rights = effective(before);
        let (draft, change) = well_formed(&actor, &rights, request.draft, request.permissions)?;
        let mut after = before.clone();
        let defaults = detector::defaults();
        let is_changed = set_content(&mut after, draft.name, draft.document, &defaults);
        if let Some(change) = &change {
            after.protection = change.protection.clone();
        }
        let new_rights = change.as_ref().map(|_| effective(&after));
        let sort = Change::of(is_changed, new_rights.as_ref());
        authorize_update(&actor, &rights, sort)?;
        // Teams that are linked already may have been deleted.
        let linked = before.references();
        let mut teams = draft.team_ids;
        teams.retain(|id| !linked.contains(&(Relation::Team, id.to_string())));
        let references = References {
            teams,
            principals: principals_of(change.as_ref()).to_vec(),
            ..References::default()
        };
        let after = Self(after);
        let is_changed = is_changed || change.is_some();
        Ok(is_changed.then_some(Update { after, references }))
    }

    async fn write(
        &self,
        write: &mut Write,
        after: &Self,
        _platform: &Platform,
    ) -> Result<(), ServiceError> {
        let access = ReadAccess::default();
        Ok(write.update_object(&self.0, &after.0, &access).await?)
    }
}
