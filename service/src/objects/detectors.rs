//! Detectors: list, find, create, change, enable, disable, delete, validate (docs/contract.md#detectors). Everybody
//! reads them.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::{
        detector::{self, DetectorDraft, with_rules_disabled},
        object::{Object, Relation},
        permissions::{
            Change, CurrentPermissions, Effective, Item, PermissionChange, PermissionRequest,
            Protection, authorize_create, authorize_delete, authorize_update, authorize_write,
        },
    },
    platform::{
        document::{Document, same_content},
        id::Id,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
};
use store::{Conn, ReadAccess};

use crate::{
    objects::{
        access::{ListQuery, acting, check_principals, check_teams, find, well_formed},
        changes::{created, deleted, updated},
        editing::check_unchanged,
        handle::Objects,
    },
    platform::error::ServiceError,
};

impl Objects {
    /// The detectors of the organization.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database cannot be asked.
    pub async fn list_detectors(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        self.list_objects(caller, ObjectType::Detector, query, page)
            .await
    }

    /// A detector.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none.
    pub async fn find_detector(&self, caller: &Caller, id: Id) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        find(&mut read, caller, ObjectType::Detector, id).await
    }

    /// Makes a detector.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not write at all, [`ServiceError::Rejected`] when the document breaks
    /// a rule.
    pub async fn create_detector(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        let (draft, change) = judge_new(caller, given)?;
        let mut write = self.platform.store().write().await?;
        check_named(&mut write, caller, &draft, change.as_ref()).await?;
        let stamp = self.platform.stamp(caller);
        let detector = Object {
            id: self.platform.new_id(),
            organization_id: caller.organization_id(),
            kind: ObjectType::Detector,
            name: draft.name,
            parent_id: None,
            document: draft.document,
            protection: change.map_or(Protection::Open, |change| change.protection),
            created: stamp.clone(),
            updated: stamp.clone(),
        };
        write
            .insert_object(&detector, &ReadAccess::default())
            .await?;
        let event = created(caller, &stamp, &detector);
        self.audit.commit(write, event).await?;
        Ok(detector)
    }

    /// Changes a detector or who may write it. A request that says what is stored changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] by docs/contract.md#decision-table,
    /// [`ServiceError::Rejected`] when the document breaks a rule.
    pub async fn update_detector(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        self.update_detector_seen(caller, id, given, None).await
    }

    /// Changes a detector, unless somebody did since it was `seen_at`.
    pub(crate) async fn update_detector_seen(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
        seen_at: Option<Timestamp>,
    ) -> Result<Object, ServiceError> {
        let mut write = self.platform.store().write().await?;
        let before = find(&mut write, caller, ObjectType::Detector, id).await?;
        let Some(after) = judge(&mut write, caller, &before, given).await? else {
            return Ok(before);
        };
        check_unchanged(&before, seen_at)?;
        self.store_detector(write, caller, before, after).await
    }

    /// Disables the rules of these labels, or enables them. No labels: nothing changes.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] without WRITE, [`ServiceError::Rejected`] when no rule has one
    /// of the labels.
    pub async fn set_rules_disabled(
        &self,
        caller: &Caller,
        id: Id,
        labels: &[String],
        disabled: bool,
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let before = find(&mut write, caller, ObjectType::Detector, id).await?;
        let actor = acting(&mut write, caller, &[&before.protection]).await?;
        authorize_write(&actor, &effective(&before))?;
        let mut after = before.clone();
        after.document = with_rules_disabled(after.document, labels, disabled)?;
        if after.document == before.document {
            return Ok(());
        }
        self.store_detector(write, caller, before, after).await?;
        Ok(())
    }

    async fn store_detector(
        &self,
        mut write: store::Write,
        caller: &Caller,
        before: Object,
        mut after: Object,
    ) -> Result<Object, ServiceError> {
        after.updated = self.platform.stamp(caller);
        write
            .update_object(&before, &after, &ReadAccess::default())
            .await?;
        let event = updated(caller, &after.updated, &before, &after);
        self.audit.commit(write, event).await?;
        Ok(after)
    }

    /// Deletes a detector.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] without WRITE.
    pub async fn delete_detector(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let detector = find(&mut write, caller, ObjectType::Detector, id).await?;
        let actor = acting(&mut write, caller, &[&detector.protection]).await?;
        authorize_delete(&actor, &effective(&detector))?;
        write.delete_object(id).await?;
        let event = deleted(caller, &self.platform.stamp(caller), &detector);
        self.audit.commit(write, event).await
    }

    /// Judges a detector that is not stored.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not make one, [`ServiceError::Rejected`] with what is wrong.
    pub async fn validate_detector(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<(), ServiceError> {
        let (draft, change) = judge_new(caller, given)?;
        let mut read = self.platform.store().read().await?;
        check_named(&mut read, caller, &draft, change.as_ref()).await
    }
}

pub(crate) fn effective(detector: &Object) -> Effective {
    Effective::of(detector.organization_id, &detector.protection)
}

/// What a document makes a new detector, by itself.
fn judge_new(
    caller: &Caller,
    given: &Document,
) -> Result<(DetectorDraft, Option<PermissionChange>), ServiceError> {
    authorize_create(caller.actor())?;
    let draft = DetectorDraft::read(given, None)?;
    let present = CurrentPermissions::of_new(Item::Detector, caller.organization_id());
    let change = match PermissionRequest::read(given, &present)? {
        PermissionRequest::Unchanged => None,
        PermissionRequest::Change(change) => Some(change),
    };
    Ok((draft, change))
}

/// Whether whoever a new detector names is there.
async fn check_named(
    conn: &mut Conn,
    caller: &Caller,
    draft: &DetectorDraft,
    change: Option<&PermissionChange>,
) -> Result<(), ServiceError> {
    check_teams(conn, caller, &draft.team_ids).await?;
    check_principals(conn, caller, change).await
}

/// What an update makes of a detector, once it is known that it may be stored; `None` when nothing is to be stored.
pub(crate) async fn judge(
    conn: &mut Conn,
    caller: &Caller,
    before: &Object,
    given: &Document,
) -> Result<Option<Object>, ServiceError> {
    let present = CurrentPermissions {
        item: Item::Detector,
        organization_id: before.organization_id,
        protection: &before.protection,
    };
    let permissions = PermissionRequest::read(given, &present);
    let mut protections = vec![&before.protection];
    if let Ok(PermissionRequest::Change(change)) = &permissions {
        protections.push(&change.protection);
    }
    let actor = acting(conn, caller, &protections).await?;
    let draft = DetectorDraft::read(given, Some((&before.name, &before.document)));
    let (mut draft, change) = well_formed(&actor, &effective(before), draft, permissions)?;
    let same = same_content(&before.document, &draft.document, &detector::defaults());
    let mut after = before.clone();
    after.name = draft.name;
    if !same {
        after.document = draft.document;
    }
    if let Some(change) = &change {
        after.protection = change.protection.clone();
    }
    let content_changed = !same || after.name != before.name;
    let after_effective = change.as_ref().map(|_| effective(&after));
    let sort = Change::of(content_changed, after_effective.as_ref());
    authorize_update(&actor, &effective(before), sort)?;
    let linked = before.references();
    let is_linked = |id: &Id| linked.contains(&(Relation::Team, id.to_string()));
    draft.team_ids.retain(|id| !is_linked(id));
    check_teams(conn, caller, &draft.team_ids).await?;
    check_principals(conn, caller, change.as_ref()).await?;
    Ok((content_changed || change.is_some()).then_some(after))
}
