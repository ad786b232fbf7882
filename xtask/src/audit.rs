//! `cargo xtask audit`: advisories, licenses, bans and sources of crates, and known vulnerabilities of npm packages and
//! Python packages.
//!
//! A check whose tool cannot be installed, or whose service cannot be reached, is skipped and reported. Findings that
//! are accepted are in `deny.toml` for crates, and in `audit-exceptions.toml` for the rest, with their reasons.

mod crates;
mod exceptions;
mod npm;
mod python;
mod report;

use anyhow::{Result, bail};

use crate::{paths, terminal};
use exceptions::Exceptions;
use report::Report;

/// What counts as a failure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Fail also when something cannot be checked, for example without a network
    #[arg(long)]
    strict: bool,
}

/// Runs all checks, also when one fails, so that one run lists all findings.
///
/// # Errors
/// Names the parts with findings, and those whose check failed.
pub(crate) fn run(options: &Options) -> Result<()> {
    let exceptions = Exceptions::read(paths::root())?;
    let mut incomplete = Vec::new();
    let mut failed = Vec::new();
    let mut part = |name: &'static str, check: &dyn Fn() -> Result<Report>| {
        let outcome = terminal::stage(name, || {
            let report = check()?;
            report.print();
            if !report.is_complete() {
                incomplete.push(name);
            }
            report.verdict(options.strict)
        });
        if outcome.is_err() {
            failed.push(name);
        }
    };
    part("rules for crates", &crates::check_rules);
    part("advisories of crates", &crates::check_advisories);
    part("npm packages", &|| npm::check(&exceptions.npm));
    part("Python packages", &|| python::check(&exceptions.python));
    if !failed.is_empty() {
        bail!("audit: FAILED: {}", failed.join(", "));
    }
    terminal::line(&summary(&incomplete));
    Ok(())
}

/// The last line of a run without findings.
fn summary(incomplete: &[&str]) -> String {
    if incomplete.is_empty() {
        "cargo xtask audit: no findings".to_owned()
    } else {
        let names = incomplete.join(", ");
        format!("cargo xtask audit: no findings in what could be checked; incomplete: {names}")
    }
}
