//! Shared objects: list, find, create, update, delete, validate (docs/contract.md#shared-objects). Every member reads
//! them; every caller with a writing role changes them, but for some that only administrators change.

mod archival;
mod checks;
pub(crate) mod directory;
mod slo_charts;
pub(crate) mod templates;
mod update;

use domain::{
    audit::event::{ObjectType, SharedKind},
    identity::actor::Caller,
    objects::{
        object::Object,
        shared::{
            alert_muting::{MutingFilter, state_at},
            draft::SharedDraft,
        },
    },
    platform::{
        document::Document,
        id::Id,
        limits,
        page::{OffsetPage, Page},
    },
};
use store::{ReadAccess, Write};

use self::checks::{authorize_change, check_references, check_unique};
use crate::{
    audit::creation::Creation,
    objects::{
        changes::{created, deleted},
        handle::Objects,
        list::ListQuery,
        load::find,
        webhook_secrets::readable_one,
    },
    platform::error::ServiceError,
};

impl Objects {
    /// Lists the objects of a kind.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list_shared(
        &self,
        kind: SharedKind,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        let kind = ObjectType::Shared(kind);
        let found = self.list_objects(caller, kind, query, page).await?;
        Ok(Page {
            results: self.readable_all(caller, found.results).await?,
            count: found.count,
        })
    }

    /// Lists the alert muting rules that the filter includes now.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list_muting_rules(
        &self,
        caller: &Caller,
        filter: MutingFilter,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        let kind = SharedKind::AlertMuting;
        if filter == MutingFilter::All {
            return self.list_shared(kind, caller, query, page).await;
        }
        // The state follows the clock, so that no index has it.
        let all = OffsetPage {
            limit: limits::PAGE_OBJECTS,
            offset: 0,
        };
        // Rules have no webhooks, whose secrets would have to be masked.
        let of_kind = ObjectType::Shared(kind);
        let mut found = self
            .list_objects(caller, of_kind, query, all)
            .await?
            .results;
        let now = self.platform.now();
        found.retain(|rule| filter.includes(state_at(&rule.document, now)));
        Ok(Page::of_all(found, page))
    }

    /// Finds an object.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist.
    pub async fn find_shared(
        &self,
        kind: SharedKind,
        caller: &Caller,
        id: Id,
    ) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let object = find(&mut read, caller, ObjectType::Shared(kind), id).await?;
        readable_one(&mut read, caller, object).await
    }

    /// Creates an object.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not, [`ServiceError::Rejected`] when the document breaks a rule,
    /// [`ServiceError::Superseded`] when the organization already has its only object of this kind.
    pub async fn create_shared(
        &self,
        kind: SharedKind,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        authorize_change(kind, caller, [])?;
        let draft = kind.read(given, None, self.platform.now())?;
        authorize_change(kind, caller, [&draft.document])?;
        let write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(object) => return Ok(object),
        };
        self.insert_draft(write, kind, caller, draft).await
    }

    /// Creates an object in an open write.
    async fn insert_shared(
        &self,
        write: Write,
        kind: SharedKind,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        let draft = kind.read(given, None, self.platform.now())?;
        authorize_change(kind, caller, [&draft.document])?;
        self.insert_draft(write, kind, caller, draft).await
    }

    async fn insert_draft(
        &self,
        mut write: Write,
        kind: SharedKind,
        caller: &Caller,
        draft: SharedDraft,
    ) -> Result<Object, ServiceError> {
        check_references(&mut write, caller, &draft, None).await?;
        check_unique(&mut write, caller, kind, &draft, None).await?;
        let of_kind = ObjectType::Shared(kind);
        let mut object = self.new_object(caller, of_kind, draft.name, draft.document);
        if kind == SharedKind::ArchivalSettings {
            // An organization has one, so that its id is known.
            object.id = caller.organization_id().into();
        }
        write.insert_object(&object, &ReadAccess::default()).await?;
        let event = created(caller, &object.created, &object);
        self.audit
            .commit_creation(write, caller, event, &object)
            .await?;
        Ok(object)
    }

    /// Deletes an object.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] for a caller who may not.
    pub async fn delete_shared(
        &self,
        kind: SharedKind,
        caller: &Caller,
        id: Id,
    ) -> Result<(), ServiceError> {
        authorize_change(kind, caller, [])?;
        let mut write = self.platform.store().write().await?;
        let object = find(&mut write, caller, ObjectType::Shared(kind), id).await?;
        authorize_change(kind, caller, [&object.document])?;
        self.remove_shared(write, caller, object).await
    }

    /// Deletes an object that was read in this write, after all checks.
    async fn remove_shared(
        &self,
        mut write: Write,
        caller: &Caller,
        object: Object,
    ) -> Result<(), ServiceError> {
        write.delete_object(object.id).await?;
        let event = deleted(caller, &self.platform.stamp(caller), &object);
        self.audit.commit(write, event).await
    }

    /// Validates an object without storing it.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not create one, [`ServiceError::Rejected`] with the reason.
    pub async fn validate_shared(
        &self,
        kind: SharedKind,
        caller: &Caller,
        given: &Document,
    ) -> Result<(), ServiceError> {
        authorize_change(kind, caller, [])?;
        let draft = kind.read(given, None, self.platform.now())?;
        let mut read = self.platform.store().read().await?;
        check_references(&mut read, caller, &draft, None).await
    }
}
