//! Table `organization`: the organization of this installation.

use domain::platform::{
    id::{Id, OrganizationId},
    timestamp::Timestamp,
};

use crate::{
    audit::Write,
    platform::{Column, Conn, Sql, StoreError, Stored, statements, values},
};

statements! {
    const FIND: Sql = "SELECT id, name, created_at, updated_at, updated_by FROM organization \
        ORDER BY created_at, id LIMIT 1";
    const INSERT: Sql = "INSERT INTO organization (id, name, created_at) VALUES ($1, $2, $3)";
    const TOUCH: Sql = "UPDATE organization SET updated_at = $2, updated_by = $3 WHERE id = $1";
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was last updated; when it was set up, if never.
    pub updated_at: Timestamp,
    /// Who last updated it; the system, if it was never updated.
    pub updated_by: Id,
}

impl Stored for Organization {
    type Row = (String, String, i64, Option<i64>, Option<String>);

    fn from_row(row: Self::Row) -> Result<Self, StoreError> {
        let (id, name, created_at, updated_at, updated_by) = row;
        let updated_by = updated_by.map(|id| Column("organization", "updated_by").id(&id));
        Ok(Self {
            id: OrganizationId(Column("organization", "id").id(&id)?),
            name,
            created_at: Timestamp::from_micros(created_at),
            updated_at: Timestamp::from_micros(updated_at.unwrap_or(created_at)),
            updated_by: updated_by.transpose()?.unwrap_or(Id::SYSTEM),
        })
    }
}

impl Conn {
    /// The organization of this installation; `None` before it is set up.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_organization(&mut self) -> Result<Option<Organization>, StoreError> {
        self.find(FIND, values![]).await
    }
}

impl Write {
    /// Adds an organization.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_organization(
        &mut self,
        organization: &Organization,
    ) -> Result<(), StoreError> {
        let values = values![organization.id, &organization.name, organization.created_at];
        self.execute(INSERT, values).await.map(drop)
    }

    /// Stores when and by whom an organization was updated.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn touch_organization(
        &mut self,
        id: OrganizationId,
        updated_at: Timestamp,
        updated_by: Id,
    ) -> Result<(), StoreError> {
        let values = values![id, updated_at, updated_by];
        self.execute(TOUCH, values).await.map(drop)
    }
}
