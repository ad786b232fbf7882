//! The classes of errors of both databases.

/// The class of an error: whether a retry can succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorClass {
    /// The change contradicts stored rows, or changes that happen at the same time.
    Conflict,
    /// The database cannot work at the moment, so a retry can succeed.
    Transient,
    /// The program or its data are wrong: a retry does not help.
    Defect,
}

use ErrorClass::{Conflict, Defect, Transient};

/// PostgreSQL's codes, by their first characters; the longest decides (its manual, appendix A). Codes that are missing
/// are defects.
const POSTGRES: [(&str, ErrorClass); 16] = [
    // Connections, also those that a proxy in front of the database ends.
    ("08", Transient),
    // A transaction that was ended, by a limit of time or because a statement of it failed.
    ("25", Transient),
    // The role cannot sign in: its password is being changed, or the server is being set up.
    ("28", Transient),
    // The database is missing while it is restored.
    ("3D000", Transient),
    ("23505", Conflict),
    ("23503", Conflict),
    ("23P01", Conflict),
    // Serialization failures and deadlocks.
    ("40", Conflict),
    // The outcome of a statement is unknown.
    ("40003", Transient),
    // Disk, memory or connections are used up.
    ("53", Transient),
    // Locks that are not available.
    ("55", Transient),
    // A prepared statement or an object in the wrong state.
    ("55000", Defect),
    // The operator stops the server or cancels a statement.
    ("57", Transient),
    // Errors of the operating system.
    ("58", Transient),
    // The configuration file of the server.
    ("F0", Transient),
    // A failed foreign server.
    ("HV", Transient),
];

/// SQLite's primary codes; its extended codes have them in the lowest byte (<https://www.sqlite.org/rescode.html>).
/// Codes that are missing are defects.
const SQLITE_TRANSIENT: [u32; 13] = [
    // PERM, BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL, NOLFS, AUTH
    3, 5, 6, 7, 8, 9, 10, 13, 14, 15, 22, 23,
    // SCHEMA: another process has changed the schema.
    17,
];

/// SQLite's constraints that contradict stored rows: foreign key, primary key, unique, row id.
const SQLITE_CONFLICTS: [u32; 4] = [787, 1_555, 2_067, 2_579];

/// The class of an error of the driver.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the driver may add errors; an unknown one is a defect"
)]
pub(crate) fn class(error: &sqlx::Error) -> ErrorClass {
    match error {
        sqlx::Error::Database(database) => database.code().map_or(Defect, |code| of_code(&code)),
        // A connection that is cut while it is opened or read ends in an unexpected message.
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::BeginFailed
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Transient,
        _ => Defect,
    }
}

/// Whether the database rejects the credentials or does not exist, or its file cannot be used.
pub(crate) fn is_refused(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| {
        code.starts_with("28") || code.starts_with("3D") || ["3", "8", "14", "23"].contains(&&*code)
    })
}

fn of_code(code: &str) -> ErrorClass {
    // PostgreSQL's codes have five characters, SQLite's are numbers of at most four digits.
    if code.len() == 5 {
        let known = POSTGRES.iter().filter(|(start, _)| code.starts_with(start));
        let longest = known.max_by_key(|(start, _)| start.len());
        return longest.map_or(Defect, |(_, class)| *class);
    }
    let Ok(number) = code.parse::<u32>() else {
        return Defect;
    };
    if SQLITE_CONFLICTS.contains(&number) {
        return Conflict;
    }
    if SQLITE_TRANSIENT.contains(&(number & 0xff)) {
        Transient
    } else {
        Defect
    }
}

/// Whether an error leaves the connection in doubt: it is lost, or leads to a server that cannot be written to. SQLite
/// may have ended the transaction.
pub(crate) fn breaks_connection(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    match code {
        Some(code) if code.len() == 5 => ["08", "57P", "25006"]
            .iter()
            .any(|start| code.starts_with(start)),
        Some(_) | None => class(error) == Transient,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_class(class: ErrorClass, codes: &[&str]) {
        for code in codes {
            assert_eq!(of_code(code), class, "{code}");
        }
    }

    #[test]
    fn an_outage_is_temporary() {
        let postgres = [
            "08000", "08003", "08006", "08P01", "25006", "25P02", "25P03", "28P01", "28000",
            "3D000", "53100", "53200", "53300", "55P03", "57014", "57P01", "57P02", "57P03",
            "58000", "58030",
        ];
        assert_class(Transient, &postgres);
        // Busy, locked, no memory, read-only, interrupted, input and output, full, cannot open, protocol.
        let sqlite = [
            "5", "261", "517", "773", "6", "7", "8", "264", "1032", "9", "10", "266", "522", "778",
            "1034", "13", "14", "270", "526", "15", "17",
        ];
        assert_class(Transient, &sqlite);
    }

    #[test]
    fn changes_that_contradict_each_other_are_conflicts() {
        assert_class(Conflict, &["23505", "23503", "23P01", "40001", "40P01"]);
        assert_class(Conflict, &["787", "1555", "2067", "2579"]);
    }

    #[test]
    fn an_error_of_the_program_or_its_data_is_a_defect() {
        let postgres = [
            "22P02", "23502", "23514", "42601", "42P01", "42501", "54001", "XX000", "XX001",
            "0A000",
        ];
        assert_class(Defect, &postgres);
        // An invalid statement, a violated check, a corrupt file, no database, too large, a wrong use.
        assert_class(
            Defect,
            &["1", "275", "1299", "11", "26", "18", "21", "", "none"],
        );
    }
}
