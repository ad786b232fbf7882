//! Table `custom_category`: the organization's own metric categories, in the order they were given.

use domain::{identity::custom_category::CustomCategory, platform::id::OrganizationId};

use crate::platform::{
    dialect::on,
    error::StoreError,
    transaction::{Conn, Write},
};

const LIST: &str = "SELECT name, alias, description FROM custom_category WHERE organization_id = $1 ORDER BY position LIMIT $2";
const DELETE_ALL: &str = "DELETE FROM custom_category WHERE organization_id = $1";
const INSERT: &str = "INSERT INTO custom_category (organization_id, position, name, alias, description) \
    VALUES ($1, $2, $3, $4, $5)";

/// More than there can be.
const LISTED: i64 = 1_000;

impl Conn {
    /// The custom categories of an organization, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_custom_categories(
        &mut self,
        organization_id: OrganizationId,
    ) -> Result<Vec<CustomCategory>, StoreError> {
        let rows = on!(self, c => sqlx::query_as::<_, (String, Option<String>, Option<String>)>(LIST)
            .bind(organization_id.to_string())
            .bind(LISTED)
            .fetch_all(c)
            .await)?;
        let categories = rows
            .into_iter()
            .map(|(name, alias, description)| CustomCategory {
                name,
                alias,
                description,
            });
        Ok(categories.collect())
    }
}

impl Write {
    /// Puts these custom categories in the place of those there are.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn replace_custom_categories(
        &mut self,
        organization_id: OrganizationId,
        categories: &[CustomCategory],
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(DELETE_ALL).bind(organization_id.to_string()).execute(c).await.map(drop))?;
        for (position, category) in (0_i64..).zip(categories) {
            on!(self, c => sqlx::query(INSERT)
                .bind(organization_id.to_string())
                .bind(position)
                .bind(&category.name)
                .bind(&category.alias)
                .bind(&category.description)
                .execute(c)
                .await
                .map(drop))?;
        }
        Ok(())
    }
}
