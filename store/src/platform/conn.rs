//! A connection that queries run on: for reading, or with the transaction of one or several operations.

use std::ops::{ControlFlow, Deref, DerefMut};

use domain::platform::{
    limits,
    page::{OffsetPage, Page},
    timestamp::Timestamp,
};

use super::{
    cipher::DocumentCipher,
    dialect::{
        connection::{Connection, Fetched},
        sql::Sql,
        stream::Streamed,
        value::{Value, values},
    },
    error::StoreError,
    pending::PendingRows,
    touched::{CheckedTable, TouchedRows, Touches},
};

/// A connection to the database. Every query is a method of it, so that a [`Read`] and a [`Write`] have it.
///
/// [`Write`]: crate::Write
#[derive(Debug)]
pub struct Conn {
    connection: Connection,
    cipher: DocumentCipher,
    pending: PendingRows,
    touched: TouchedRows,
    operation: Operation,
}

/// The current operation, in a transaction that operations before it may have written to.
#[derive(Debug)]
struct Operation {
    /// The number of pending groups of rows when it began.
    pending_before: usize,
    /// The number of rows that operations before it changed.
    touched_before: Touches,
    /// Whether it can be undone alone: there is a savepoint, or it is the first operation.
    can_undo: bool,
    /// Whether it was abandoned after it changed something.
    must_undo: bool,
}

/// A type that is read from rows.
pub(crate) trait Stored: Sized {
    /// The row.
    type Row: Fetched;

    /// Decodes a row.
    fn from_row(row: Self::Row) -> Result<Self, StoreError>;

    /// Decrypts the secrets in its document, if it has one.
    fn decrypted(self, _: &DocumentCipher) -> Result<Self, StoreError> {
        Ok(self)
    }
}

impl Conn {
    pub(crate) fn new(connection: Connection, cipher: DocumentCipher) -> Self {
        Self {
            connection,
            cipher,
            pending: PendingRows::default(),
            touched: TouchedRows::default(),
            operation: Operation {
                pending_before: 0,
                touched_before: Touches::default(),
                can_undo: true,
                must_undo: false,
            },
        }
    }

    /// The connection, ready for a statement: pending rows are written first, because the statement must see them. The
    /// savepoint of an operation is set here, so that an operation that runs no statement needs none.
    pub(super) async fn ready(&mut self) -> Result<&mut Connection, StoreError> {
        let Self {
            connection,
            pending,
            operation,
            ..
        } = self;
        if !operation.can_undo {
            // The rows of operations before this one are written before the savepoint.
            let written = pending.write(operation.pending_before, connection).await;
            operation.must_undo = written.is_err();
            written?;
            operation.pending_before = 0;
            connection.set_savepoint().await?;
            operation.can_undo = true;
        }
        pending.write(pending.len(), connection).await?;
        Ok(connection)
    }

    /// Encrypts the secrets of documents.
    pub(crate) const fn cipher(&self) -> &DocumentCipher {
        &self.cipher
    }

    /// The rows that are written before the next statement or the commit.
    pub(crate) const fn pending(&mut self) -> &mut PendingRows {
        &mut self.pending
    }

    /// The rows that operations changed.
    pub(crate) const fn touched(&mut self) -> &mut TouchedRows {
        &mut self.touched
    }

    /// Writes the pending rows now.
    pub(crate) async fn write_pending(&mut self) -> Result<(), StoreError> {
        self.ready().await.map(drop)
    }

    /// Begins a further operation, which can be undone alone.
    pub(crate) async fn begin_operation(&mut self) -> Result<(), StoreError> {
        if self.operation.must_undo {
            return self.undo().await;
        }
        self.operation.can_undo = false;
        self.operation.pending_before = self.pending.len();
        self.operation.touched_before = self.touched.len();
        Ok(())
    }

    /// Marks the operation to be undone before the next one begins or the transaction is committed.
    pub(crate) fn abandon_operation(&mut self) {
        self.pending.truncate(self.operation.pending_before);
        self.touched.truncate(self.operation.touched_before);
        self.operation.must_undo |= self.operation.can_undo;
    }

    /// Undoes the last operation. The next one begins at the same savepoint.
    async fn undo(&mut self) -> Result<(), StoreError> {
        if !self.operation.can_undo {
            return Err(StoreError::NotCommitted);
        }
        self.connection.return_to_savepoint().await?;
        self.operation.must_undo = false;
        Ok(())
    }

    /// Ends the last operation: nothing is undone from here on.
    pub(crate) async fn end_operations(&mut self) -> Result<(), StoreError> {
        if self.operation.must_undo {
            self.undo().await?;
        }
        self.operation.can_undo = true;
        Ok(())
    }

