//! Table `sink`: where the record goes on to, how far it has gone, and which node may send it.

use domain::platform::timestamp::Timestamp;

use crate::{
    audit::housekeeping::Housekeeping,
    platform::{dialect::on, error::StoreError, transaction::Conn},
};

const ADD: &str = "INSERT INTO sink (name, seal, rows_done, held_until) VALUES ($1, 0, 0, 0) ON CONFLICT DO NOTHING";
const HOLD: &str =
    "UPDATE sink SET held_until = $2 WHERE name = $1 AND (held_until < $3 OR held_until = $4)";
const FIND: &str = "SELECT seal, rows_done FROM sink WHERE name = $1";
const MOVE: &str = "UPDATE sink SET seal = $2, rows_done = $3 WHERE name = $1 AND held_until = $4";
const SLOWEST: &str = "SELECT MIN(seal) FROM sink WHERE held_until > $1";
const LIST: &str = "SELECT name, seal FROM sink WHERE held_until > $1 ORDER BY name";

/// How far a sink has been fed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SinkCursor {
    /// The newest seal all of whose rows it has.
    pub seal: i64,
    /// How many rows of the next it has.
    pub rows_done: i64,
}

impl Conn {
    /// How far a sink has been fed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_sink_cursor(&mut self, name: &str) -> Result<SinkCursor, StoreError> {
        let found = on!(self, c => sqlx::query_as::<_, (i64, i64)>(FIND)
            .bind(name)
            .fetch_optional(c)
            .await)?;
        Ok(
            found.map_or_else(SinkCursor::default, |(seal, rows_done)| SinkCursor {
                seal,
                rows_done,
            }),
        )
    }

    /// The newest seal that every sink has which a node was feeding after this moment; `None` when there is no such sink.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_slowest_sink(&mut self, after: Timestamp) -> Result<Option<i64>, StoreError> {
        Ok(on!(self, c => sqlx::query_scalar(SLOWEST).bind(after.as_micros()).fetch_one(c).await)?)
    }

    /// The sinks that a node was feeding after this moment, each with the newest seal it has.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_sinks(&mut self, after: Timestamp) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(on!(self, c => sqlx::query_as(LIST).bind(after.as_micros()).fetch_all(c).await)?)
    }
}

impl Housekeeping {
    /// Takes a sink for this node until a moment, when nobody has it now, or this node has, until `mine`. Whether it
    /// was taken.
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
        on!(self, c => sqlx::query(ADD).bind(name).execute(c).await.map(drop))?;
        let held = on!(self, c => sqlx::query(HOLD)
            .bind(name)
            .bind(until.as_micros())
            .bind(now.as_micros())
            .bind(mine.as_micros())
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(held == 1)
    }

    /// Notes how far a sink has been fed by this node, which has it until `mine`. Whether it still has.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn move_sink_cursor(
        &mut self,
        name: &str,
        cursor: SinkCursor,
        mine: Timestamp,
    ) -> Result<bool, StoreError> {
        let moved = on!(self, c => sqlx::query(MOVE)
            .bind(name)
            .bind(cursor.seal)
            .bind(cursor.rows_done)
            .bind(mine.as_micros())
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(moved == 1)
    }
}
