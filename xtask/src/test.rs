//! `cargo xtask test`: everything, with one verdict at the end.

use std::{process::Command, time::Instant};

use anyhow::{Result, bail};

use crate::{
    build, clients, e2e, lint, paths,
    postgres::{Durability, Postgres},
    run, say, tools,
};

/// Installs what is missing, then lints, runs every test and every client on both databases and every story in a browser. A part that
/// fails does not keep the others from being tried, so that one run tells everything there is to mend.
///
/// # Errors
/// When anything failed; the parts that did are named.
pub(crate) fn run() -> Result<()> {
    let start = Instant::now();
    say::stage("what the tests need", tools::for_tests)?;
    let mut failed = Vec::new();
    let mut part = |name: &'static str, work: &dyn Fn() -> Result<()>| {
        let outcome = say::stage(name, work);
        if outcome.is_err() {
            failed.push(name);
        }
        outcome.is_ok()
    };
    part("lint", &lint::run);
    part("tests", &tests);
    if part("build", &build::for_stories) {
        part("clients", &|| {
            clients::run(&clients::Options::default(), &paths::server("ci"))
        });
        part("stories", &|| e2e::run(&e2e::Options::default()));
    }
    let took = say::words(start.elapsed());
    if !failed.is_empty() {
        bail!("test: FAILED in {took}: {}", failed.join(", "));
    }
    say::line(&format!("cargo xtask test: all passed in {took}"));
    Ok(())
}

/// The tests of every crate, and the examples in their documentation.
fn tests() -> Result<()> {
    let postgres = Postgres::start(Durability::Lost)?;
    let set_up =
        |command: &mut Command| run::check(command.env(Postgres::VARIABLE, postgres.url()));
    if run::succeeds(&mut run::bare_cargo(&["nextest", "--version"])) {
        set_up(run::cargo(&["nextest", "run"]).arg("--no-fail-fast"))?;
        set_up(run::cargo(&["test"]).args(["--doc", "--quiet"]))
    } else {
        set_up(run::cargo(&["test"]).arg("--no-fail-fast"))
    }
}
