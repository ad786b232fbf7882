//! The program `countersign`. Everything it does is in the library, where tests can reach it.

use clap::Parser;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    server::cli::run(server::cli::Cli::parse()).await
}
