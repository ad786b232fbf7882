//! `cargo xtask clients`: third-party clients against the built program.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    build, paths,
    postgres::{Durability, Postgres},
    run, terminal, tools,
};

/// Which tests to run.
#[derive(clap::Args, Default)]
pub(crate) struct Options {
    /// One test in clients, without `test_` and `.py`; all when absent
    client: Option<String>,
    /// Arguments for pytest, for example: -- -k detectors
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Builds the server without the site and runs the tests on both databases.
///
/// # Errors
/// When a tool is missing, the build fails, or a test fails.
pub(crate) fn build_and_run(options: &Options) -> Result<()> {
    if let Some(client) = &options.client {
        find(client)?;
    }
    tools::for_clients()?;
    build::server_for_development()?;
    terminal::stage("clients", || self::run(options, &paths::server("debug")))
}

/// Runs the tests against this program on both databases.
///
/// # Errors
/// When a test fails.
pub(crate) fn run(options: &Options, server: &Path) -> Result<()> {
    let postgres = Postgres::start(Durability::Lost)?;
    // `bin/pytest` has an absolute path in it and breaks when the clone is moved.
    let mut pytest = Command::new(paths::python_packages().join("bin/python"));
    pytest
        .args(["-m", "pytest"])
        .current_dir(paths::clients())
        .env("COUNTERSIGN_BIN", server)
        .env(Postgres::VARIABLE, postgres.url())
        // Keeps Python's bytecode out of the clone.
        .env("PYTHONDONTWRITEBYTECODE", "1");
    if let Some(client) = &options.client {
        pytest.arg(format!("test_{client}.py"));
    }
    run::check(pytest.args(&options.arguments))
}

/// Checks that the test exists before the build, which takes minutes.
fn find(client: &str) -> Result<()> {
    let mut known: Vec<String> = fs::read_dir(paths::clients())
        .context("clients")?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| {
            let name = name.strip_prefix("test_")?.strip_suffix(".py")?;
            Some(name.to_owned())
        })
        .collect();
    known.sort();
    if !known.iter().any(|name| name == client) {
        bail!("no client test {client:?}; there are: {}", known.join(", "));
    }
    Ok(())
}
