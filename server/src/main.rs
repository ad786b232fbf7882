//! The program `countersign`. Everything it does is in the library, where tests can reach it.

use clap::Parser;

/// Every request's facts are made on one thread and given back on the one that stores them, which this allocator takes
/// calmly: the system's keeps a large part of the memory for it, and of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    server::cli::run(server::cli::Cli::parse()).await
}
