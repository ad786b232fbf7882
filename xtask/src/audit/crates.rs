//! Crates, by cargo-deny and `deny.toml`. Only advisories need a network beside the crates themselves, so they are
//! checked separately.

use std::{path::Path, process::Command};

use anyhow::{Result, bail, ensure};
use serde_json::Value;

use super::report::Report;
use crate::{paths, run, tools};

/// The checks that need the crates only.
const RULES: &[&str] = &["bans", "licenses", "sources"];

/// The check that needs the advisory database.
const ADVISORIES: &[&str] = &["advisories"];

/// Checks all crates of `Cargo.lock` for bans, licenses and sources.
///
/// # Errors
/// When cargo-deny fails for another reason than a finding or a network error.
pub(super) fn check_rules() -> Result<Report> {
    check(RULES)
}

/// Checks all crates of `Cargo.lock` for advisories and yanked versions.
///
/// # Errors
/// When cargo-deny fails for another reason than a finding or a network error.
pub(super) fn check_advisories() -> Result<Report> {
    check(ADVISORIES)
}

fn check(checks: &[&str]) -> Result<Report> {
    match tools::cargo_deny() {
        Ok(program) => deny(&program, checks),
        Err(error) => {
            let what = format!("{} of crates", checks.join(", "));
            let because = "cargo-deny cannot be installed";
            Ok(Report::skipped(&what, because, &format!("{error:#}")))
        }
    }
}

fn deny(program: &Path, checks: &[&str]) -> Result<Report> {
    let output = run::finished(
        Command::new(program)
            .args(["--locked", "--format", "json", "check"])
            .args(checks)
            // git, which fetches the advisory database, must not wait for a password.
            .env("GIT_TERMINAL_PROMPT", "0")
            .current_dir(paths::root()),
    )?;
    let messages = String::from_utf8_lossy(&output.stderr);
    read(&messages, output.status.success(), checks)
}

/// Reads the messages of cargo-deny, one JSON document a line. The checks ran when a summary counts their errors.
/// Otherwise an error in the log states why they did not.
fn read(messages: &str, succeeded: bool, checks: &[&str]) -> Result<Report> {
    let Some(counted) = count_of_errors(messages, checks) else {
        let names = checks.join(", ");
        let logged = of_type("log", messages);
        let cause = logged.iter().find_map(unreachable);
        let Some((because, message)) = cause.filter(|_| !succeeded) else {
            bail!("cargo-deny did not check {names}:\n{messages}");
        };
        let what = format!("{names} of crates");
        return Ok(Report::skipped(&what, because, message));
    };
    let mut report = Report::default();
    for diagnostic in of_type("diagnostic", messages) {
        add(&mut report, &diagnostic);
    }
    let found = report.findings.len();
    ensure!(
        succeeded == (found == 0) && u64::try_from(found)? == counted,
        "cargo-deny counts {counted} errors but describes {found}:\n{messages}"
    );
    Ok(report)
}

/// The errors of all checks, or nothing when one of them did not run.
fn count_of_errors(messages: &str, checks: &[&str]) -> Option<u64> {
    let summaries = of_type("summary", messages);
    let mut counts = summaries.iter().map(|summary| {
        let errors = checks.iter().map(|check| summary[check]["errors"].as_u64());
        errors.sum()
    });
    counts.next().flatten()
}

/// The content of each message of one type.
fn of_type(kind: &str, messages: &str) -> Vec<Value> {
    let messages = messages.lines();
    let messages = messages.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let messages = messages.filter(|message| message["type"] == kind);
    messages
        .map(|mut message| message["fields"].take())
        .collect()
}

/// What cargo-deny could not reach, and the message that says so. An error that is not known to come from the network
/// is not one of these.
fn unreachable(logged: &Value) -> Option<(&'static str, &str)> {
    let message = logged["message"].as_str()?;
    if message.starts_with("failed to fetch advisory database") {
        Some(("the advisory database cannot be fetched", message))
    } else if message.starts_with("failed to fetch crates")
        && message.contains("failed to download")
    {
        Some(("crates cannot be downloaded", message))
    } else {
        None
    }
}

/// Adds a diagnostic by its severity.
fn add(report: &mut Report, diagnostic: &Value) {
    match diagnostic["severity"].as_str() {
        _ if diagnostic["code"] == "index-failure" => report.append(Report::skipped(
            &format!("whether versions are yanked: {}", crates_of(diagnostic)),
            "the index cannot be read",
            diagnostic["notes"][0].as_str().unwrap_or_default(),
        )),
        Some("note" | "help") => {}
        Some("warning") => report.warnings.push(describe(diagnostic)),
        _ => report.findings.push(describe(diagnostic)),
    }
}

/// The code, message and crates of a diagnostic, then its details.
fn describe(diagnostic: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (code, message) = (text(&diagnostic["code"]), text(&diagnostic["message"]));
    let mut description = format!("{code}: {message} ({})", crates_of(diagnostic));
    let labels = diagnostic["labels"].as_array().into_iter().flatten();
    let labels = labels.filter(|label| label["message"] != "");
    let labels =
        labels.map(|label| format!("{}: {}", text(&label["span"]), text(&label["message"])));
    let notes = diagnostic["notes"].as_array().into_iter().flatten();
    // Longer notes are the prose of an advisory, which its page has as well.
    let notes = notes.map(text).filter(|note| note.lines().count() == 1);
    for detail in labels.chain(notes) {
        description += "\n    ";
        description += &detail;
    }
    description
}

/// The crates of a diagnostic with their versions.
fn crates_of(diagnostic: &Value) -> String {
    let graphs = diagnostic["graphs"].as_array().into_iter().flatten();
    let crates = graphs.map(|graph| {
        let text = |field: &str| graph["Krate"][field].as_str().unwrap_or_default();
        format!("{} {}", text("name"), text("version"))
    });
    let crates: Vec<String> = crates.collect();
    if crates.is_empty() {
        "deny.toml".to_owned()
    } else {
        crates.join(", ")
    }
}

#[cfg(test)]
mod tests;
