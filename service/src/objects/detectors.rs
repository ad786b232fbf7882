//! Detectors: list, find, create, update, enable, disable, delete, validate (docs/contract.md#detectors). Every member
//! may read them.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::{
        detector::{DetectorDraft, with_rules_disabled},
        object::Object,
        permissions::{
            CurrentPermissions, Item, PermissionChange, PermissionRequest, authorize_create,
            authorize_delete, authorize_write,
        },
    },
    platform::{
        document::Document,
        id::Id,
        page::{OffsetPage, Page},
    },
};
use store::{Conn, ReadAccess};

use crate::{
    audit::creation::Creation,
    objects::{
        access::{change_of, effective},
        changes::{created, deleted},
        detector_update::Detector,
        handle::Objects,
        list::ListQuery,
        load::{acting, find},
        references::{check_principals, check_teams, principals_of},
        webhook_secrets::readable_one,
    },
    platform::error::ServiceError,
};

impl Objects {
    /// Lists the detectors of the organization.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list_detectors(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        let found = self
            .list_objects(caller, ObjectType::Detector, query, page)
            .await?;
        Ok(Page {
            results: self.readable_all(caller, found.results).await?,
            count: found.count,
        })
    }

    /// Finds a detector.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist.
    pub async fn find_detector(&self, caller: &Caller, id: Id) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let detector = find(&mut read, caller, ObjectType::Detector, id).await?;
        readable_one(&mut read, caller, detector).await
    }

    /// Creates a detector.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller without a writing role, [`ServiceError::Rejected`] when the document
    /// breaks a rule.
    pub async fn create_detector(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        let (draft, change) = parse_new(caller, given)?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(detector) => return Ok(detector),
        };
        check_references(&mut write, caller, &draft, change.as_ref()).await?;
        let kind = ObjectType::Detector;
        let mut detector = self.new_object(caller, kind, draft.name, draft.document);
        if let Some(change) = change {
            detector.protection = change.protection;
        }
        write
            .insert_object(&detector, &ReadAccess::default())
            .await?;
        let event = created(caller, &detector.created, &detector);
        self.audit
            .commit_creation(write, caller, event, &detector)
            .await?;
        Ok(detector)
    }

    /// Updates a detector or its writers. A request that matches what is stored changes nothing.
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
        self.update::<Detector>(caller, id, given, None).await
    }

    /// Disables or enables the rules with these labels. Without labels nothing changes.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] without WRITE, [`ServiceError::Rejected`] when no rule has
    /// one of the labels.
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
        self.store_changed(write, caller, &before, after).await?;
        Ok(())
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

    /// Validates a detector without storing it.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not create one, [`ServiceError::Rejected`] with the reason.
    pub async fn validate_detector(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<(), ServiceError> {
        let (draft, change) = parse_new(caller, given)?;
        let mut read = self.platform.store().read().await?;
        check_references(&mut read, caller, &draft, change.as_ref()).await
    }
}

/// Parses the request for a new detector.
fn parse_new(
    caller: &Caller,
    given: &Document,
) -> Result<(DetectorDraft, Option<PermissionChange>), ServiceError> {
    authorize_create(caller.actor())?;
    let draft = DetectorDraft::read(given, None)?;
    let present = CurrentPermissions::of_new(Item::Detector, caller.organization_id());
    let change = change_of(PermissionRequest::read(given, &present)?);
    Ok((draft, change))
}

/// Checks that the teams and users that a new detector refers to exist.
async fn check_references(
    conn: &mut Conn,
    caller: &Caller,
    draft: &DetectorDraft,
    change: Option<&PermissionChange>,
) -> Result<(), ServiceError> {
    check_teams(conn, caller, &draft.team_ids).await?;
    check_principals(conn, caller, principals_of(change)).await
}
