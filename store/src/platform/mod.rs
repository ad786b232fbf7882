//! What every room builds on: connections, statements and errors. May use no other room.
//!
//! Start with [`conn`], on which every query runs; `dialect` has all code that differs by database. A room declares its
//! SQL with [`statements!`] and runs it with the methods of [`Conn`].

pub(crate) mod access;
pub(crate) mod cipher;
pub(crate) mod column;
pub(crate) mod conn;
pub(crate) mod counter;
pub(crate) mod detached;
pub(crate) mod dialect;
pub(crate) mod error;
pub(crate) mod housekeeping;
pub(crate) mod id_batch;
pub(crate) mod known_key;
pub(crate) mod master_key;
pub(crate) mod name_filter;
pub(crate) mod narrowed;
pub(crate) mod paged;
pub(crate) mod pending;
pub(crate) mod plain_secrets;
pub(crate) mod reencrypted;
pub(crate) mod touched;

pub(crate) use self::{
    column::Column,
    conn::{Conn, Stored},
    dialect::{
        joined::joined,
        rows::{over_digests, over_rows},
        sql::{Sql, statements},
        stream::{Streamed, streamed},
        text_search::containing,
        value::{Value, values},
    },
    error::StoreError,
    housekeeping::Housekeeping,
    id_batch::id_batches,
    name_filter::NameFilter,
    narrowed::{NarrowedList, Selection, counted_narrowed, listed_narrowed},
    paged::{counted, directed, listed, ordered},
    pending::{Insert, PendingRow},
    touched::{CheckedTable, TouchedRows, Touches},
};
