//! Limits of connections.

use std::time::Duration;

/// How long to wait for a connection before the database counts as unavailable: less than the timeout of a request.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections of one node to PostgreSQL, whose default maximum for all nodes is 100.
pub(super) const CONNECTIONS: u32 = 20;

/// A connection to PostgreSQL that was idle for longer is tested before use, because it may have been closed.
pub(super) const IDLE_UNTESTED: Duration = Duration::from_secs(1);

/// Connections that read a SQLite file at once. More would wait for the processor.
pub(super) const READERS: u32 = 8;

/// How long SQLite waits for a write of another process.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The maximum number of rows that SQLite's thread reads ahead. With fewer, the two threads wait for each other more
/// often.
pub(super) const ROWS_AHEAD: usize = 200;
