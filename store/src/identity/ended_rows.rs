//! Removing tokens, sessions and invitations some time after they ended. They are searched for outside the transaction
//! that removes them, because most are kept.

use domain::platform::timestamp::Timestamp;

use crate::{
    audit::Write,
    platform::{CheckedTable, Conn, Sql, StoreError, Value, over_rows, statements, values},
};

/// Rows that ended from `$1` to before `$2`, the earliest first.
macro_rules! find {
    ($table:literal, $condition:literal) => {
        concat!(
            "SELECT id, COALESCE(ended_at, expires_at) FROM ",
            $table,
            " WHERE COALESCE(ended_at, expires_at) >= $1 AND COALESCE(ended_at, expires_at) < $2 AND ",
            $condition,
            " ORDER BY COALESCE(ended_at, expires_at) LIMIT $3"
        )
    };
}

statements! {
    const FIND: [Sql; 3] = [
        find!("token", "NOT EXISTS (SELECT 1 FROM audit_event WHERE audit_event.token_id = token.id)"),
        find!("session", "NOT EXISTS (SELECT 1 FROM token WHERE token.session_id = session.id)"),
        find!("invitation", "true"),
    ];
    const REMOVE: [Sql; 3] = [
        over_rows!("DELETE FROM token WHERE id IN (SELECT given.value ->> 0 FROM", ")"),
        over_rows!("DELETE FROM session WHERE id IN (SELECT given.value ->> 0 FROM", ")"),
        over_rows!("DELETE FROM invitation WHERE id IN (SELECT given.value ->> 0 FROM", ")"),
    ];
}

/// Rows that are removed some time after they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedRows {
    /// Tokens with which no audited change was made: Info shows the others as long as their events are kept.
    Tokens,
    /// Sessions without tokens.
    Sessions,
    /// Invitations.
    Invitations,
}

impl EndedRows {
    /// All of them. A session is removed after its tokens.
    pub const ALL: [Self; 3] = [Self::Tokens, Self::Sessions, Self::Invitations];

    const fn table(self) -> CheckedTable {
        match self {
            Self::Tokens => CheckedTable::Token,
            Self::Sessions => CheckedTable::Session,
            Self::Invitations => CheckedTable::Invitation,
        }
    }

    const fn of(self, [tokens, sessions, invitations]: [Sql; 3]) -> Sql {
        match self {
            Self::Tokens => tokens,
            Self::Sessions => sessions,
            Self::Invitations => invitations,
        }
    }
}

impl Conn {
    /// The ids of rows that ended from one time to before another and may be removed, at most `limit`, and when the
    /// last of them ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_ended_rows(
        &mut self,
        rows: EndedRows,
        from: Timestamp,
        before: Timestamp,
        limit: i64,
    ) -> Result<(Vec<String>, Timestamp), StoreError> {
        let found = self
            .fetch_all::<(String, i64)>(rows.of(FIND), values![from, before, limit])
            .await?;
        let last = found
            .last()
            .map_or(from, |(_, at)| Timestamp::from_micros(*at));
        Ok((found.into_iter().map(|(id, _)| id).collect(), last))
    }
}

impl Write {
    /// Removes rows with these ids. Returns how many were removed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn remove_ended_rows(
        &mut self,
        rows: EndedRows,
        ids: &[String],
    ) -> Result<u64, StoreError> {
        for id in ids {
            self.touch(rows.table(), id);
        }
        let ids: Vec<[&String; 1]> = ids.iter().map(|id| [id]).collect();
        self.execute(rows.of(REMOVE), values![Value::rows(&ids)?])
            .await
    }
}
