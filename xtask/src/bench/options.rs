//! The options of `cargo xtask bench`.

use clap::ValueEnum;

/// What to measure, and how.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// What to measure; everything when absent
    pub(super) subjects: Vec<Subject>,
    /// The database to measure on; both when absent
    #[arg(long)]
    pub(super) database: Vec<Database>,
    /// Measure the existing build
    #[arg(long)]
    pub(super) as_built: bool,
    /// How often each side is measured
    #[arg(long, default_value_t = 5)]
    pub(super) rounds: usize,
    /// Duration of each measurement
    #[arg(long, default_value_t = 3)]
    pub(super) seconds: u64,
    /// Keep-alive connections, all busy
    #[arg(long, default_value_t = 32)]
    pub(super) connections: usize,
    /// Distinct tokens, used one after the other
    #[arg(long, default_value_t = 10_000)]
    pub(super) tokens: usize,
    /// Changes in the large audit log
    #[arg(long, default_value_t = 10_000_000)]
    pub(super) changes: u64,
    /// Calls in the large call log
    #[arg(long, default_value_t = 50_000_000)]
    pub(super) calls: u64,
    /// Rows of each long list
    #[arg(long, default_value_t = 100_000)]
    pub(super) rows: u32,
    /// The folder of the server whose pages are measured: release, or debug, which builds faster
    #[arg(long, default_value = "release")]
    pub(super) pages_of: String,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Subject {
    /// An authenticated GET with its call log entry, against a route that does nothing
    Read,
    /// A change over HTTP with its audit event, against two rows written directly
    Change,
    /// Time until the first response after a start, and memory under load
    Footprint,
    /// Info and the audit timeline over a large audit log, and its export
    Audit,
    /// Pages and searches of long lists
    Lists,
    /// Bytes that the browser fetches, and Lighthouse for three pages; on no database
    Pages,
}

/// A database to measure on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Database {
    /// A file
    Sqlite,
    /// A private server
    Postgres,
}
