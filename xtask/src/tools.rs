//! The tools that the commands need. Each check prints what is missing and installs it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{paths, postgres, run, terminal};

mod audit;

pub(crate) use audit::{cargo_deny, find_cargo_deny, pip_audit};

/// Rust's standard library for the browser.
const WASM: &str = "wasm32-unknown-unknown";

/// Installs what `cargo xtask test` needs.
///
/// # Errors
/// When a tool is missing and cannot be installed.
pub(crate) fn for_tests() -> Result<()> {
    wasm_target()?;
    packages(&[
        (
            "PostgreSQL's programs",
            "postgresql",
            postgres::is_installed(),
        ),
        ("Python", "python3", has_python()),
        ("Python's venv module", "python3-venv", has_venv()),
        ("Chromium", "chromium-headless-shell", chromium().exists()),
        ("a font", "fonts-liberation", has_fonts()),
    ])?;
    python_packages()?;
    npm_packages()
}

/// Installs what the client tests need.
///
/// # Errors
/// When a tool is missing and cannot be installed.
pub(crate) fn for_clients() -> Result<()> {
    packages(&[
        (
            "PostgreSQL's programs",
            "postgresql",
            postgres::is_installed(),
        ),
        ("Python", "python3", has_python()),
        ("Python's venv module", "python3-venv", has_venv()),
    ])?;
    python_packages()
}

/// Installs what the browser stories need.
///
/// # Errors
/// When a tool is missing and cannot be installed.
pub(crate) fn for_stories() -> Result<()> {
    packages(&[
        ("Chromium", "chromium-headless-shell", chromium().exists()),
        ("a font", "fonts-liberation", has_fonts()),
    ])?;
    npm_packages()
}

/// Installs PostgreSQL's programs.
///
/// # Errors
/// When they are missing and cannot be installed.
pub(crate) fn for_postgres() -> Result<()> {
    packages(&[(
        "PostgreSQL's programs",
        "postgresql",
        postgres::is_installed(),
    )])
}

/// Adds the WebAssembly target to the Rust toolchain.
///
/// # Errors
/// When it is missing and rustup cannot add it.
pub(crate) fn wasm_target() -> Result<()> {
    let libraries = run::output(
        Command::new("rustc")
            .args(["--print", "target-libdir", "--target", WASM])
            .current_dir(paths::root()),
    )?;
    if Path::new(&libraries).exists() {
        return Ok(());
    }
    terminal::line(&format!(
        "Rust's {WASM} target is missing: adding it with rustup"
    ));
    run::check(
        Command::new("rustup")
            .args(["target", "add", WASM])
            .current_dir(paths::root()),
    )
    .with_context(|| format!("Rust's {WASM} target is missing, and rustup could not add it"))
}

/// The browser for the stories: `CHROMIUM_PATH`, or the path of Debian's package. Without a user interface of its own it
/// takes half the time of a whole Chromium.
pub(crate) fn chromium() -> PathBuf {
    env::var_os("CHROMIUM_PATH")
        .map_or_else(|| "/usr/bin/chromium-headless-shell".into(), PathBuf::from)
}

fn has_fonts() -> bool {
    Path::new("/usr/share/fonts/truetype/liberation").exists()
        || run::output(&mut Command::new("fc-list")).is_ok_and(|fonts| !fonts.is_empty())
}

fn has_python() -> bool {
    run::succeeds(Command::new("python3").arg("--version"))
}

/// Debian packages `ensurepip`, which `venv` needs, separately.
fn has_venv() -> bool {
    run::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]))
}

/// Installs missing Debian packages. Each entry is a description, the package, and whether it is installed.
fn packages(wanted: &[(&str, &str, bool)]) -> Result<()> {
    let missing: Vec<_> = wanted.iter().filter(|(_, _, present)| !present).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let things: Vec<_> = missing.iter().map(|(thing, _, _)| *thing).collect();
    let names: Vec<_> = missing.iter().map(|(_, package, _)| *package).collect();
    let (things, listed) = (things.join(", "), names.join(" "));
    if !run::succeeds(Command::new("apt-get").arg("--version")) {
        bail!("missing: {things}. This system has no apt; the Debian packages are: {listed}");
    }
    terminal::line(&format!("Missing: {things}. Installing with apt: {listed}"));
    run::check(as_root("apt-get")?.args(["update", "-qq"]))?;
    run::check(
        as_root("apt-get")?
            .args(["install", "--yes", "-qq", "--no-install-recommends"])
            .args(names),
    )
    .with_context(|| format!("could not install {listed}"))
}

/// A command that runs as root, through sudo where needed, without prompts.
fn as_root(program: &str) -> Result<Command> {
    let quiet = "DEBIAN_FRONTEND=noninteractive";
    let mut command = if run::is_root() {
        Command::new("env")
    } else if run::succeeds(Command::new("sudo").arg("--version")) {
        let mut command = Command::new("sudo");
        command.arg("env");
        command
    } else {
        bail!("installing packages needs root, and sudo is missing: run this once as root");
    };
    command.args([quiet, program]);
    Ok(command)
}

/// Checks that npm is installed.
///
/// # Errors
/// When it is missing.
pub(crate) fn npm() -> Result<()> {
    if !run::succeeds(Command::new("npm").arg("--version")) {
        bail!("npm is missing: install Node.js 20 or newer");
    }
    Ok(())
}

/// Installs the npm packages of the browser stories by their lock file.
fn npm_packages() -> Result<()> {
    let folder = paths::end2end();
    let lock = fs::read(folder.join("package-lock.json")).context("end2end/package-lock.json")?;
    let installed_from = folder.join("node_modules/.installed-from");
    if fs::read(&installed_from).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    npm()?;
    terminal::line(
        "The stories' npm packages are missing or outdated: installing them with npm ci",
    );
    run::check(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            // Without this, Playwright downloads a browser.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&folder),
    )?;
    fs::write(installed_from, lock).context("cannot save which npm packages are installed")
}

/// Installs the Python packages of the client tests by their lock file, in a virtual environment.
fn python_packages() -> Result<()> {
    python_environment(
        "The clients' Python packages",
        &paths::clients().join("requirements.txt"),
        &paths::python_packages(),
    )
}

/// Installs the packages of a lock file in a virtual environment, unless it has them. `things` names them.
fn python_environment(things: &str, requirements: &Path, environment: &Path) -> Result<()> {
    let wanted = fs::read(requirements).with_context(|| requirements.display().to_string())?;
    let installed_from = environment.join(".installed-from");
    if fs::read(&installed_from).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    terminal::line(&format!(
        "{things} are missing or outdated: installing them with pip"
    ));
    run::check(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(environment),
    )?;
    run::check(
        Command::new(environment.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--require-hashes"])
            .arg("--requirement")
            .arg(requirements),
    )?;
    fs::write(installed_from, wanted).context("cannot save which Python packages are installed")
}
