//! `cargo xtask serve` and `cargo xtask demo`: build, then run the server.

use std::{os::unix::process::CommandExt, process::Command};

use anyhow::{Context, Result};

use crate::{build, paths};

/// How to build and run the server.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build and run the released program
    #[arg(long)]
    release: bool,
    /// Arguments for the program, for example: -- --listen 127.0.0.1:8080
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Builds, then replaces this process by `countersign serve` or `countersign demo`, so that the program receives the
/// signals and its exit status is returned.
///
/// # Errors
/// When the build fails or the program cannot be started.
pub(crate) fn run(command: &str, options: &Options) -> Result<()> {
    let folder = if options.release {
        build::for_release()?;
        "release"
    } else {
        build::for_development()?;
        "debug"
    };
    let program = paths::server(folder);
    let error = Command::new(&program)
        .arg(command)
        .args(&options.arguments)
        .env("COUNTERSIGN_SITE_DIR", paths::site())
        .current_dir(paths::root())
        .exec();
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}
