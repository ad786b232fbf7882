//! What tests need around the product: empty databases, as a temporary SQLite file or on a real PostgreSQL server, and
//! a mail server.
//!
//! Only tests and benches depend on this crate. Start with [`on_both!`], which makes two tests of one function, one for
//! each database.

mod cancel;
mod database;
pub mod failing_writes;
pub mod letter;
pub mod long_lists;
pub mod proxy;
pub mod smtp;

pub use cancel::cancelled_after;
pub use database::{Database, POSTGRES_VARIABLE, TAMPERED, postgres, sqlite};
pub use tokio;

/// Makes two tests of each `async fn name(database: Database)`: `name::on_sqlite` and `name::on_postgres`.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident: Database) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn story($database: $crate::Database) $body

            #[test]
            fn on_sqlite() {
                $crate::run(async { story($crate::sqlite()).await });
            }

            #[test]
            fn on_postgres() {
                $crate::run(async { story($crate::postgres().await).await });
            }
        }
    )*};
}

/// Runs a test to its end on a runtime like that of the server.
///
/// # Panics
/// When the runtime cannot be started, or the test fails.
pub fn run(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be started")
        .block_on(story);
}
