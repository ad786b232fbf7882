//! The tests with the Go client, in `clients/go`. They run where Go is installed.

use std::{fs, process::Command};

use anyhow::{Context, Result, bail};

use crate::{paths, run};

/// A command of Go for those tests. Go downloads no other version of itself: a machine has the version that it needs, or
/// the tests are skipped.
pub(super) fn command(subcommand: &[&str]) -> Command {
    let mut command = Command::new("go");
    command
        .current_dir(paths::clients().join("go"))
        .args(subcommand)
        .env("GOTOOLCHAIN", "local");
    command
}

/// Whether Go is installed in a version that `go.mod` accepts.
///
/// # Errors
/// When `go.mod` cannot be read.
fn is_installed() -> Result<bool> {
    let needed = needed()?;
    let installed = run::output(&mut command(&["env", "GOVERSION"]));
    Ok(installed.is_ok_and(|installed| is_at_least(&installed, &needed)))
}

/// What is missing for the tests: Go, or the modules that they need, where none can be downloaded.
///
/// # Errors
/// When `go.mod` cannot be read.
pub(super) fn missing() -> Result<Option<&'static str>> {
    Ok(if !is_installed()? {
        Some("there is no Go here")
    } else if !run::succeeds(&mut command(&["mod", "download"])) {
        Some("its modules cannot be downloaded")
    } else {
        None
    })
}

/// Checks that Go is installed.
///
/// # Errors
/// When it is missing or too old.
pub(super) fn require() -> Result<()> {
    if !is_installed()? {
        bail!(
            "the tests with the Go client need Go {} or newer",
            needed()?
        );
    }
    Ok(())
}

/// The version in the `go` directive of `go.mod`.
fn needed() -> Result<String> {
    let path = paths::clients().join("go/go.mod");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let directive = text.lines().find_map(|line| line.strip_prefix("go "));
    Ok(directive
        .context("go.mod has no version")?
        .trim()
        .to_owned())
}

/// Whether a version of Go, such as `go1.26.8`, is not older than one such as `1.26.0`.
fn is_at_least(installed: &str, needed: &str) -> bool {
    let installed = installed.strip_prefix("go").map(numbers);
    installed.is_some_and(|installed| installed >= numbers(needed))
}

/// The numbers of a version. Those of a version before a release, `1.27rc1`, are those of the release.
fn numbers(version: &str) -> [u32; 3] {
    let mut parts = version.split('.').map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit());
        part[..end.unwrap_or(part.len())].parse().unwrap_or(0)
    });
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(is_at_least("go1.26.0", "1.26.0"));
        assert!(is_at_least("go1.26.8", "1.26.0"));
        assert!(is_at_least("go1.100", "1.26.0"));
        assert!(is_at_least("go1.27rc1", "1.26.0"));
        assert!(is_at_least("go1.26.8 X:nodwarf5", "1.26.0"));
        assert!(is_at_least("go2", "1.26.0"));
        assert!(!is_at_least("go1.25.9", "1.26.0"));
        assert!(!is_at_least("go1.9", "1.26.0"));
        assert!(!is_at_least("devel", "1.26.0"));
        assert!(!is_at_least("", "1.26.0"));
    }
}
