//! Table `integration_check`: the result of the last validation of each integration. Storing it changes nothing that an
//! operation depends on, so it leaves no audit event.

use domain::platform::{id::Id, timestamp::Timestamp};

use crate::platform::{
    Column, Conn, Housekeeping, Sql, StoreError, Stored, id_batches, statements, values,
};

statements! {
    const FIND: Sql = "SELECT object_id, at, failure FROM integration_check \
        WHERE object_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    /// Adds nothing when the integration was deleted meanwhile.
    const PUT: Sql = "INSERT INTO integration_check (object_id, at, failure) \
        SELECT id, CAST($2 AS BIGINT), CAST($3 AS TEXT) FROM object WHERE id = $1 \
        ON CONFLICT (object_id) DO UPDATE SET at = excluded.at, failure = excluded.failure";
}

/// The result of a validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrationCheck {
    /// The integration.
    pub integration_id: Id,
    /// When it was validated.
    pub at: Timestamp,
    /// Why it failed; `None` when it succeeded.
    pub failure: Option<String>,
}

impl Stored for IntegrationCheck {
    type Row = (String, i64, String);

    fn from_row((id, at, failure): Self::Row) -> Result<Self, StoreError> {
        Ok(Self {
            integration_id: Column("integration_check", "object_id").id(&id)?,
            at: Timestamp::from_micros(at),
            failure: Some(failure).filter(|failure| !failure.is_empty()),
        })
    }
}

impl Conn {
    /// The results of the last validations of these integrations, in no order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_integration_checks(
        &mut self,
        ids: &[Id],
    ) -> Result<Vec<IntegrationCheck>, StoreError> {
        let mut found = Vec::new();
        for batch in id_batches(ids) {
            found.extend(self.list::<IntegrationCheck>(FIND, batch).await?);
        }
        Ok(found)
    }
}

impl Housekeeping {
    /// Stores the result of a validation.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn note_integration_check(
        &mut self,
        check: &IntegrationCheck,
    ) -> Result<(), StoreError> {
        let failure = check.failure.as_deref().unwrap_or_default();
        let values = values![check.integration_id, check.at, failure];
        self.execute(PUT, values).await.map(drop)
    }
}
