//! Updates of shared objects, and their previews.

use domain::{
    audit::event::{ObjectType, SharedKind},
    identity::actor::Caller,
    objects::{object::Object, shared::version},
    platform::{document::Document, id::Id, masked_webhook::unmasked, timestamp::Timestamp},
};
use store::{Conn, Write};

use super::checks::{authorize_change, check_references, check_unique, check_version};
use crate::{
    objects::{
        handle::Objects,
        load::find,
        update::{check_unchanged, set_content},
    },
    platform::error::ServiceError,
};

impl Objects {
    /// Updates an object. A request that matches what is stored changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] for a caller who may not, [`ServiceError::Rejected`] when the
    /// document breaks a rule, [`ServiceError::Superseded`] when it names an old version.
    pub async fn update_shared(
        &self,
        kind: SharedKind,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        self.update_shared_since(kind, caller, id, given, None)
            .await
    }

    /// Updates an object, unless it was changed since `seen_at`.
    ///
    /// # Errors
    /// [`ServiceError::Superseded`], which names the actor, when it was changed; otherwise as [`Self::update_shared`].
    pub async fn update_shared_unless_changed(
        &self,
        kind: SharedKind,
        caller: &Caller,
        id: Id,
        given: &Document,
        seen_at: Timestamp,
    ) -> Result<Object, ServiceError> {
        self.update_shared_since(kind, caller, id, given, Some(seen_at))
            .await
    }

    /// The object before and after an update. Nothing is stored.
    ///
    /// # Errors
    /// As [`Self::update_shared`].
    pub async fn preview_shared_update(
        &self,
        kind: SharedKind,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<(Object, Object), ServiceError> {
        authorize_change(kind, caller, [])?;
        let mut read = self.platform.store().read().await?;
        let before = find(&mut read, caller, ObjectType::Shared(kind), id).await?;
        let after = self
            .after_update(&mut read, kind, caller, &before, given)
            .await?;
        let after = after.unwrap_or_else(|| before.clone());
        Ok((before, after))
    }

    async fn update_shared_since(
        &self,
        kind: SharedKind,
        caller: &Caller,
        id: Id,
        given: &Document,
        seen_at: Option<Timestamp>,
    ) -> Result<Object, ServiceError> {
        authorize_change(kind, caller, [])?;
        let mut write = self.platform.store().write().await?;
        let before = find(&mut write, caller, ObjectType::Shared(kind), id).await?;
        self.replace_shared(write, kind, caller, before, given, seen_at)
            .await
    }

    /// Updates an object that was read in this write, unless it was changed since `seen_at`.
    pub(super) async fn replace_shared(
        &self,
        mut write: Write,
        kind: SharedKind,
        caller: &Caller,
        before: Object,
        given: &Document,
        seen_at: Option<Timestamp>,
    ) -> Result<Object, ServiceError> {
        let after = self.after_update(&mut write, kind, caller, &before, given);
        let Some(after) = after.await? else {
            return Ok(before);
        };
        check_unchanged(&before, seen_at)?;
        self.store_changed(write, caller, &before, after).await
    }

    /// The object after an update; `None` when the update changes nothing.
    async fn after_update(
        &self,
        conn: &mut Conn,
        kind: SharedKind,
        caller: &Caller,
        before: &Object,
        given: &Document,
    ) -> Result<Option<Object>, ServiceError> {
        let given = &*unmasked(given, &before.document);
        let draft = kind.read(given, Some(before), self.platform.now())?;
        authorize_change(kind, caller, [&before.document, &draft.document])?;
        check_version(kind, given, before)?;
        check_references(conn, caller, &draft, Some(before)).await?;
        check_unique(conn, caller, kind, &draft, Some(before.id)).await?;
        let mut after = before.clone();
        if !set_content(&mut after, draft.name, draft.document, &kind.defaults()) {
            return Ok(None);
        }
        if kind.is_versioned() {
            version::count_up(&mut after.document);
        }
        Ok(Some(after))
    }
}
