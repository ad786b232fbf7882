//! What a check found, and what it could not check.

use anyhow::{Result, bail};

use crate::terminal;

/// The outcome of one check.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    /// What fails the command.
    pub(super) findings: Vec<String>,
    /// What does not: an exception without a finding, for example.
    pub(super) warnings: Vec<String>,
    /// What could not be checked, with the reason.
    pub(super) skipped: Vec<String>,
}

impl Report {
    /// A report that `what` was not checked. The reason is the last line of `cause`, where programs put it.
    pub(super) fn skipped(what: &str, because: &str, cause: &str) -> Self {
        let mut lines = cause.lines().map(str::trim);
        let reason = lines.rfind(|line| !line.is_empty()).unwrap_or("no message");
        Self {
            skipped: vec![format!("{what} because {because}: {reason}")],
            ..Self::default()
        }
    }

    /// Appends another report.
    pub(super) fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.warnings.extend(other.warnings);
        self.skipped.extend(other.skipped);
    }

    /// Whether everything was checked.
    pub(super) fn is_complete(&self) -> bool {
        self.skipped.is_empty()
    }

    /// Prints the report, each entry with its kind.
    pub(super) fn print(&self) {
        let kinds = [
            ("skipped", &self.skipped),
            ("warning", &self.warnings),
            ("found", &self.findings),
        ];
        for (kind, entries) in kinds {
            for entry in entries {
                terminal::line(&format!("{kind}: {entry}"));
            }
        }
    }

    /// Whether the command succeeds. When `strict`, what was skipped fails it.
    ///
    /// # Errors
    /// States how much was found or skipped.
    pub(super) fn verdict(&self, strict: bool) -> Result<()> {
        let (found, skipped) = (self.findings.len(), self.skipped.len());
        match (found, skipped) {
            (1, _) => bail!("1 finding"),
            (2.., _) => bail!("{found} findings"),
            (0, 1..) if strict => bail!("{skipped} skipped, which --strict does not permit"),
            (0, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_fails_and_a_skipped_part_fails_when_strict() {
        let skipped = Report::skipped("npm packages", "it failed", "first\nlast\n\n");
        assert_eq!(skipped.skipped, ["npm packages because it failed: last"]);
        assert!(!skipped.is_complete());
        assert!(skipped.verdict(false).is_ok());
        assert!(skipped.verdict(true).is_err());

        let mut both = Report {
            findings: vec!["a".to_owned()],
            ..Report::default()
        };
        both.append(skipped);
        assert_eq!(both.verdict(false).unwrap_err().to_string(), "1 finding");
        assert_eq!(both.skipped.len(), 1);
    }

    #[test]
    fn warnings_do_not_fail() {
        let report = Report {
            warnings: vec!["a".to_owned()],
            ..Report::default()
        };
        assert!(report.is_complete());
        assert!(report.verdict(true).is_ok());
    }
}
