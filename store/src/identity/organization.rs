//! Table `organization`.

use domain::platform::{
    id::{Id, OrganizationId},
    timestamp::Timestamp,
};

use crate::platform::{
    dialect::on,
    error::StoreError,
    row::Column,
    transaction::{Conn, Write},
};

const FIND: &str = "SELECT id, name, created_at, updated_at, updated_by FROM organization \
    ORDER BY created_at, id LIMIT 1";
const INSERT: &str = "INSERT INTO organization (id, name, created_at) VALUES ($1, $2, $3)";
const TOUCH: &str = "UPDATE organization SET updated_at = $2, updated_by = $3 WHERE id = $1";

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was last changed; when it was set up, if never.
    pub updated_at: Timestamp,
    /// By whom; the system, if never.
    pub updated_by: Id,
}

type Row = (String, String, i64, Option<i64>, Option<String>);

impl Conn {
    /// The organization of this installation; `None` before it was set up.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_organization(&mut self) -> Result<Option<Organization>, StoreError> {
        let row = on!(self, c => sqlx::query_as::<_, Row>(FIND).fetch_optional(c).await)?;
        row.map(|(id, name, created_at, updated_at, updated_by)| {
            let updated_by = updated_by.map(|id| Column("organization", "updated_by").id(&id));
            Ok(Organization {
                updated_at: Timestamp::from_micros(updated_at.unwrap_or(created_at)),
                updated_by: updated_by.transpose()?.unwrap_or(Id::SYSTEM),
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

    /// Notes that an organization was changed, when and by whom.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn touch_organization(
        &mut self,
        id: OrganizationId,
        updated_at: Timestamp,
        updated_by: Id,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(TOUCH)
            .bind(id.to_string())
            .bind(updated_at.as_micros())
            .bind(updated_by.to_string())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }
}
