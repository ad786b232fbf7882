//! The directory: entries at paths, which list templates (docs/contract.md#directory). Every path can be read; one
//! without an entry is empty.

use std::collections::BTreeSet;

use domain::{
    audit::event::{ObjectType, SharedKind},
    identity::actor::Caller,
    objects::{
        object::{Object, Relation},
        shared::directory::DirectoryPath,
    },
    platform::document::Document,
};
use serde_json::json;
use store::Conn;

use super::checks::authorize_change;
use crate::{objects::handle::Objects, platform::error::ServiceError};

const KIND: SharedKind = SharedKind::DirectoryEntry;

/// A path of the directory.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectoryView {
    /// The path.
    pub path: DirectoryPath,
    /// Its entry, if there is one.
    pub entry: Option<Object>,
    /// The paths one segment below that have an entry, or have one below them; in alphabetical order.
    pub children: Vec<DirectoryPath>,
}

impl Objects {
    /// Reads a path of the directory.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn read_directory(
        &self,
        caller: &Caller,
        path: DirectoryPath,
    ) -> Result<DirectoryView, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let entry = find_entry(&mut read, caller, &path).await?;
        self.view_directory(&mut read, caller, path, entry).await
    }

    /// Changes the entry at a path, and creates it if absent. Returns whether it did.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller without a writing role, [`ServiceError::Rejected`] when the request breaks a
    /// rule or lists a template that does not exist.
    pub async fn patch_directory(
        &self,
        caller: &Caller,
        path: DirectoryPath,
        given: &Document,
    ) -> Result<(DirectoryView, bool), ServiceError> {
        authorize_change(KIND, caller, [])?;
        let mut given = given.clone();
        given.insert("path".to_owned(), json!(path.as_str()));
        let mut write = self.platform.store().write().await?;
        let before = find_entry(&mut write, caller, &path).await?;
        let is_new = before.is_none();
        let entry = match before {
            Some(before) => {
                self.replace_shared(write, KIND, caller, before, &given, None)
                    .await?
            }
            None => self.insert_shared(write, KIND, caller, &given).await?,
        };
        let mut read = self.platform.store().read().await?;
        let view = self
            .view_directory(&mut read, caller, path, Some(entry))
            .await?;
        Ok((view, is_new))
    }

    /// Deletes the entry at a path. Entries below it, and the templates that it lists, stay.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] without an entry, [`ServiceError::Denied`] for a caller without a writing role.
    pub async fn delete_directory(
        &self,
        caller: &Caller,
        path: DirectoryPath,
    ) -> Result<(), ServiceError> {
        authorize_change(KIND, caller, [])?;
        let mut write = self.platform.store().write().await?;
        let entry = find_entry(&mut write, caller, &path).await?;
        let entry = entry.ok_or_else(|| ServiceError::not_found(KIND.words()))?;
        self.remove_shared(write, caller, entry).await
    }

    async fn view_directory(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        path: DirectoryPath,
        entry: Option<Object>,
    ) -> Result<DirectoryView, ServiceError> {
        let below = conn
            .list_referring_to(Relation::Below, path.as_str(), ObjectType::Shared(KIND))
            .await?;
        let below = below
            .iter()
            .filter(|entry| entry.organization_id == caller.organization_id());
        let paths = below.filter_map(|entry| DirectoryPath::parse(&entry.name).ok());
        let children: BTreeSet<_> = paths.filter_map(|below| path.step_to(&below)).collect();
        Ok(DirectoryView {
            path,
            entry,
            children: children.into_iter().collect(),
        })
    }
}

async fn find_entry(
    conn: &mut Conn,
    caller: &Caller,
    path: &DirectoryPath,
) -> Result<Option<Object>, ServiceError> {
    let found = conn
        .list_referring_to(Relation::Path, path.as_str(), ObjectType::Shared(KIND))
        .await?;
    let mut found = found.into_iter();
    Ok(found.find(|entry| entry.organization_id == caller.organization_id()))
}
