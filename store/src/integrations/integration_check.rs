//! Table `integration_check`: what came of the last validation of each integration. What was seen, not what was done:
//! nothing goes by it, and it leaves no event.

use domain::platform::{id::Id, timestamp::Timestamp};

use crate::{
    audit::housekeeping::Housekeeping,
    objects::object::batches,
    platform::{dialect::on, error::StoreError, row::Column, transaction::Conn},
};

const FIND: &str = "SELECT object_id, at, failure FROM integration_check \
    WHERE object_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

/// Notes nothing when the integration was deleted meanwhile.
const NOTE: &str = "INSERT INTO integration_check (object_id, at, failure) \
    SELECT id, CAST($2 AS BIGINT), CAST($3 AS TEXT) FROM object WHERE id = $1 \
    ON CONFLICT (object_id) DO UPDATE SET at = excluded.at, failure = excluded.failure";

/// What came of a validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrationCheck {
    /// The integration.
    pub integration_id: Id,
    /// When it was validated.
    pub at: Timestamp,
    /// What was wrong; `None` when nothing was.
    pub failure: Option<String>,
}

impl Conn {
    /// What came of the last validations of these integrations, in no order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_integration_checks(
        &mut self,
        ids: &[Id],
    ) -> Result<Vec<IntegrationCheck>, StoreError> {
        let mut found = Vec::new();
        for batch in batches(ids) {
            let rows = on!(self, c => {
                let mut query = sqlx::query_as::<_, (String, i64, String)>(FIND);
                for id in batch {
                    query = query.bind(id);
                }
                query.fetch_all(c).await
            })?;
            for (id, at, failure) in rows {
                found.push(IntegrationCheck {
                    integration_id: Column("integration_check", "object_id").id(&id)?,
                    at: Timestamp::from_micros(at),
                    failure: Some(failure).filter(|failure| !failure.is_empty()),
                });
            }
        }
        Ok(found)
    }
}

impl Housekeeping {
    /// Notes what came of a validation.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn note_integration_check(
        &mut self,
        check: &IntegrationCheck,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(NOTE)
            .bind(check.integration_id.to_string())
            .bind(check.at.as_micros())
            .bind(check.failure.as_deref().unwrap_or_default())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }
}
