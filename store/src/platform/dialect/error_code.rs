//! Error codes of both databases.

/// Whether a retry can succeed. For PostgreSQL: shutdown, lack of resources, lost connections, serialization failures
/// and locks. For SQLite: busy, failed I/O, full disk.
pub(crate) fn is_temporary(code: Option<&str>) -> bool {
    let Some(code) = code else { return false };
    // PostgreSQL's codes have five characters, of which the first two are the class (its manual, appendix A).
    if code.len() == 5 {
        let classes = ["57P", "53", "08", "40", "55P"];
        return classes.iter().any(|class| code.starts_with(class));
    }
    // SQLite's are numbers: the lowest byte is the error, the rest its variant.
    let kind = code.parse::<u32>().map(|number| number & 0xff);
    kind.is_ok_and(|kind| [5, 10, 13].contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_errors_are_distinguished_from_permanent_ones() {
        // Busy, a failed read, a failed write, a failed sync, a full disk; shutdown, a full disk, serialization.
        for code in [
            "5", "517", "773", "266", "778", "1034", "13", "57P01", "53100", "40001",
        ] {
            assert!(is_temporary(Some(code)), "{code}");
        }
        // An invalid statement, a violated constraint, a corrupt file, no database; an invalid statement.
        for code in ["1", "2067", "11", "26", "42601", ""] {
            assert!(!is_temporary(Some(code)), "{code}");
        }
        assert!(!is_temporary(None));
    }
}
