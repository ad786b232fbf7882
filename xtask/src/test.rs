//! `cargo xtask test`: every check and test.

use std::{process::Command, time::Instant};

use anyhow::{Result, bail};

use crate::{
    build, clients, e2e, lint, paths,
    postgres::{Durability, Postgres},
    run, terminal, tools,
};

/// Installs missing tools, then runs lint, every test and client on both databases, and every story in a browser. The
/// other parts run also when one fails, so that one run lists all failures.
///
/// # Errors
/// Names the parts that failed.
pub(crate) fn run() -> Result<()> {
    let start = Instant::now();
    terminal::stage("tools for the tests", tools::for_tests)?;
    let mut failed = Vec::new();
    let mut part = |name: &'static str, work: &dyn Fn() -> Result<()>| {
        let outcome = terminal::stage(name, work);
        if outcome.is_err() {
            failed.push(name);
        }
        outcome.is_ok()
    };
    part("lint", &lint::run);
    let has_site = part("browser side", &build::site_for_tests);
    part("tests", &|| tests(has_site));
    // The tests build the same server, unless they do not compile: the other parts must not run an older one.
    if has_site && part("server", &build::server_with_site) {
        part("clients", &|| {
            clients::run(&clients::Options::default(), &paths::server("debug"))
        });
        part("stories", &|| e2e::run(&e2e::Options::default()));
    }
    let took = terminal::duration(start.elapsed());
    if !failed.is_empty() {
        bail!("test: FAILED in {took}: {}", failed.join(", "));
    }
    terminal::line(&format!("cargo xtask test: all passed in {took}"));
    Ok(())
}

/// The tests of every crate, and the examples in doc comments, with the site inside the server if it is built.
fn tests(has_site: bool) -> Result<()> {
    let features: &[&str] = if has_site { &build::WITH_SITE } else { &[] };
    let postgres = Postgres::start(Durability::Lost)?;
    let check = |command: &mut Command| run::check(command.env(Postgres::VARIABLE, postgres.url()));
    let mounts = may_mount();
    if !mounts {
        terminal::line("Skipped: the test of a full disk, since mounting is not permitted here");
    }
    if run::succeeds(&mut run::bare_cargo(&["nextest", "--version"])) {
        let mut all = run::cargo(&["nextest", "run"]);
        all.args(features).arg("--no-fail-fast");
        if !mounts {
            all.args(["-E", "not test(/^full_disk::/)"]);
        }
        check(&mut all)?;
        check(
            run::cargo(&["test"])
                .args(features)
                .args(["--doc", "--quiet"]),
        )
    } else {
        let mut all = run::cargo(&["test"]);
        all.args(features).arg("--no-fail-fast");
        if !mounts {
            all.args(["--", "--skip", "full_disk::"]);
        }
        check(&mut all)
    }
}

/// Whether this user may mount a file system in a private namespace.
fn may_mount() -> bool {
    let mut tried = ["-m", "-rm"].into_iter();
    tried.any(|namespace| {
        let mut command = Command::new("unshare");
        command.args([namespace, "mount", "-t", "tmpfs", "tmpfs", "/tmp"]);
        run::succeeds(&mut command)
    })
}
