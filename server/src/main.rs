//! The program `countersign`. Its code is in the library, so that tests can run it in process.

use std::process::ExitCode;

/// The metadata of a request is allocated on one thread and freed on the thread that stores the call. mimalloc needs
/// less time and memory for this pattern than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::start()
}
