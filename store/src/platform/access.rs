//! What a program that opens a database may do with it.

/// What a program may do with a database. Only servers, `migrate` and the set-up create a database; only servers and
/// `migrate` migrate one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Creates the database if it is missing, and brings its schema up to date.
    Migrate,
    /// Creates the database if it is missing. An existing one must have the schema of this version.
    SetUp,
    /// Changes rows of an existing database with the schema of this version.
    Change,
    /// Reads an existing database with the schema of this version, and changes nothing.
    Read,
}

impl Access {
    /// Whether a missing database is created.
    #[must_use]
    pub const fn creates(self) -> bool {
        matches!(self, Self::Migrate | Self::SetUp)
    }

    /// Whether nothing may be changed.
    #[must_use]
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Read)
    }
}
