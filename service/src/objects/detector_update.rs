//! Updating a detector: its content and its writers.

use domain::{
    audit::event::ObjectType,
    identity::actor::{Actor, Caller},
    objects::{
        detector::{self, DetectorDraft},
        object::{Object, Relation},
        permissions::{Item, PermissionRequest},
    },
    platform::{document::Document, id::Id, masked_webhook::unmasked, rejection::Rejected},
};
use store::{Conn, ReadAccess, Write};

use crate::{
    objects::{
        access::{authorize_change, effective, load_permissions, well_formed},
        references::{References, principals_of},
        update::{Updatable, Update, set_content},
    },
    platform::{error::ServiceError, handle::Platform},
};

/// A detector.
pub(crate) struct Detector(Object);

/// A request to update a detector.
pub(crate) struct DetectorRequest {
    actor: Actor,
    draft: Result<DetectorDraft, Rejected>,
    permissions: Result<PermissionRequest, Rejected>,
}

impl Updatable for Detector {
    type Request = DetectorRequest;

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
    ) -> Result<DetectorRequest, ServiceError> {
        let detector = &self.0;
        let (actor, permissions) =
            load_permissions(conn, caller, Item::Detector, detector, given).await?;
        let given = unmasked(given, &detector.document);
        Ok(DetectorRequest {
            actor,
            draft: DetectorDraft::read(&given, Some((&detector.name, &detector.document))),
            permissions,
        })
    }

    fn decide(
        &self,
        request: DetectorRequest,
        _new_id: &dyn Fn() -> Id,
    ) -> Result<Option<Update<Self>>, ServiceError> {
        let (before, actor) = (&self.0, request.actor);
        let rights = effective(before);
        let (draft, change) = well_formed(&actor, &rights, request.draft, request.permissions)?;
        let mut after = before.clone();
        let defaults = detector::defaults();
        let is_changed = set_content(&mut after, draft.name, draft.document, &defaults);
        authorize_change(&actor, before, &mut after, is_changed, change.as_ref())?;
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
