//! Building the program: for development, for the tests, for release.

use anyhow::Result;

use crate::{paths, run, site, terminal};

/// The features of the server that the tests, the clients and the stories use.
pub(crate) const WITH_SITE: [&str; 2] = ["--features", "server/embed-site"];

/// Builds a debug server and site, which rebuild quickly after a change.
///
/// # Errors
/// When something does not build.
pub(crate) fn for_development() -> Result<()> {
    terminal::stage("browser side", site::build_for_development)?;
    server_for_development()?;
    terminal::line(&format!("Built {}", paths::server("debug").display()));
    Ok(())
}

/// Builds a debug server without the site.
///
/// # Errors
/// When it does not build.
pub(crate) fn server_for_development() -> Result<()> {
    terminal::stage("server", || {
        run::check(run::cargo(&["build"]).args(["-p", "server"]))
    })
}

/// Builds the server as the tests run it, with the site inside.
///
/// # Errors
/// When it does not build.
pub(crate) fn server_with_site() -> Result<()> {
    run::check(
        run::cargo(&["build"])
            .args(["-p", "server"])
            .args(WITH_SITE),
    )
}

/// Builds the released program: one file that embeds the site.
///
/// # Errors
/// When something does not build.
pub(crate) fn for_release() -> Result<()> {
    with_site_inside("release")?;
    terminal::line(&format!("Built {}", paths::server("release").display()));
    Ok(())
}

/// Builds what the browser stories run against: a debug server with the released site inside.
///
/// # Errors
/// When something does not build, or the browser side is larger than its limit.
pub(crate) fn for_stories() -> Result<()> {
    with_site_inside("debug")?;
    site::weigh(&paths::site())?.check()
}

/// Builds the released site, which the server embeds.
///
/// # Errors
/// When it does not build, or is larger than its limit.
pub(crate) fn site_for_tests() -> Result<()> {
    site::build_for_release()?;
    site::weigh(&paths::site())?.check()
}

/// Builds the released site and embeds it in the server in this cargo profile's folder.
///
/// # Errors
/// When something does not build.
pub(crate) fn with_site_inside(folder: &str) -> Result<()> {
    let profile = if folder == "debug" { "dev" } else { folder };
    terminal::stage("browser side", site::build_for_release)?;
    terminal::stage("server", || {
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
