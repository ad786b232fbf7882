//! The tools of `cargo xtask audit`. They are installed below `target/tools`.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result};

use super::{has_python, has_venv, packages, python_environment};
use crate::{paths, run, terminal};

/// The version of cargo-deny that is built where none is installed.
const CARGO_DENY: &str = "0.20.2";

/// cargo-deny, which is built where none is installed.
///
/// # Errors
/// When it is missing and cannot be built.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    if let Some(program) = find_cargo_deny() {
        return Ok(program);
    }
    terminal::line("cargo-deny is missing: building it with cargo install, which takes minutes");
    run::check(
        run::cargo(&["install"])
            .arg(format!("cargo-deny@{CARGO_DENY}"))
            .arg("--root")
            .arg(paths::tools())
            // Without it, cargo builds in a temporary folder and removes it.
            .env_remove("CARGO_TARGET_DIR"),
    )
    .context("cargo-deny is missing and cannot be built")?;
    Ok(built_cargo_deny())
}

/// cargo-deny: the one of this machine, or the one that [`cargo_deny`] built.
pub(crate) fn find_cargo_deny() -> Option<PathBuf> {
    let version = |program: &PathBuf| run::output(Command::new(program).arg("--version"));
    let installed = PathBuf::from("cargo-deny");
    if version(&installed).is_ok() {
        return Some(installed);
    }
    let built = built_cargo_deny();
    let is_current =
        version(&built).is_ok_and(|version| version == format!("cargo-deny {CARGO_DENY}"));
    is_current.then_some(built)
}

fn built_cargo_deny() -> PathBuf {
    paths::tools().join("bin/cargo-deny")
}

/// The Python whose module `pip_audit` is installed, by its lock file.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(crate) fn pip_audit() -> Result<PathBuf> {
    packages(&[
        ("Python", "python3", has_python()),
        ("Python's venv module", "python3-venv", has_venv()),
    ])?;
    let environment = paths::tools().join("pip-audit");
    python_environment(
        "pip-audit and its packages",
        &paths::root().join("xtask/pip-audit.txt"),
        &environment,
    )
    .context("pip-audit is missing and cannot be installed")?;
    Ok(environment.join("bin/python"))
}
