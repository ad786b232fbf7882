//! Limits of connections.

use std::time::Duration;

/// How long to wait for a connection before the database counts as unavailable: less than the timeout of a request.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a statement of a transaction that excludes all other writes may take, and a commit of any transaction. A
/// silent connection must not hold the place of all others.
pub(super) const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a statement that reads may take, or the next of the rows that it streams: less than the timeout of a
/// request.
pub(super) const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a statement may take in a transaction that excludes no others. It may delete many rows.
pub(super) const HOUSEKEEPING_TIMEOUT: Duration = Duration::from_secs(60);

/// How long a connection may take to roll back or to answer before it is closed instead of being used again.
pub(super) const RESET_TIMEOUT: Duration = Duration::from_secs(2);

/// How long PostgreSQL may take to accept a connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Connections of one node to PostgreSQL, whose default maximum for all nodes is 100.
pub(super) const CONNECTIONS: usize = 20;

/// A connection to PostgreSQL that was idle for longer is tested before use, because it may have been closed.
pub(super) const IDLE_UNTESTED: Duration = Duration::from_secs(1);

/// Connections that read a SQLite file at once. More would wait for the processor.
pub(super) const READERS: u32 = 8;

/// How long SQLite waits for a write of another process.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The size in bytes to which SQLite shrinks its write-ahead log when it starts it again.
pub(super) const WAL_BYTES_KEPT: &str = "67108864";

/// The maximum number of rows that SQLite's thread reads ahead. With fewer, the two threads wait for each other more
/// often.
pub(super) const ROWS_AHEAD: usize = 200;
