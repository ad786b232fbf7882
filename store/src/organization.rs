//! Table `organization`.

use domain::{id::OrganizationId, timestamp::Timestamp};

use crate::{
    dialect::on,
    error::StoreError,
    row::Column,
    transaction::{Conn, Write},
};

const FIND: &str = "SELECT id, name, created_at FROM organization ORDER BY created_at, id LIMIT 1";
const INSERT: &str = "INSERT INTO organization (id, name, created_at) VALUES ($1, $2, $3)";

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// When it was set up.
    pub created_at: Timestamp,
}

impl Conn {
    /// The organization of this installation; `None` before it was set up.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_organization(&mut self) -> Result<Option<Organization>, StoreError> {
        let row = on!(self, c => sqlx::query_as::<_, (String, String, i64)>(FIND).fetch_optional(c).await)?;
        row.map(|(id, name, created_at)| {
            Ok(Organization {
                id: OrganizationId(Column("organization", "id").id(&id)?),
                name,
                created_at: Timestamp::from_micros(created_at),
            })
        })
        .transpose()
    }
}

impl Write {
    /// Adds an organization.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_organization(
        &mut self,
        organization: &Organization,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(INSERT)
            .bind(organization.id.to_string())
            .bind(&organization.name)
            .bind(organization.created_at.as_micros())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }
}
