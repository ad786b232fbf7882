//! Running other programs, cargo with the committed lock file.

use std::{
    env,
    ffi::OsStr,
    process::{Command, Output, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::paths;

/// A cargo command in the clone with `--locked`: `build`, `clippy`, `nextest run`.
pub(crate) fn cargo(subcommand: &[&str]) -> Command {
    let mut command = bare_cargo(subcommand);
    command.arg("--locked");
    command
}

/// A cargo command without `--locked`, for those that resolve no versions: `fmt`, `nextest --version`.
///
/// The variables in which cargo describes xtask are removed: some build scripts depend on them, and their crates would
/// be rebuilt whenever cargo runs inside xtask and then outside.
pub(crate) fn bare_cargo(subcommand: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root()).args(subcommand);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    // An absolute folder, since the command runs in the root of the clone.
    command.env("CARGO_TARGET_DIR", paths::target());
    command
}

/// Runs a command with our output and without input.
///
/// # Errors
/// When it cannot be started or fails.
pub(crate) fn check(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {}", name_of(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", name_of(command));
    }
    Ok(())
}

/// Runs a command and returns its standard output, trimmed.
///
/// # Errors
/// When it cannot be started or fails; the error contains its standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = finished(command)?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} failed ({}): {}",
            name_of(command),
            output.status,
            stderr.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command and returns its status and what it printed, also when it fails.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn finished(command: &mut Command) -> Result<Output> {
    command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", name_of(command)))
}

/// Whether a command succeeds. Prints nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    output(command).is_ok()
}

/// Whether this process runs as root: PostgreSQL does not start as root, and installing packages needs it.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// The program and its first arguments, for errors.
fn name_of(command: &Command) -> String {
    let program = command.get_program();
    let program = std::path::Path::new(program).file_name().unwrap_or(program);
    let words: Vec<String> = std::iter::once(program)
        .chain(command.get_args().take(3))
        .map(OsStr::to_string_lossy)
        .map(std::borrow::Cow::into_owned)
        .collect();
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cargo_command_is_locked() {
        let command = cargo(&["build"]);
        assert_eq!(name_of(&command).split(' ').next_back(), Some("--locked`"));
    }

    #[test]
    fn a_failure_names_the_command_and_its_standard_error() {
        let failure = output(Command::new("sh").args(["-c", "echo no >&2; exit 3"])).unwrap_err();
        let text = failure.to_string();
        assert!(text.starts_with("`sh -c"), "{text}");
        assert!(text.ends_with(": no"), "{text}");
    }
}
