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
/// SQLite's busy, failed I/O and full disk.
fn is_passing(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    // PostgreSQL's have five signs, the first two of which tell the class (its manual, appendix A).
    if code.len() == 5 {
        let classes = ["57P", "53", "08", "40", "55P"];
        return classes.iter().any(|class| code.starts_with(class));
    }
    // SQLite's are numbers, whose lowest byte is the kind of error and the rest which of the kind.
    let kind = code.parse::<u32>().map(|number| number & 0xff);
    kind.is_ok_and(|kind| [5, 10, 13].contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        // Busy, a failed read, a failed write, a failed sync, a full disk; shutdown, a full disk, serialization.
        for code in [
            "5", "517", "773", "266", "778", "1034", "13", "57P01", "53100", "40001",
        ] {
            assert!(is_passing(Some(code)), "{code}");
        }
        // A wrong statement, a broken rule, a broken file, no database; a wrong statement.
        for code in ["1", "2067", "11", "26", "42601", ""] {
            assert!(!is_passing(Some(code)), "{code}");
        }
        assert!(!is_passing(None));
    }
}
