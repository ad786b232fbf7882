//! What can go wrong between us and the database.

use thiserror::Error;

/// A refusal or failure of the database. Its source is for the log; callers never see it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A unique value is taken, or what is referred to is not there.
    #[error("the change clashes with what is stored")]
    Conflict(#[source] sqlx::Error),
    /// The database cannot be reached, or did not answer in time.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// The transaction this was done in, together with other acts, could not be committed.
    #[error("the transaction could not be committed")]
    NotCommitted,
    /// A stored value is not what this program writes.
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
    /// The database's address cannot be used.
    #[error("the database address cannot be used: {0}")]
    Address(String),
    /// Anything else the driver says.
    #[error("the database refused a statement")]
    Driver(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the driver's errors are its own to extend; what we do not know is its word"
    )]
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database)
                if database.is_unique_violation() || database.is_foreign_key_violation() =>
            {
                Self::Conflict(error)
            }
            sqlx::Error::Database(database) if is_passing(database.code().as_deref()) => {
                Self::Unavailable(error)
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            _ => Self::Driver(error),
        }
    }
}

/// Codes that say "not now": PostgreSQL's shutdown, too many connections, serialization and lock classes, and
/// SQLite's busy, full disk and failed I/O.
fn is_passing(code: Option<&str>) -> bool {
    code.is_some_and(|code| {
        ["57P", "53", "08", "40", "55P"]
            .iter()
            .any(|class| code.len() == 5 && code.starts_with(class))
            || ["5", "261", "517", "10", "13"].contains(&code)
    })
}
