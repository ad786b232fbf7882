//! Table `imported_object`: what the objects of another organization became here. A row is written in the transaction
//! that creates the object, and removed with it. Its digests are no content, so that changing them leaves no event.

use domain::platform::{
    id::{Id, OrganizationId},
    import_origin::ImportOrigin,
};

use crate::{
    audit::write::Write,
    platform::{Column, Conn, Housekeeping, Sql, StoreError, Stored, statements, values},
};

statements! {
    const LIST: Sql = "SELECT kind, source_id, object_id, digest, source_digest FROM imported_object \
        WHERE organization_id = $1 AND source = $2 AND (kind, source_id) > ($3, $4) ORDER BY kind, source_id LIMIT $5";
    const PUT: Sql = "INSERT INTO imported_object \
        (organization_id, source, kind, source_id, object_id, digest, source_digest) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    const NOTE: Sql = "UPDATE imported_object SET digest = $5, source_digest = $6 \
        WHERE organization_id = $1 AND source = $2 AND kind = $3 AND source_id = $4";
}

/// An imported object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedObject {
    /// The label of its type.
    pub kind: String,
    /// Its id at the source.
    pub source_id: String,
    /// What it became here.
    pub object_id: Id,
    /// The keyed digest of the document that was last stored here.
    pub digest: Vec<u8>,
    /// The keyed digest of the object at its source.
    pub source_digest: Vec<u8>,
}

impl Stored for ImportedObject {
    type Row = (String, String, String, Vec<u8>, Vec<u8>);

    fn from_row(
        (kind, source_id, object_id, digest, source_digest): Self::Row,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            kind,
            source_id,
            object_id: Column("imported_object", "object_id").id(&object_id)?,
            digest,
            source_digest,
        })
    }
}

impl Conn {
    /// The objects that were imported from a source after this one, in the order of their types and ids: at most
    /// `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_imported_objects(
        &mut self,
        organization_id: OrganizationId,
        source: &str,
        after: (&str, &str),
        limit: i64,
    ) -> Result<Vec<ImportedObject>, StoreError> {
        let (kind, source_id) = after;
        let values = values![organization_id, source, kind, source_id, limit];
        self.list(LIST, values).await
    }
}

impl Write {
    /// Adds an object that was created from another one.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it, for example because the object was imported meanwhile.
    pub async fn put_imported_object(
        &mut self,
        organization_id: OrganizationId,
        origin: &ImportOrigin,
        object_id: Id,
    ) -> Result<(), StoreError> {
        let values = values![
            organization_id,
            &origin.source,
            origin.kind,
            &origin.source_id,
            object_id,
            origin.digest.as_slice(),
            origin.source_digest.as_slice()
        ];
        self.execute(PUT, values).await.map(drop)
    }
}

impl Housekeeping {
    /// Replaces the digests of an imported object.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn note_imported_object(
        &mut self,
        organization_id: OrganizationId,
        origin: &ImportOrigin,
    ) -> Result<(), StoreError> {
        let values = values![
            organization_id,
            &origin.source,
            origin.kind,
            &origin.source_id,
            origin.digest.as_slice(),
            origin.source_digest.as_slice()
        ];
        self.execute(NOTE, values).await.map(drop)
    }
}
