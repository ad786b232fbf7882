//! Findings that are accepted: `audit-exceptions.toml`, and the reasons in `deny.toml`.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use toml::{Table, Value};

use super::report::Report;

/// The exceptions for npm packages and Python packages.
const FILE: &str = "audit-exceptions.toml";

/// The exceptions for crates, which cargo-deny applies.
const CRATES: &str = "deny.toml";

/// The lists of `audit-exceptions.toml`.
#[derive(Debug, Default)]
pub(super) struct Exceptions {
    /// For packages of `end2end/package-lock.json`.
    pub(super) npm: Vec<Exception>,
    /// For packages of `clients/requirements.txt`.
    pub(super) python: Vec<Exception>,
}

/// A vulnerability of one package that is accepted. Its reason is in the file, for readers.
#[derive(Debug)]
pub(super) struct Exception {
    id: String,
    package: String,
}

/// A known vulnerability of one package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// Its ids in all databases that list it.
    pub(super) ids: Vec<String>,
    /// The package that has it.
    pub(super) package: String,
    /// What is printed.
    pub(super) text: String,
}

impl Exceptions {
    /// Reads the exceptions of a clone, and checks that those of `deny.toml` have reasons.
    ///
    /// # Errors
    /// When a file cannot be read, is malformed, or has an exception without a reason.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let read =
            |name: &str| fs::read_to_string(root.join(name)).with_context(|| name.to_owned());
        check_reasons(&read(CRATES)?).context(CRATES)?;
        Self::parse(&read(FILE)?).context(FILE)
    }

    /// Reads the text of `audit-exceptions.toml`.
    ///
    /// # Errors
    /// When it is malformed or an exception has no reason.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut exceptions = Self::default();
        for (name, value) in text.parse::<Table>()? {
            let list = match name.as_str() {
                "npm" => &mut exceptions.npm,
                "python" => &mut exceptions.python,
                _ => bail!("unknown list {name}; the lists are npm and python"),
            };
            let entries = value.as_array().context("npm and python are lists")?;
            for entry in entries {
                list.push(Exception::parse(entry).with_context(|| entry.to_string())?);
            }
        }
        Ok(exceptions)
    }
}

impl Exception {
    fn parse(entry: &Value) -> Result<Self> {
        let known = ["id", "package", "reason"];
        let table = entry.as_table().context("an exception is a table")?;
        ensure!(
            table.len() == known.len() && known.iter().all(|field| has_text(entry, field)),
            "an exception has id, package and reason, none of them empty"
        );
        let text = |field: &str| entry[field].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            id: text("id"),
            package: text("package"),
        })
    }

    fn matches(&self, finding: &Finding) -> bool {
        self.package == finding.package && finding.ids.contains(&self.id)
    }
}

/// Reports the findings without an exception, and warns of exceptions without a finding. An exception for a package in
/// `unchecked` causes no warning, since its finding may still exist.
pub(super) fn apply(exceptions: &[Exception], found: Vec<Finding>, unchecked: &[&str]) -> Report {
    let unused = exceptions.iter().filter(|exception| {
        let matched = found.iter().any(|finding| exception.matches(finding));
        !matched && !unchecked.contains(&exception.package.as_str())
    });
    let warnings = unused.map(|Exception { id, package }| {
        format!("{FILE} has an exception without a finding: {id} of {package}")
    });
    let warnings = warnings.collect();
    let accepted = |finding: &Finding| exceptions.iter().any(|one| one.matches(finding));
    let findings = found.into_iter().filter(|finding| !accepted(finding));
    Report {
        findings: findings.map(|finding| finding.text).collect(),
        warnings,
        ..Report::default()
    }
}

/// Checks that each ignored advisory or yanked crate has a reason.
fn check_reasons(deny: &str) -> Result<()> {
    let deny: Table = deny.parse()?;
    let ignored = deny.get("advisories").and_then(|table| table.get("ignore"));
    for entry in ignored.and_then(Value::as_array).into_iter().flatten() {
        ensure!(
            has_text(entry, "reason"),
            "an ignored advisory has no reason: {entry}"
        );
    }
    Ok(())
}

fn has_text(entry: &Value, field: &str) -> bool {
    let text = entry.get(field).and_then(Value::as_str);
    text.is_some_and(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"npm = [{ id = "GHSA-1", package = "a", reason = "tests only" }]"#;

    fn finding(id: &str, package: &str) -> Finding {
        Finding {
            ids: vec!["CVE-1".to_owned(), id.to_owned()],
            package: package.to_owned(),
            text: format!("{id} of {package}"),
        }
    }

    #[test]
    fn the_files_of_this_repository_are_read() {
        Exceptions::read(crate::paths::root()).unwrap();
    }

    #[test]
    fn an_exception_accepts_one_vulnerability_of_one_package() {
        let exceptions = Exceptions::parse(ENTRY).unwrap();
        let found = vec![
            finding("GHSA-1", "a"),
            finding("GHSA-2", "a"),
            finding("GHSA-1", "b"),
        ];
        let report = apply(&exceptions.npm, found, &[]);
        assert_eq!(report.findings, ["GHSA-2 of a", "GHSA-1 of b"]);
        assert!(report.warnings.is_empty());
    }

    #[test]
    fn an_exception_without_a_finding_causes_a_warning() {
        let exceptions = Exceptions::parse(ENTRY).unwrap();
        let report = apply(&exceptions.npm, Vec::new(), &["b"]);
        assert_eq!(
            report.warnings,
            ["audit-exceptions.toml has an exception without a finding: GHSA-1 of a"]
        );
        assert_eq!(
            apply(&exceptions.npm, Vec::new(), &["a"]),
            Report::default()
        );
    }

    #[test]
    fn an_exception_needs_every_field_and_no_other() {
        assert!(Exceptions::parse("npm = []\npython = []").is_ok());
        for text in [
            r#"npm = [{ id = "1", package = "a" }]"#,
            r#"npm = [{ id = "1", package = "a", reason = " " }]"#,
            r#"npm = [{ id = "1", package = "a", reason = "b", until = "c" }]"#,
            r#"npm = ["1"]"#,
            r#"npm = "1""#,
            "ruby = []",
        ] {
            assert!(Exceptions::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_ignored_advisory_needs_a_reason() {
        check_reasons("[advisories]\nignore = []").unwrap();
        check_reasons(r#"advisories.ignore = [{ id = "RUSTSEC-1", reason = "a" }]"#).unwrap();
        for entry in [r#""RUSTSEC-1""#, r#"{ id = "RUSTSEC-1" }"#] {
            assert!(check_reasons(&format!("advisories.ignore = [{entry}]")).is_err());
        }
    }
}
