//! Rows that are inserted later: the rows of several operations cost one statement together.

use std::mem;

use serde::Serialize;

use super::{
    column::Column,
    dialect::{connection::Connection, sql::Sql, value::values},
    error::StoreError,
};

/// The statements that insert rows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Insert {
    /// Fails when a row exists.
    pub(crate) once: Sql,
    /// Skips rows that exist: for a second attempt after the first was cancelled, so that its result is unknown.
    pub(crate) again: Sql,
}

/// A row as JSON, and the statement that inserts it.
#[derive(Debug)]
pub(crate) struct PendingRow {
    insert: &'static Insert,
    json: String,
}

impl PendingRow {
    pub(crate) fn new(
        insert: &'static Insert,
        column: Column,
        row: &impl Serialize,
    ) -> Result<Self, StoreError> {
        let json = column.to_json(row)?;
        Ok(Self { insert, json })
    }
}

/// Groups of rows in the order of their addition. A group is written completely or not at all.
#[derive(Debug, Default)]
pub(crate) struct PendingRows {
    groups: Vec<Vec<PendingRow>>,
    /// Whether writing was cancelled, so that some rows may exist.
    is_started: bool,
}

impl PendingRows {
    /// The number of groups.
    pub(crate) const fn len(&self) -> usize {
        self.groups.len()
    }

    /// Adds a group. A row may refer to rows before it.
    pub(crate) fn push(&mut self, rows: Vec<PendingRow>) {
        self.groups.push(rows);
    }

    /// Drops all groups but the first `count`.
    pub(crate) fn truncate(&mut self, count: usize) {
        self.groups.truncate(count);
        self.is_started &= count > 0;
    }

    /// The length of all rows together, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.groups.iter().flatten().map(|row| row.json.len()).sum()
    }

    /// Writes the first `count` groups. When this is cancelled, the groups stay, and the next call writes each row
    /// once.
    pub(crate) async fn write(
        &mut self,
        count: usize,
        connection: &mut Connection,
    ) -> Result<(), StoreError> {
        if count == 0 {
            return Ok(());
        }
        let is_again = mem::replace(&mut self.is_started, true);
        let written = write(&self.groups[..count], is_again, connection).await;
        self.is_started = false;
        written?;
        self.groups.drain(..count);
        Ok(())
    }
}

async fn write(
    groups: &[Vec<PendingRow>],
    is_again: bool,
    connection: &mut Connection,
) -> Result<(), StoreError> {
    for (insert, rows) in by_statement(groups) {
        let sql = if is_again { insert.again } else { insert.once };
        let rows = format!("[{}]", rows.join(","));
        connection.execute(sql, values![rows]).await?;
    }
    Ok(())
}

/// The rows of each statement, in the order of first use.
fn by_statement(groups: &[Vec<PendingRow>]) -> Vec<(&'static Insert, Vec<&str>)> {
    let mut found: Vec<(&Insert, Vec<&str>)> = Vec::new();
    for row in groups.iter().flatten() {
        match found.iter_mut().find(|(insert, _)| *insert == row.insert) {
            Some((_, rows)) => rows.push(&row.json),
            None => found.push((row.insert, vec![&row.json])),
        }
    }
    found
}
