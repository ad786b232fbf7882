//! `cargo xtask clients`: third-party clients against the built program.

mod go;
mod terraform;

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    build, paths,
    postgres::{Durability, Postgres},
    run, terminal, tools,
};

/// The name of the tests that are in Go.
const GO: &str = "go";

/// Which tests to run.
#[derive(clap::Args, Default)]
pub(crate) struct Options {
    /// One test in clients, without `test_` and `.py`, or `go`; all when absent
    client: Option<String>,
    /// Arguments for `go test` with the client `go`, otherwise for pytest alone, for example: -- -k detectors
    #[arg(last = true)]
    arguments: Vec<String>,
}

impl Options {
    /// Whether only the tests in Go run.
    fn is_go(&self) -> bool {
        self.client.as_deref() == Some(GO)
    }

    /// Whether only the tests with the Terraform provider run.
    fn is_terraform(&self) -> bool {
        self.client.as_deref() == Some(terraform::NAME)
    }

    /// Whether the tests in Go run as well as those in Python.
    fn is_all(&self) -> bool {
        self.client.is_none() && self.arguments.is_empty()
    }
}

/// Builds the server without the site and runs the tests on both databases.
///
/// # Errors
/// When a tool is missing, the build fails, or a test fails.
pub(crate) fn build_and_run(options: &Options) -> Result<()> {
    if let Some(client) = &options.client {
        find(client)?;
    }
    if options.is_terraform() {
        terraform::require()?;
    }
    if options.is_go() {
        go::require()?;
        tools::for_postgres()?;
    } else {
        tools::for_clients()?;
    }
    build::server_for_development()?;
    terminal::stage("clients", || self::run(options, &paths::server("debug")))
}

/// Runs the tests against this program on both databases. Those in Go run also when those in Python fail, so that one
/// run lists all failures.
///
/// # Errors
/// When a test fails.
pub(crate) fn run(options: &Options, server: &Path) -> Result<()> {
    let postgres = Postgres::start(Durability::Lost)?;
    let check = |command: &mut Command| {
        let command = command.args(&options.arguments);
        run::check(
            command
                .env("COUNTERSIGN_BIN", server)
                .env(Postgres::VARIABLE, postgres.url()),
        )
    };
    if options.is_go() {
        return check(&mut go_test());
    }
    if options.client.is_none()
        && let Some(missing) = terraform::missing()?
    {
        terminal::line(&format!(
            "Skipped: the tests with the Terraform provider, since {missing}"
        ));
    }
    let python = check(&mut pytest(options.client.as_deref()));
    if !options.is_all() {
        return python;
    }
    if let Some(missing) = go::missing()? {
        terminal::line(&format!(
            "Skipped: the tests with the Go client, since {missing}"
        ));
        return python;
    }
    let go = check(&mut go_test());
    python.and(go)
}

/// The tests in Python, or one of them.
fn pytest(client: Option<&str>) -> Command {
    // `bin/pytest` has an absolute path in it and breaks when the clone is moved.
    let mut pytest = Command::new(paths::python_packages().join("bin/python"));
    pytest
        .args(["-m", "pytest"])
        .current_dir(paths::clients())
        // Keeps Python's bytecode out of the clone.
        .env("PYTHONDONTWRITEBYTECODE", "1");
    if let Some(client) = client {
        pytest.arg(format!("test_{client}.py"));
    }
    pytest
}

/// The tests in Go. The server is not an input that Go's cache of results knows, so they always run.
fn go_test() -> Command {
    go::command(&["test", "-count=1", "./..."])
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
    known.push(GO.to_owned());
    known.sort();
    if !known.iter().any(|name| name == client) {
        bail!("no client test {client:?}; there are: {}", known.join(", "));
    }
    Ok(())
}