    /// Reserves numbers for this many events and returns the last. Other nodes are notified at the commit.
    pub(crate) async fn take_event_numbers(&mut self, count: i64) -> Result<i64, StoreError> {
        self.ready().await?.take_event_numbers(count).await
    }

    /// Commits. Pending rows must have been written.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.connection.commit().await
    }

    /// The time of the database server's clock; `None` where the database runs in this process (SQLite).
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn clock(&mut self) -> Result<Option<Timestamp>, StoreError> {
        self.connection.clock().await
    }
}

impl Conn {
    /// The names of settings of the database that are off, so that committed changes can be lost when its server fails.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_unsafe_settings(&mut self) -> Result<Vec<String>, StoreError> {
        self.connection.list_unsafe_settings().await
    }
}

impl Conn {
    /// Whether the database server accepts writes. A standby does not.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn accepts_writes(&mut self) -> Result<bool, StoreError> {
        self.connection.accepts_writes().await
    }
}

impl Conn {
    /// Notes that the operation inserts, changes or removes a row, so that its events have the state of it.
    pub(crate) fn touch(&mut self, table: CheckedTable, id: impl ToString) {
        self.touched().rows.push((table, id.to_string()));
    }

    /// As [`Self::touch`], for rows that a statement returned.
    pub(crate) fn touch_all(&mut self, table: CheckedTable, ids: Vec<(String,)>) {
        let rows = ids.into_iter().map(|(id,)| (table, id));
        self.touched().rows.extend(rows);
    }
}

/// Running statements.
impl Conn {
    /// Runs a statement, and returns how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<u64, StoreError> {
        self.ready().await?.execute(sql, values).await
    }

    /// The rows that a statement selects.
    pub(crate) async fn fetch_all<T: Fetched>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<Vec<T>, StoreError> {
        self.ready().await?.fetch_all(sql, values).await
    }

    /// The first row that a statement selects.
    pub(crate) async fn fetch_optional<T: Fetched>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<Option<T>, StoreError> {
        self.ready().await?.fetch_optional(sql, values).await
    }

    /// The row of a statement that always selects one, such as a count.
    pub(crate) async fn fetch_one<T: Fetched>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<T, StoreError> {
        let found = self.fetch_optional(sql, values).await?;
        found.ok_or_else(|| StoreError::from(sqlx::Error::RowNotFound))
    }

    /// The first row that a statement selects, decoded.
    pub(crate) async fn find<T: Stored>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<Option<T>, StoreError> {
        let row = self.fetch_optional(sql, values).await?;
        row.map(|row| T::from_row(row)?.decrypted(&self.cipher))
            .transpose()
    }

    /// The rows that a statement selects, decoded.
    pub(crate) async fn list<T: Stored>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.fetch_all(sql, values).await?;
        rows.into_iter()
            .map(|row| T::from_row(row)?.decrypted(&self.cipher))
            .collect()
    }

    /// A page of a list, and the length of the list, at most [`limits::PAGE_OBJECTS`]. `count` takes the values of the
    /// filter and the maximum to count; `list` takes the values of the filter, the limit and the offset. Both are planned
    /// for these values, since a filter passes a few rows or all.
    pub(crate) async fn page<T: Stored>(
        &mut self,
        count: Sql,
        list: Sql,
        filter: Vec<Value<'_>>,
        page: OffsetPage,
    ) -> Result<Page<T>, StoreError> {
        let mut counted = filter.clone();
        counted.push(Value::from(limits::PAGE_OBJECTS));
        let (count,) = self
            .fetch_one::<(i64,)>(count.planned_for_values(), counted)
            .await?;
        // No page extends beyond the count, because clients read pages until they have as many rows as were counted.
        let limit = page.limit.min(count.saturating_sub(page.offset));
        let mut results = Vec::new();
        if limit > 0 {
            let mut listed = filter;
            listed.extend(values![limit, page.offset]);
            results = self.list(list.planned_for_values(), listed).await?;
        }
        Ok(Page { count, results })
    }

    /// Calls `visit` with each row of a statement, until it breaks.
    pub(crate) async fn visit<S: Streamed, E: From<StoreError>>(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
        visit: impl FnMut(S::Row<'_>) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let connection = self.ready().await?;
        connection.visit::<S, E>(sql, values, visit).await
    }
}

/// A connection that only reads.
#[derive(Debug)]
pub struct Read {
    conn: Conn,
}

impl Read {
    pub(crate) const fn new(conn: Conn) -> Self {
        Self { conn }
    }
}

impl Deref for Read {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
