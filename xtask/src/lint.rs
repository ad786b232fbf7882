//! `cargo xtask lint`: formatting, clippy on both sides, and the rules of this project that no compiler checks.

mod anchors;
mod citations;
mod crate_edges;
mod map_length;
mod named_tests;
mod texts;
mod words;

use std::process::Command;

use anyhow::Result;

use crate::{measure, paths, rooms, run, terminal, tools};

/// Runs every stage; the first that fails ends it.
///
/// # Errors
/// When a stage fails.
pub(crate) fn run() -> Result<()> {
    tools::wasm_target()?;
    terminal::stage("edges between crates", crate_edges::check)?;
    terminal::stage("citations", citations::check)?;
    terminal::stage("rooms", rooms::check)?;
    terminal::stage("lengths", measure::check)?;
    terminal::stage("length of the map", map_length::check)?;
    terminal::stage("words", words::check)?;
    terminal::stage("tests that docs name", named_tests::check)?;
    terminal::stage("dependencies", dependencies)?;
    terminal::stage("formatting", || {
        run::check(&mut run::bare_cargo(&["fmt", "--all", "--check"]))
    })?;
    terminal::stage("clippy, server side", || {
        run::check(run::cargo(&["clippy"]).args(["--all-targets", "--", "-D", "warnings"]))
    })?;
    terminal::stage("clippy, browser side", || {
        run::check(
            run::cargo(&["clippy"])
                .args(["-p", "frontend", "--target", "wasm32-unknown-unknown"])
                .arg("--target-dir")
                .arg(paths::front_target())
                .args(["--", "-D", "warnings"]),
        )
    })
}

/// Licenses, sources and banned crates, by `deny.toml`. Advisories are left to `cargo xtask audit`: they change without
/// a change here.
fn dependencies() -> Result<()> {
    let Some(cargo_deny) = tools::find_cargo_deny() else {
        terminal::line("Skipped: cargo-deny is not installed; `cargo xtask audit` installs it");
        return Ok(());
    };
    run::check(
        Command::new(cargo_deny)
            .args(["--locked", "check", "bans", "licenses", "sources"])
            .current_dir(paths::root()),
    )
}
