//! Errors of the database.

use thiserror::Error;

use super::dialect::error_code::{ErrorClass, class, is_refused};

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
    /// The database did not confirm a commit: the change may be stored, or not.
    #[error("the database did not confirm the commit")]
    OutcomeUnknown(#[source] Option<sqlx::Error>),
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
    /// There is no database, or it has no tables of this product.
    #[error(
        "there is no database at {0}: correct the setting, or create the database with `countersign serve`"
    )]
    Missing(String),
    /// The schema is that of an earlier version.
    #[error("the database has the schema of an earlier version: run `countersign migrate`")]
    Outdated,
    /// The schema is that of a later version.
    #[error(
        "the database has the schema of a later version: migration {0} is unknown to this program"
    )]
    TooNew(i64),
    /// The master key was rotated, and this process knows neither key of the rotation.
    #[error("the master key was rotated: restart this process with the new key")]
    KeyReplaced,
    /// The database was opened to be read only.
    #[error("the database is opened for reading only")]
    ReadOnly,
    /// The file was changed while it was read as one at rest.
    #[error("a program changed the database while it was read: repeat the command")]
    Changed,
    /// The file cannot be copied to be read.
    #[error("the database cannot be copied to be read without changing anything beside it")]
    Copy(#[source] std::io::Error),
    /// Any other error of the driver.
    #[error("the database rejected a statement")]
    Driver(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether the database may answer later without a change of settings: it is away, or starting.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Unavailable(error) => !is_refused(error),
            Self::Conflict(_)
            | Self::NotCommitted
            | Self::OutcomeUnknown(_)
            | Self::Corrupt { .. }
            | Self::Migration(_)
            | Self::Address(_)
            | Self::Missing(_)
            | Self::Outdated
            | Self::TooNew(_)
            | Self::KeyReplaced
            | Self::ReadOnly
            | Self::Changed
            | Self::Copy(_)
            | Self::Driver(_) => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match class(&error) {
            ErrorClass::Conflict => Self::Conflict(error),
            ErrorClass::Transient => Self::Unavailable(error),
            ErrorClass::Defect => Self::Driver(error),
        }
    }
}
