//! Table `ingest_queue`: the position up to which each ingest queue is counted.

use domain::platform::id::Id;

use crate::platform::{Conn, Housekeeping, Sql, StoreError, statements, values};

statements! {
    const FIND: Sql = "SELECT segment, byte, save FROM ingest_queue WHERE id = $1";
    /// Changes nothing when this save or a later one is already stored.
    const SAVE: Sql = "INSERT INTO ingest_queue (id, segment, byte, save) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (id) DO UPDATE SET segment = excluded.segment, byte = excluded.byte, save = excluded.save \
        WHERE ingest_queue.save < excluded.save";
}

/// The position up to which a queue is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CountedTo {
    /// The segment of the first parcel that is not counted.
    pub segment: i64,
    /// Its offset in the segment, in bytes.
    pub byte: i64,
    /// The number of the save that stored this.
    pub save: i64,
}

impl Conn {
    /// The position up to which a queue is counted; `None` before the first save.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_counted_to(&mut self, queue_id: Id) -> Result<Option<CountedTo>, StoreError> {
        let found = self
            .fetch_optional::<(i64, i64, i64)>(FIND, values![queue_id])
            .await?;
        Ok(found.map(|(segment, byte, save)| CountedTo {
            segment,
            byte,
            save,
        }))
    }
}

impl Housekeeping {
    /// Stores the position up to which a queue is counted, with the counts of this transaction. Returns `false` when this
    /// save is already stored, as after a commit with a lost answer; the counts must not be added again then.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn save_counted_to(
        &mut self,
        queue_id: Id,
        to: CountedTo,
    ) -> Result<bool, StoreError> {
        let values = values![queue_id, to.segment, to.byte, to.save];
        Ok(self.execute(SAVE, values).await? == 1)
    }
}
