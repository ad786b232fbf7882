//! Table `integration_check`: the result of the last validation of each integration.

use domain::platform::{id::Id, timestamp::Timestamp};

use crate::audit::Write;
use crate::platform::{Column, Conn, Sql, StoreError, Stored, id_batches, statements, values};

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
    /// How it ended.
    pub outcome: CheckOutcome,
}

/// How a validation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckOutcome {
    /// The settings are complete, and the host answers.
    Reached,
    /// The settings are complete; no connection was tried, for this reason.
    NotTried(String),
    /// A setting is missing, or the host does not answer, for this reason.
    Failed(String),
}

/// Begins the text of an outcome that is not a failure.
const NOT_TRIED: &str = "not tried: ";

impl CheckOutcome {
    fn of_text(text: String) -> Self {
        match text.strip_prefix(NOT_TRIED) {
            Some(reason) => Self::NotTried(reason.to_owned()),
            None if text.is_empty() => Self::Reached,
            None => Self::Failed(text),
        }
    }

    /// The outcome in words; empty for a host that answers.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Reached => String::new(),
            Self::NotTried(reason) => format!("{NOT_TRIED}{reason}"),
            Self::Failed(reason) => reason.clone(),
        }
    }
}

impl Stored for IntegrationCheck {
    type Row = (String, i64, String);

    fn from_row((id, at, failure): Self::Row) -> Result<Self, StoreError> {
        Ok(Self {
            integration_id: Column("integration_check", "object_id").id(&id)?,
            at: Timestamp::from_micros(at),
            outcome: CheckOutcome::of_text(failure),
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

impl Write {
    /// Stores the result of a validation.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn note_integration_check(
        &mut self,
        check: &IntegrationCheck,
    ) -> Result<(), StoreError> {
        let values = values![check.integration_id, check.at, check.outcome.to_text()];
        self.execute(PUT, values).await.map(drop)
    }
}
