//! Table `sink`: the destinations of both logs, how much each has received, and which node sends to it.

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

/// How much a sink has received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SinkCursor {
    /// The newest checkpoint whose rows it has received completely.
    pub checkpoint: i64,
    /// The number of rows of the next checkpoint that it has received.
    pub rows_done: i64,
}

impl Conn {
    /// How much a sink has received.
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

    /// The newest checkpoint that every sink has received completely, of the sinks that a node held after this time;
    /// `None` if no sink was held.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_slowest_sink(&mut self, after: Timestamp) -> Result<Option<i64>, StoreError> {
        let (slowest,) = self
            .fetch_one::<(Option<i64>,)>(SLOWEST, values![after])
            .await?;
        Ok(slowest)
    }

    /// The sinks that a node held after this time, each with the newest checkpoint it has received completely.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_sinks(&mut self, after: Timestamp) -> Result<Vec<(String, i64)>, StoreError> {
        self.fetch_all(LIST, values![after]).await
    }
}

impl Housekeeping {
    /// Holds a sink for this node until `until`, unless another node holds it. `mine` is the time until which this node
    /// already holds it. Returns whether this node holds it now.
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

    /// Stores how much a sink has received from this node, which holds it until `mine`; `false` when another node holds
    /// it now.
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
