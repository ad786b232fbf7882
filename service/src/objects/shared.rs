//! Shared objects: list, find, create, update, delete, validate (docs/contract.md#shared-objects). Every member reads
//! them; every caller with a writing role changes them.

use std::collections::HashSet;

use domain::{
    audit::event::{ObjectType, SharedKind},
    identity::actor::Caller,
    objects::{
        object::Object,
        permissions::{authorize_create, authorize_read},
        shared::{
            alert_muting::{MutingFilter, state_at},
            data_link::place_of,
            draft::SharedDraft,
        },
    },
    platform::{
        document::{Document, reject},
        id::Id,
        limits,
        page::{OffsetPage, Page},
    },
};
use store::{Conn, NameFilter, ObjectFilter, ReadAccess, Reader};

use crate::{
    audit::creation::Creation,
    objects::{
        changes::{created, deleted, updated},
        dashboards::placement::DashboardInGroup,
        handle::Objects,
        list::ListQuery,
        load::{acting, find, find_all},
        update::set_content,
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
        let mut found = self.list_shared(kind, caller, query, all).await?.results;
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
    /// [`ServiceError::Denied`] for a caller without a writing role, [`ServiceError::Rejected`] when the document
    /// breaks a rule.
    pub async fn create_shared(
        &self,
        kind: SharedKind,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        authorize_create(caller.actor())?;
        let draft = kind.read(given, None, self.platform.now())?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(object) => return Ok(object),
        };
        check_references(&mut write, caller, &draft, None).await?;
        check_unique(&mut write, caller, kind, &draft, None).await?;
        let kind = ObjectType::Shared(kind);
        let object = self.new_object(caller, kind, draft.name, draft.document);
        write.insert_object(&object, &ReadAccess::default()).await?;
        let event = created(caller, &object.created, &object);
        self.audit
            .commit_creation(write, caller, event, &object)
            .await?;
        Ok(object)
    }

    /// Updates an object. A request that matches what is stored changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] for a caller without a writing role,
    /// [`ServiceError::Rejected`] when the document breaks a rule.
    pub async fn update_shared(
        &self,
        kind: SharedKind,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        authorize_create(caller.actor())?;
        let mut write = self.platform.store().write().await?;
        let before = find(&mut write, caller, ObjectType::Shared(kind), id).await?;
        let draft = kind.read(given, Some(&before), self.platform.now())?;
        check_references(&mut write, caller, &draft, Some(&before)).await?;
        check_unique(&mut write, caller, kind, &draft, Some(id)).await?;
        let mut after = before.clone();
        if !set_content(&mut after, draft.name, draft.document, &kind.defaults()) {
            return Ok(before);
        }
        after.updated = self.platform.stamp(caller);
        write
            .update_object(&before, &after, &ReadAccess::default())
            .await?;
        let event = updated(caller, &after.updated, &before, &after);
        self.audit.commit(write, event).await?;
        Ok(after)
    }

    /// Deletes an object.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] for a caller without a writing role.
    pub async fn delete_shared(
        &self,
        kind: SharedKind,
        caller: &Caller,
        id: Id,
    ) -> Result<(), ServiceError> {
        authorize_create(caller.actor())?;
        let mut write = self.platform.store().write().await?;
        let object = find(&mut write, caller, ObjectType::Shared(kind), id).await?;
        write.delete_object(id).await?;
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
        authorize_create(caller.actor())?;
        let draft = kind.read(given, None, self.platform.now())?;
        let mut read = self.platform.store().read().await?;
        check_references(&mut read, caller, &draft, None).await
    }
}

/// Checks that the objects exist that a request refers to, and that the caller may read the dashboards among them. What
/// `before` refers to may have been deleted since, and may be sent back.
async fn check_references(
    conn: &mut Conn,
    caller: &Caller,
    draft: &SharedDraft,
    before: Option<&Object>,
) -> Result<(), ServiceError> {
    let known = before.map(Object::references).unwrap_or_default();
    let mut seen: HashSet<String> = known.into_iter().map(|(_, id)| id).collect();
    let mut new = draft.references.clone();
    new.retain(|reference| seen.insert(reference.id.to_string()));
    for kind in [ObjectType::Detector, ObjectType::Dashboard] {
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

/// Checks that no other data link has the same property on the same dashboard (docs/contract.md#data-links). `id` is
/// the link that the request replaces.
async fn check_unique(
    conn: &mut Conn,
    caller: &Caller,
    kind: SharedKind,
    draft: &SharedDraft,
    id: Option<Id>,
) -> Result<(), ServiceError> {
    if kind != SharedKind::DataLink {
        return Ok(());
    }
    let of_kind = ObjectType::Shared(kind);
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
