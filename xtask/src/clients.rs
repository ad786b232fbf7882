//! `cargo xtask clients`: clients nobody here wrote, against the built program.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    build, paths,
    postgres::{Durability, Postgres},
    run, say, tools,
};

/// Which tests to run.
#[derive(clap::Args, Default)]
pub(crate) struct Options {
    /// One client by its test's name in clients, without `test_` and the ending; all when absent
    client: Option<String>,
    /// What to hand to pytest itself, for example: -- -k detectors
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Builds the server, which needs no browser side for this, and runs the tests on both databases.
///
/// # Errors
/// When something is missing, does not build, or a client is not answered as it must be.
pub(crate) fn build_and_run(options: &Options) -> Result<()> {
    if let Some(client) = &options.client {
        find(client)?;
    }
    tools::for_clients()?;
    build::server_for_development()?;
    say::stage("clients", || self::run(options, &paths::server("debug")))
}

/// Runs the tests against this program, on both databases.
///
/// # Errors
/// When a client is not answered as it must be.
pub(crate) fn run(options: &Options, server: &Path) -> Result<()> {
    let postgres = Postgres::start(Durability::Lost)?;
    // Not `bin/pytest`, which names the folder it was installed in: a clone may be moved.
    let mut pytest = Command::new(paths::python_packages().join("bin/python"));
    pytest
        .args(["-m", "pytest"])
        .current_dir(paths::clients())
        .env("COUNTERSIGN_BIN", server)
        .env(Postgres::VARIABLE, postgres.url())
        // What Python compiles stays out of the clone.
        .env("PYTHONDONTWRITEBYTECODE", "1");
    if let Some(client) = &options.client {
        pytest.arg(format!("test_{client}.py"));
    }
    run::check(pytest.args(&options.arguments))
}

/// Makes sure the test exists before minutes are spent on building.
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
        bail!(
            "there is no test of a client {client:?}; there are: {}",
            known.join(", ")
        );
    }
    Ok(())
}
