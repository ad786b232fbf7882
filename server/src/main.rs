//! The program `countersign`. Its code is in the library, so that tests can run it in process.

use clap::Parser;

/// The metadata of a request is allocated on one thread and freed on the thread that stores the call. mimalloc needs
/// less time and memory for this pattern than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    server::cli::run(server::cli::Cli::parse()).await
}
