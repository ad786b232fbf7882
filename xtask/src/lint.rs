//! `cargo xtask lint`: formatting, lints on both sides, and which crate may use which.

use anyhow::Result;

use crate::{arrows, measure, paths, rooms, run, say, tools};

/// Checks it all; the first complaint ends it.
///
/// # Errors
/// When something is to be mended.
pub(crate) fn run() -> Result<()> {
    tools::wasm_target()?;
    say::stage("crates use only whom they may", arrows::check)?;
    // These two report and do not fail until the code satisfies them.
    say::stage("rooms", rooms::check).or_else(ignore)?;
    say::stage("lengths", measure::check).or_else(ignore)?;
    say::stage("formatting", || {
        run::check(&mut run::bare_cargo(&["fmt", "--all", "--check"]))
    })?;
    say::stage("lints, server side", || {
        run::check(run::cargo(&["clippy"]).args(["--all-targets", "--", "-D", "warnings"]))
    })?;
    say::stage("lints, browser side", || {
        run::check(
            run::cargo(&["clippy"])
                .args(["-p", "frontend", "--target", "wasm32-unknown-unknown"])
                .arg("--target-dir")
                .arg(paths::front_target())
                .args(["--", "-D", "warnings"]),
        )
    })
}

fn ignore(_: anyhow::Error) -> Result<()> {
    Ok(())
}
