//! Table `database_fault`: faults of the database and of its clock that no operator has confirmed.

use domain::platform::timestamp::Timestamp;

use super::write::Write;
use crate::platform::{Column, Conn, Housekeeping, Sql, StoreError, Stored, statements, values};

statements! {
    const LIST: Sql = "SELECT at, kind, detail FROM database_fault ORDER BY at, kind LIMIT 100";
    const INSERT: Sql = "INSERT INTO database_fault (at, kind, detail) VALUES ($1, $2, $3) \
        ON CONFLICT (kind, detail) DO NOTHING";
    const DELETE_ALL: Sql = "DELETE FROM database_fault";
}

/// The kind of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The database lost audit events that this installation had seen: another copy of it was started.
    LostEvents,
    /// The clock jumped forward.
    ClockJump,
    /// Rows of the logs were inserted or changed by others than this program.
    ForgedRows,
    /// Rows of other tables are not what the audit log says.
    StateDiffers,
    /// The database is older than the checkpoint file, or another copy.
    OlderCopy,
}

impl FaultKind {
    const ALL: [Self; 5] = [
        Self::LostEvents,
        Self::ClockJump,
        Self::ForgedRows,
        Self::StateDiffers,
        Self::OlderCopy,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::LostEvents => "LOST_EVENTS",
            Self::ClockJump => "CLOCK_JUMP",
            Self::ForgedRows => "FORGED_ROWS",
            Self::StateDiffers => "STATE_DIFFERS",
            Self::OlderCopy => "OLDER_COPY",
        }
    }
}

/// A fault that no operator has confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseFault {
    /// When it was noticed.
    pub at: Timestamp,
    /// Its kind.
    pub kind: FaultKind,
    /// How it was noticed.
    pub detail: String,
}

impl Stored for DatabaseFault {
    type Row = (i64, String, String);

    fn from_row((at, kind, detail): Self::Row) -> Result<Self, StoreError> {
        let known = FaultKind::ALL
            .into_iter()
            .find(|known| known.label() == kind);
        Ok(Self {
            at: Timestamp::from_micros(at),
            kind: Column("database_fault", "kind").required(known)?,
            detail,
        })
    }
}

impl Conn {
    /// The faults that no operator has confirmed, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_database_faults(&mut self) -> Result<Vec<DatabaseFault>, StoreError> {
        self.list(LIST, values![]).await
    }
}

impl Housekeeping {
    /// Adds a fault, once.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn note_database_fault(&mut self, fault: &DatabaseFault) -> Result<(), StoreError> {
        let values = values![fault.at, fault.kind.label(), &fault.detail];
        self.execute(INSERT, values).await.map(drop)
    }
}

impl Write {
    /// Removes all faults, because an operator has confirmed them.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn remove_database_faults(&mut self) -> Result<(), StoreError> {
        self.execute(DELETE_ALL, values![]).await.map(drop)
    }
}
