//! Table `custom_category`: the metric categories of an organization, in the order of the request.

use domain::{identity::custom_category::CustomCategory, platform::id::OrganizationId};

use crate::{
    audit::Write,
    platform::{Conn, Sql, StoreError, Stored, statements, values},
};

statements! {
    const LIST: Sql =
        "SELECT name, alias, description FROM custom_category WHERE organization_id = $1 ORDER BY position LIMIT $2";
    const DELETE_ALL: Sql = "DELETE FROM custom_category WHERE organization_id = $1";
    const INSERT: Sql = "INSERT INTO custom_category (organization_id, position, name, alias, description) \
        VALUES ($1, $2, $3, $4, $5)";
}

/// The maximum number of listed categories: more than an organization can have.
const LISTED: i64 = 1_000;

impl Stored for CustomCategory {
    type Row = (String, Option<String>, Option<String>);

    fn from_row((name, alias, description): Self::Row) -> Result<Self, StoreError> {
        Ok(Self {
            name,
            alias,
            description,
        })
    }
}

impl Conn {
    /// The custom categories of an organization, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_custom_categories(
        &mut self,
        organization_id: OrganizationId,
    ) -> Result<Vec<CustomCategory>, StoreError> {
        self.list(LIST, values![organization_id, LISTED]).await
    }
}

impl Write {
    /// Replaces the custom categories of an organization.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects them.
    pub async fn replace_custom_categories(
        &mut self,
        organization_id: OrganizationId,
        categories: &[CustomCategory],
    ) -> Result<(), StoreError> {
        self.execute(DELETE_ALL, values![organization_id]).await?;
        for (position, category) in (0_i64..).zip(categories) {
            let values = values![
                organization_id,
                position,
                &category.name,
                &category.alias,
                &category.description,
            ];
            self.execute(INSERT, values).await?;
        }
        Ok(())
    }
}
