//! Table `sink`: destinations of the audit log, how far each has been fed, and which node may feed it.

use domain::platform::timestamp::Timestamp;

use crate::platform::{Conn, Housekeeping, Sql, StoreError, statements, values};

statements! {
    const ADD: Sql = "INSERT INTO sink (name, seal, rows_done, held_until) VALUES ($1, 0, 0, 0) ON CONFLICT DO NOTHING";
    const HOLD: Sql = "UPDATE sink SET held_until = $2 WHERE name = $1 AND (held_until < $3 OR held_until = $4)";
    const FIND: Sql = "SELECT seal, rows_done FROM sink WHERE name = $1";
    const MOVE: Sql = "UPDATE sink SET seal = $2, rows_done = $3 WHERE name = $1 AND held_until = $4";
    const SLOWEST: Sql = "SELECT MIN(seal) FROM sink WHERE held_until > $1";
    const LIST: Sql = "SELECT name, seal FROM sink WHERE held_until > $1 ORDER BY name";
}

/// How far a sink has been fed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SinkCursor {
    /// The newest checkpoint of which it has all rows.
    pub checkpoint: i64,
    /// How many rows of the next one it has.
    pub rows_done: i64,
}

impl Conn {
    /// How far a sink has been fed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_sink_cursor(&mut self, name: &str) -> Result<SinkCursor, StoreError> {
        let found = self
            .fetch_optional::<(i64, i64)>(FIND, values![name])
            .await?;
        let cursor = found.map(|(checkpoint, rows_done)| SinkCursor {
            checkpoint,
            rows_done,
        });
        Ok(cursor.unwrap_or_default())
    }

    /// The newest checkpoint that all sinks have which a node was feeding after this time; `None` when there are no
    /// such sinks.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_slowest_sink(&mut self, after: Timestamp) -> Result<Option<i64>, StoreError> {
        let (slowest,) = self
            .fetch_one::<(Option<i64>,)>(SLOWEST, values![after])
            .await?;
        Ok(slowest)
    }

    /// The sinks that a node was feeding after this time, each with the newest checkpoint it has.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_sinks(&mut self, after: Timestamp) -> Result<Vec<(String, i64)>, StoreError> {
        self.fetch_all(LIST, values![after]).await
    }
}

impl Housekeeping {
    /// Reserves a sink for this node, when no other node has it. `mine` is the time up to which this node has it
    /// already, if it does. Whether it was reserved.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn hold_sink(
        &mut self,
        name: &str,
        until: Timestamp,
        now: Timestamp,
        mine: Timestamp,
    ) -> Result<bool, StoreError> {
        self.execute(ADD, values![name]).await?;
        let held = self.execute(HOLD, values![name, until, now, mine]).await?;
        Ok(held == 1)
    }

    /// Stores how far this node, which has the sink until `mine`, has fed it; `false` when another node has it now.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn move_sink_cursor(
        &mut self,
        name: &str,
        cursor: SinkCursor,
        mine: Timestamp,
    ) -> Result<bool, StoreError> {
        let values = values![name, cursor.checkpoint, cursor.rows_done, mine];
        let moved = self.execute(MOVE, values).await?;
        Ok(moved == 1)
    }
}
