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
    let mounts = may_mount();
    if !mounts {
        say::line("Nobody may mount a small disk here: the test of the full disk is left out");
    }
    if run::succeeds(&mut run::bare_cargo(&["nextest", "--version"])) {
        let mut all = run::cargo(&["nextest", "run"]);
        all.arg("--no-fail-fast");
        if !mounts {
            all.args(["-E", "not test(/^full_disk::/)"]);
        }
        set_up(&mut all)?;
        set_up(run::cargo(&["test"]).args(["--doc", "--quiet"]))
    } else {
        let mut all = run::cargo(&["test"]);
        all.arg("--no-fail-fast");
        if !mounts {
            all.args(["--", "--skip", "full_disk::"]);
        }
        set_up(&mut all)
    }
}

/// Whether the system lets whoever runs this mount a disk that nobody else sees.
fn may_mount() -> bool {
    let mut tried = ["-m", "-rm"].into_iter();
    tried.any(|namespace| {
        let mut command = Command::new("unshare");
        command.args([namespace, "mount", "-t", "tmpfs", "tmpfs", "/tmp"]);
        run::succeeds(&mut command)
    })
}
