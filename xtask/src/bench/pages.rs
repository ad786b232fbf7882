//! What the browser has to fetch, and what Lighthouse says of three pages (`end2end/measures/pages.spec.ts`). It reports
//! and refuses nothing: a score is a measurement, and belongs to the machine it was made on.

use anyhow::Result;

use super::Options;
use crate::{build, e2e, paths, say, site, tools};

/// Weighs the built site, then has Lighthouse look at the server with that site inside.
///
/// # Errors
/// When something is missing or does not build, or a page cannot be measured.
pub(super) fn run(options: &Options) -> Result<()> {
    let profile = options.pages_of.as_str();
    tools::for_stories()?;
    if !options.as_built {
        build::with_site_inside(profile)?;
    }
    for line in site::weigh(&paths::site())?.lines() {
        say::line(&line);
    }
    say::line(&format!(
        "Lighthouse, mobile, signed in, against target/{profile}/countersign:"
    ));
    e2e::run_apart("measures.config.ts", profile)
}
