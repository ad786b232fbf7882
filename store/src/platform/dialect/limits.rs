//! Limits of connections.

use std::time::Duration;

/// How long to wait for a connection before the database counts as unavailable: less than one request may take.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections of one node to PostgreSQL. Its default allows 100 in all, and several nodes share them.
pub(super) const CONNECTIONS: u32 = 20;

/// A connection to PostgreSQL that was idle for longer is tested before it is used: it may have been cut off.
pub(super) const IDLE_UNTESTED: Duration = Duration::from_secs(1);

/// Connections that read a SQLite file at once. More would only wait for the same processor.
pub(super) const READERS: u32 = 8;

/// How long SQLite waits for another process that writes.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Rows of a result that SQLite's thread reads ahead at most. With fewer the two threads wait for each other more often.
pub(super) const ROWS_AHEAD: usize = 200;
