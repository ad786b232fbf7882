//! The Python packages of the client tests, by pip-audit.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{
    exceptions::{self, Exception, Finding},
    report::Report,
};
use crate::{paths, run, tools};

/// The arguments of Python. `--disable-pip` reads the lock file as it is, without installing it.
const ARGUMENTS: [&str; 16] = [
    "-m",
    "pip_audit",
    "--require-hashes",
    "--disable-pip",
    "--progress-spinner",
    "off",
    "--format",
    "json",
    "--output",
    "stdout",
    "--aliases",
    "on",
    "--desc",
    "on",
    "--vulnerability-service",
    "pypi",
];

/// Texts in the errors of pip-audit when its service is not reached or does not answer as it should.
const UNREACHABLE: [&str; 4] = [
    "pip_audit._service.interface.",
    "requests.exceptions.",
    "Could not connect to",
    "is not redirecting properly",
];

/// Most characters of a description that are printed.
const DESCRIPTION: usize = 300;

/// Checks all packages of `clients/requirements.txt`.
///
/// # Errors
/// When pip-audit fails for another reason than a finding or a network error.
pub(super) fn check(exceptions: &[Exception]) -> Result<Report> {
    let python = match tools::pip_audit() {
        Ok(python) => python,
        Err(error) => {
            let because = "pip-audit cannot be installed";
            return Ok(Report::skipped(
                "Python packages",
                because,
                &format!("{error:#}"),
            ));
        }
    };
    let output = run::finished(
        Command::new(python)
            .args(ARGUMENTS)
            .arg("--requirement")
            .arg(paths::clients().join("requirements.txt")),
    )?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    read(&stdout, &stderr, output.status.success(), exceptions)
}

/// Reads what pip-audit printed: a report, or nothing when it failed.
fn read(stdout: &str, stderr: &str, succeeded: bool, exceptions: &[Exception]) -> Result<Report> {
    if stdout.trim().is_empty() && !succeeded {
        let is_unreachable = UNREACHABLE.iter().any(|text| stderr.contains(text));
        ensure!(is_unreachable, "pip-audit failed: {stderr}");
        let because = "the vulnerability service cannot be used";
        return Ok(Report::skipped("Python packages", because, stderr));
    }
    let answer: Value = serde_json::from_str(stdout)
        .with_context(|| format!("pip-audit printed no JSON: {stderr}"))?;
    let packages = answer["dependencies"].as_array();
    let packages = packages.context("pip-audit: no dependencies in the report")?;
    ensure!(!packages.is_empty(), "pip-audit checked no packages");
    let mut found = Vec::new();
    let mut unchecked = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or("?");
        match (&package["vulns"], package["skip_reason"].as_str()) {
            (Value::Array(vulnerabilities), _) => {
                found.extend(
                    vulnerabilities
                        .iter()
                        .map(|one| finding(name, package, one)),
                );
            }
            (_, reason) => unchecked.push((name, reason.unwrap_or_default())),
        }
    }
    ensure!(
        succeeded || !found.is_empty(),
        "pip-audit failed without a finding: {stderr}"
    );
    let names: Vec<&str> = unchecked.iter().map(|(name, _)| *name).collect();
    let mut report = exceptions::apply(exceptions, found, &names);
    if let Some((_, reason)) = unchecked.first() {
        report.append(unknown(&names, packages.len(), reason));
    }
    Ok(report)
}

/// Reports packages that the service does not know. pip-audit counts them as successes, also when the service knows
/// none at all, as mirrors of package indexes do.
fn unknown(names: &[&str], total: usize, reason: &str) -> Report {
    let what = if names.len() == total {
        format!("all {total} Python packages")
    } else {
        format!("Python packages {}", names.join(", "))
    };
    let because = "the vulnerability service does not know them";
    Report::skipped(&what, because, reason)
}

fn finding(name: &str, package: &Value, vulnerability: &Value) -> Finding {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let texts = |value: &Value| -> Vec<String> {
        let values = value.as_array().into_iter().flatten();
        values.map(text).collect()
    };
    let mut ids = vec![text(&vulnerability["id"])];
    ids.extend(texts(&vulnerability["aliases"]));
    let fixes = texts(&vulnerability["fix_versions"]);
    let fixes = if fixes.is_empty() {
        "no fix".to_owned()
    } else {
        format!("fixed in {}", fixes.join(", "))
    };
    Finding {
        text: format!(
            "{}, in {name} {}; {fixes}\n    {}",
            ids.join(", "),
            text(&package["version"]),
            first(&text(&vulnerability["description"])),
        ),
        ids,
        package: name.to_owned(),
    }
}

/// The beginning of a description, which may be pages long.
fn first(description: &str) -> String {
    description.chars().take(DESCRIPTION).collect()
}

#[cfg(test)]
mod tests;
