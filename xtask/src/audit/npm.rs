//! The npm packages of the browser stories, by `npm audit`.

use std::{collections::BTreeSet, process::Command};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{
    exceptions::{self, Exception, Finding},
    report::Report,
};
use crate::{paths, run, tools};

/// The arguments of npm. Those after the first three override settings of the machine with which npm would report no
/// vulnerabilities without asking: `offline`, and `omit`, to which `NODE_ENV=production` adds `dev`.
const ARGUMENTS: [&str; 7] = [
    "audit",
    "--json",
    "--package-lock-only",
    "--offline=false",
    "--include=dev",
    "--include=optional",
    "--include=peer",
];

/// Checks all packages of `end2end/package-lock.json`.
///
/// # Errors
/// When npm fails for another reason than a finding or an error of the audit endpoint.
pub(super) fn check(exceptions: &[Exception]) -> Result<Report> {
    if let Err(error) = tools::npm() {
        let because = "npm cannot be used";
        return Ok(Report::skipped(
            "npm packages",
            because,
            &format!("{error:#}"),
        ));
    }
    let output = run::finished(
        Command::new("npm")
            .args(ARGUMENTS)
            .current_dir(paths::end2end()),
    )?;
    let answer = serde_json::from_slice(&output.stdout).with_context(|| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        format!("npm audit printed no JSON: {stderr}")
    })?;
    read(&answer, output.status.success(), exceptions)
}

/// Reads what npm printed: a report, or an error. Only an error of the audit endpoint has a `message`.
fn read(answer: &Value, succeeded: bool, exceptions: &[Exception]) -> Result<Report> {
    let message = answer["message"].as_str();
    match (answer["auditReportVersion"].as_u64(), message) {
        (Some(2), _) => {}
        (None, Some(message)) if !succeeded => {
            let because = "the audit endpoint of the registry cannot be used";
            return Ok(Report::skipped("npm packages", because, message));
        }
        _ => bail!("npm audit failed: {answer}"),
    }
    let checked = answer["metadata"]["dependencies"]["total"].as_u64();
    ensure!(
        checked.is_some_and(|count| count > 0),
        "npm audit checked no packages: {answer}"
    );
    let found = findings(&answer["vulnerabilities"])?;
    ensure!(
        succeeded || !found.is_empty(),
        "npm audit failed without a finding: {answer}"
    );
    Ok(exceptions::apply(exceptions, found, &[]))
}

/// The advisories of a report, each once. A package is also listed when one that it depends on is vulnerable: then its
/// `via` has names of packages in the place of advisories.
fn findings(vulnerabilities: &Value) -> Result<Vec<Finding>> {
    let packages = vulnerabilities
        .as_object()
        .context("npm audit: no vulnerabilities in the report")?;
    let mut found: Vec<Finding> = Vec::new();
    for (package, details) in packages {
        let causes = details["via"].as_array();
        let causes = causes.with_context(|| format!("npm audit: {package} has no cause"))?;
        for cause in causes {
            match cause.as_str() {
                Some(name) => ensure!(
                    packages.contains_key(name),
                    "npm audit: {name}, the cause of {package}, is not in the report"
                ),
                None => found.push(finding(cause, details)),
            }
        }
    }
    ensure!(
        packages.is_empty() || !found.is_empty(),
        "npm audit: packages are vulnerable, but no advisory is in the report: {vulnerabilities}"
    );
    let mut seen = BTreeSet::new();
    found.retain(|finding| seen.insert((finding.package.clone(), finding.text.clone())));
    Ok(found)
}

fn finding(advisory: &Value, details: &Value) -> Finding {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let url = text(&advisory["url"]);
    let package = text(&advisory["name"]);
    let id = url.rsplit('/').next().unwrap_or_default().to_owned();
    // The package and version of a fix, or whether there is one.
    let fix = &details["fixAvailable"];
    let fix = if fix.is_object() || *fix == true {
        "a fix is available"
    } else {
        "no fix"
    };
    Finding {
        text: format!(
            "{id} ({}): {}, in {package} {}; {fix}\n    {url}",
            text(&advisory["severity"]),
            text(&advisory["title"]),
            text(&advisory["range"]),
        ),
        ids: vec![id, advisory["source"].to_string()],
        package,
    }
}

#[cfg(test)]
mod tests;
