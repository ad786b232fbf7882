//! Building the program: for working on it, for the tests, for a server.

use anyhow::Result;

use crate::{paths, run, say, site};

/// A debug server and site: quick to build again after a change.
///
/// # Errors
/// When something does not build.
pub(crate) fn for_development() -> Result<()> {
    say::stage("browser side", site::build_for_development)?;
    server_for_development()?;
    say::line(&format!("Built {}", paths::server("debug").display()));
    Ok(())
}

/// A debug server alone.
///
/// # Errors
/// When it does not build.
pub(crate) fn server_for_development() -> Result<()> {
    say::stage("server", || {
        run::check(run::cargo(&["build"]).args(["-p", "server"]))
    })
}

/// The program people run: one file, with the site inside.
///
/// # Errors
/// When something does not build.
pub(crate) fn for_release() -> Result<()> {
    with_site_inside("release")?;
    say::line(&format!("Built {}", paths::server("release").display()));
    Ok(())
}

/// What the browser stories run against: the released site inside a server that took a fraction of the time to build.
///
/// # Errors
/// When something does not build.
pub(crate) fn for_stories() -> Result<()> {
    with_site_inside("ci")
}

/// The released site inside a server of this cargo profile.
///
/// # Errors
/// When something does not build.
pub(crate) fn with_site_inside(profile: &str) -> Result<()> {
    say::stage("browser side", site::build_for_release)?;
    say::stage("server", || {
        run::check(run::cargo(&["build"]).args([
            "-p",
            "server",
            "--profile",
            profile,
            "--features",
            "embed-site",
        ]))
    })
}
