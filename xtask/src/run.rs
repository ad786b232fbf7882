//! Running other programs: cargo above all, always with the committed lock file.

use std::{
    env,
    ffi::OsStr,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::paths;

/// A cargo command in the clone, with the committed versions: `build`, `clippy`, `nextest run`.
pub(crate) fn cargo(subcommand: &[&str]) -> Command {
    let mut command = bare_cargo(subcommand);
    command.arg("--locked");
    command
}

/// A cargo command that resolves no versions: `fmt`, `nextest --version`.
///
/// The variables with which cargo describes xtask to itself are taken away: some build scripts watch them, and would
/// build their crate again each time a command runs inside xtask and then outside.
pub(crate) fn bare_cargo(subcommand: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root()).args(subcommand);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    // A relative folder means the same inside as outside, though the command runs in the root of the clone.
    command.env("CARGO_TARGET_DIR", paths::target());
    command
}

/// Runs a command to its end, its output going where ours goes, its input closed.
///
/// # Errors
/// When it cannot be started or does not succeed.
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

/// Runs a command quietly and gives what it printed, trimmed; its own complaint is in the error.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", name_of(command)))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} failed ({}): {}",
            name_of(command),
            output.status,
            complaint.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a command can be run and succeeds, without a word from it.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    output(command).is_ok()
}

/// Whether we are root: PostgreSQL refuses to be, Chromium wants to know, and packages need it.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// The program and its first arguments: enough to know which command an error is about.
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
    fn a_failure_names_the_command_and_what_it_said() {
        let refused = output(Command::new("sh").args(["-c", "echo no >&2; exit 3"])).unwrap_err();
        let text = refused.to_string();
        assert!(text.starts_with("`sh -c"), "{text}");
        assert!(text.ends_with(": no"), "{text}");
    }
}
