//! What was imported from other organizations, so that an import can be repeated
//! (docs/decisions/0037-imports-are-made-by-the-command-line.md).

use std::sync::Arc;

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::imports::canonical::canonical_bytes,
    platform::{document::Document, id::Id, import_origin::ImportOrigin},
};

use crate::{objects::handle::Objects, platform::error::ServiceError};

/// Rows that are read at once.
const ROWS_AT_ONCE: i64 = 1_000;

/// An object that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The label of its type.
    pub kind: String,
    /// Its id at the source.
    pub source_id: String,
    /// What it became here.
    pub id: Id,
    /// The digest of the document that was last stored here.
    pub digest: Vec<u8>,
    /// The digest of its content at the source.
    pub source_digest: Vec<u8>,
}

impl Objects {
    /// Everything that was imported from a source and still exists.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn list_imported(
        &self,
        caller: &Caller,
        source: &str,
    ) -> Result<Vec<Imported>, ServiceError> {
        caller.authorize_administrator()?;
        let organization_id = caller.organization_id();
        let mut imported: Vec<Imported> = Vec::new();
        loop {
            let after = imported.last();
            let after = after.map_or(("", ""), |last| (&last.kind, &last.source_id));
            let mut read = self.platform.store().read().await?;
            let found = read
                .list_imported_objects(organization_id, source, after, ROWS_AT_ONCE)
                .await?;
            let is_last = i64::try_from(found.len()).is_ok_and(|found| found < ROWS_AT_ONCE);
            imported.extend(found.into_iter().map(|found| Imported {
                kind: found.kind,
                source_id: found.source_id,
                id: found.object_id,
                digest: found.digest,
                source_digest: found.source_digest,
            }));
            if is_last {
                return Ok(imported);
            }
        }
    }

    /// The origin of an object with this content at the source, which becomes this document here.
    #[must_use]
    pub fn origin(
        &self,
        source: &str,
        (kind, source_id): (ObjectType, &str),
        content: &Document,
        document: &Document,
    ) -> ImportOrigin {
        let digest = |of: &Document| self.audit.import_digest(&canonical_bytes(of));
        ImportOrigin {
            source: source.to_owned(),
            kind: kind.label(),
            source_id: source_id.to_owned(),
            digest: digest(document),
            source_digest: digest(content),
        }
    }

    /// The caller, whose next creation has this origin. What it creates is recorded with it in one transaction.
    #[must_use]
    pub fn importing(&self, caller: &Caller, origin: ImportOrigin) -> Caller {
        Caller {
            origin: Some(Arc::new(origin)),
            ..caller.clone()
        }
    }

    /// Records that an imported object now has the document of this origin.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] unless the caller is an administrator.
    pub async fn record_import(
        &self,
        caller: &Caller,
        origin: &ImportOrigin,
    ) -> Result<(), ServiceError> {
        caller.authorize_administrator()?;
        let mut housekeeping = self.platform.store().housekeep().await?;
        housekeeping
            .note_imported_object(caller.organization_id(), origin)
            .await?;
        Ok(housekeeping.finish().await?)
    }
}
