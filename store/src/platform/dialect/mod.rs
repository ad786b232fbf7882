//! All code that differs between SQLite and PostgreSQL: opening them, the SQL they spell differently, and running
//! statements so that every value has the database's own type. (`sqlx::Any` cannot read SQLite's booleans.)
//!
//! Start with [`sql`], then [`connection`]. A test fails when code elsewhere names one of the databases.
//! May use what its room `platform` may use.

pub(crate) mod cell;
pub(crate) mod connection;
pub(crate) mod error_code;
pub(crate) mod joined;
pub(crate) mod limits;
pub(crate) mod listener;
pub(crate) mod pool_state;
mod pooled;
pub(crate) mod pools;
mod postgres;
#[cfg(test)]
pub(crate) mod prepare;
pub(crate) mod rows;
pub(crate) mod schema;
pub(crate) mod sql;
mod sqlite;
pub(crate) mod stream;
pub(crate) mod text_search;
pub(crate) mod transfer;
pub(crate) mod value;

pub use self::sqlite::copies::{copy_database, remove_database, rename_database};
