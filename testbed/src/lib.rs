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
                $crate::run_story(|| async { story($crate::sqlite()).await });
            }

            #[test]
            fn on_postgres() {
                $crate::run_story(|| async { story($crate::postgres().await).await });
            }
        }
    )*};
}

/// The stack of a story in bytes. Without optimization, the futures of stories need more than the 2 MiB that the thread of
/// a test has.
const STORY_STACK_BYTES: usize = 16 << 20;

/// Runs a story to its end, on a thread with a large stack.
///
/// # Panics
/// When the thread or the runtime cannot be started, or the test fails.
pub fn run_story<Story: Future<Output = ()>>(story: impl FnOnce() -> Story + Send) {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name(std::thread::current().name().unwrap_or("story").to_owned())
            .stack_size(STORY_STACK_BYTES)
            .spawn_scoped(scope, || run(story()))
            .expect("a thread can be started");
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    });
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
