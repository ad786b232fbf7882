//! `cargo xtask serve`: everything a newcomer needs, then the server itself.

use std::{os::unix::process::CommandExt, process::Command};

use anyhow::{Context, Result};

use crate::{build, paths};

/// How to serve.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build and run the program as people run it
    #[arg(long)]
    release: bool,
    /// What to hand to the program itself, for example: -- --listen 127.0.0.1:8080
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Builds, then becomes `countersign serve` (or `demo`), so that signals reach it and its exit status is ours.
///
/// # Errors
/// When something does not build, or the program cannot be started.
pub(crate) fn run(command: &str, options: &Options) -> Result<()> {
    let folder = if options.release {
        build::for_release()?;
        "release"
    } else {
        build::for_development()?;
        "debug"
    };
    let program = paths::server(folder);
    let refused = Command::new(&program)
        .arg(command)
        .args(&options.arguments)
        .env("COUNTERSIGN_SITE_DIR", paths::site())
        .current_dir(paths::root())
        .exec();
    Err(refused).with_context(|| format!("cannot start {}", program.display()))
}
