//! The bytes that the browser fetches, and Lighthouse's scores of three pages (`end2end/measures/pages.spec.ts`). A low
//! score is no failure, since scores depend on the machine.

use anyhow::Result;

use super::options::Options;
use crate::{build, e2e, paths, site, terminal, tools};

/// Prints the sizes of the built site, then runs Lighthouse against the server that embeds it.
///
/// # Errors
/// When a tool is missing, the build fails, or a page cannot be measured.
pub(super) fn run(options: &Options) -> Result<()> {
    let profile = options.pages_of.as_str();
    tools::for_stories()?;
    if !options.as_built {
        build::with_site_inside(profile)?;
    }
    for line in site::weigh(&paths::site())?.lines() {
        terminal::line(&line);
    }
    terminal::line(&format!(
        "Lighthouse, mobile, signed in, against target/{profile}/countersign:"
    ));
    e2e::run_configuration("measures.config.ts", profile)
}
