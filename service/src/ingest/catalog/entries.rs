//! Dimensions, metrics and tags: find, create or replace, delete (docs/contract.md#metric-catalog). Every member reads
//! them; every caller with a writing role changes them.

use domain::{
    audit::event::CatalogKind,
    identity::actor::Caller,
    ingest::{
        MetricType,
        catalog::{draft::EntryDraft, names::EntryName},
    },
    objects::permissions::authorize_create,
    platform::{
        document::{Document, reject, same_content},
        id::Id,
        limits,
    },
};
use store::{CatalogEntry, Write};

use super::changes::{event, object_of};
use crate::{audit::info::subject::Subject, ingest::handle::Ingest, platform::error::ServiceError};

impl Ingest {
    /// Finds a dimension, metric or tag.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when no data was sent for it and no request created it.
    pub async fn find_entry(
        &self,
        caller: &Caller,
        name: &EntryName,
    ) -> Result<CatalogEntry, ServiceError> {
        let id = name.id(caller.organization_id());
        self.find_entry_by_id(caller, name.kind, id).await
    }

    /// Finds a dimension, metric or tag by its id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist.
    pub async fn find_entry_by_id(
        &self,
        caller: &Caller,
        kind: CatalogKind,
        id: Id,
    ) -> Result<CatalogEntry, ServiceError> {
        self.catch_up_catalog().await;
        let found = self
            .platform
            .store()
            .read()
            .await?
            .find_catalog_entry(id)
            .await?;
        let found = found.filter(|entry| {
            entry.organization_id == caller.organization_id() && entry.name.kind == kind
        });
        found.ok_or_else(|| ServiceError::not_found(kind.words()))
    }

    /// The subject of Info about a dimension, metric or tag.
    pub(crate) async fn entry_subject(
        &self,
        caller: &Caller,
        kind: CatalogKind,
        id: Id,
    ) -> Result<Subject, ServiceError> {
        let entry = self.find_entry_by_id(caller, kind, id).await?;
        let object = object_of(&entry);
        Ok(Subject::present(object, entry.created, entry.updated))
    }

    /// Replaces what requests gave an entry, or creates it. A request that matches what is stored changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller without a writing role, [`ServiceError::Rejected`] when the name or the
    /// document breaks a rule, or there are [`limits::CATALOG_ENTRIES`].
    pub async fn put_entry(
        &self,
        caller: &Caller,
        name: &EntryName,
        given: &Document,
    ) -> Result<CatalogEntry, ServiceError> {
        authorize_create(caller.actor())?;
        let draft = EntryDraft::read(name.kind, given)?;
        self.catch_up_catalog().await;
        let id = name.id(caller.organization_id());
        let mut write = self.platform.store().write().await?;
        let mut before = write.find_catalog_entry(id).await?;
        if before.is_none() {
            name.check()?;
            check_room(&mut write, caller, name.kind).await?;
            let new = self.new_entry(caller, name, &draft);
            if write.insert_catalog_entry(&new).await? {
                return self.commit_entry(write, caller, None, new).await;
            }
            // Another node, or data, added it first.
            before = write.find_catalog_entry(id).await?;
        }
        let before = before.ok_or_else(|| ServiceError::not_found(name.kind.words()))?;
        let mut after = before.clone();
        after.metric_type = draft.metric_type.or(before.metric_type);
        after.document = draft.document;
        if after.metric_type == before.metric_type
            && same_content(&before.document, &after.document, &[])
        {
            return Ok(before);
        }
        after.updated = self.platform.stamp(caller);
        write.update_catalog_entry(&after).await?;
        self.commit_entry(write, caller, Some(&before), after).await
    }

    fn new_entry(&self, caller: &Caller, name: &EntryName, draft: &EntryDraft) -> CatalogEntry {
        let stamp = self.platform.stamp(caller);
        let has_type = name.kind == CatalogKind::Metric;
        CatalogEntry {
            id: name.id(caller.organization_id()),
            organization_id: caller.organization_id(),
            name: name.clone(),
            metric_type: draft.metric_type.or(has_type.then_some(MetricType::Gauge)),
            document: draft.document.clone(),
            created: stamp.clone(),
            updated: stamp,
        }
    }

    async fn commit_entry(
        &self,
        write: Write,
        caller: &Caller,
        before: Option<&CatalogEntry>,
        after: CatalogEntry,
    ) -> Result<CatalogEntry, ServiceError> {
        let event = event(caller, after.updated.at, before, Some(&after));
        self.audit
            .commit_changes(write, event.into_iter().collect())
            .await?;
        Ok(after)
    }

    /// Deletes a tag. One that does not exist is no error (docs/contract.md#metric-catalog).
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller without a writing role.
    pub async fn delete_tag(&self, caller: &Caller, name: &str) -> Result<(), ServiceError> {
        authorize_create(caller.actor())?;
        let mut write = self.platform.store().write().await?;
        let id = EntryName::tag(name).id(caller.organization_id());
        let Some(tag) = write.find_catalog_entry(id).await? else {
            return Ok(());
        };
        write.delete_catalog_entry(id).await?;
        let event = event(caller, self.platform.stamp(caller).at, Some(&tag), None);
        self.audit
            .commit_changes(write, event.into_iter().collect())
            .await
    }
}

/// Checks that the catalog has room for an entry of this kind.
async fn check_room(
    write: &mut Write,
    caller: &Caller,
    kind: CatalogKind,
) -> Result<(), ServiceError> {
    let limit = limits::CATALOG_ENTRIES;
    if write
        .count_catalog_entries(caller.organization_id(), kind, limit)
        .await?
        < limit
    {
        return Ok(());
    }
    let (field, words) = match kind {
        CatalogKind::Dimension => ("key", kind.words()),
        CatalogKind::Metric | CatalogKind::Tag => ("name", kind.words()),
    };
    Err(reject(
        field,
        format!("the organization has {limit} {words}s, the most it can have"),
    )
    .into())
}
