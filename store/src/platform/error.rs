//! Errors of the database.

use thiserror::Error;

use super::dialect::error_code::is_temporary;

/// An error of the database. Its source is for the log; callers never see it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A unique value is taken, or a referenced row does not exist.
    #[error("the change conflicts with stored rows")]
    Conflict(#[source] sqlx::Error),
    /// The database cannot be reached, or did not answer in time.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// The transaction, which operations share, could not be committed.
    #[error("the transaction could not be committed")]
    NotCommitted,
    /// A stored value is not one that this version writes.
    #[error("the value in {table}.{column} cannot be read")]
    Corrupt {
        /// The table of the value.
        table: &'static str,
        /// The column of the value.
        column: &'static str,
    },
    /// The schema could not be brought up to date.
    #[error("the schema could not be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The URL of the database cannot be used.
    #[error("the database address cannot be used: {0}")]
    Address(String),
    /// Any other error of the driver.
    #[error("the database rejected a statement")]
    Driver(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the driver may add errors; an unknown one is reported as such"
    )]
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database)
                if database.is_unique_violation() || database.is_foreign_key_violation() =>
            {
                Self::Conflict(error)
            }
            sqlx::Error::Database(database) if is_temporary(database.code().as_deref()) => {
                Self::Unavailable(error)
            }
            // A connection that is cut while it is opened or read ends in an unexpected message.
            sqlx::Error::Io(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            _ => Self::Driver(error),
        }
    }
}
