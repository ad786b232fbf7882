//! The program `countersign`. Everything it does is in the library, where tests can reach it.

use clap::Parser;

/// The meta of a request is allocated on one thread and freed on the one that stores the call, which this allocator takes
/// calmly: the system's keeps a large part of the memory for it, and of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    server::cli::run(server::cli::Cli::parse()).await
}
