//! `cargo xtask e2e`: the browser stories against the built program.

use std::{fs, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    build, paths,
    postgres::{Durability, Postgres},
    run, terminal, tools,
};

/// Which stories to run.
#[derive(clap::Args, Default)]
pub(crate) struct Options {
    /// One file in a folder of end2end/stories, without `.spec.ts`; all when absent
    story: Option<String>,
    /// Arguments for Playwright, for example: -- --headed --project scripts-on
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Builds the server and the site and runs the stories.
///
/// # Errors
/// When a tool is missing, the build fails, or a story fails.
pub(crate) fn build_and_run(options: &Options) -> Result<()> {
    if let Some(story) = &options.story {
        find(story)?;
    }
    tools::for_stories()?;
    tools::for_postgres()?;
    build::for_stories()?;
    terminal::stage("stories", || self::run(options))
}

/// Runs the stories against the output of [`build::for_stories`].
///
/// # Errors
/// When a story fails or a secret is found in the output.
pub(crate) fn run(options: &Options) -> Result<()> {
    let postgres = Postgres::start(Durability::Lost)?;
    let mut playwright = playwright("debug")?;
    playwright.env(Postgres::VARIABLE, postgres.url());
    if let Some(story) = &options.story {
        // Playwright reads it as a regular expression over paths.
        playwright.arg(format!(r"stories/.*/{story}\.spec\.ts$"));
    }
    run::check(playwright.args(&options.arguments))
}

/// Builds the server and the site and takes the screenshots of README.md.
///
/// # Errors
/// When a tool is missing, the build fails, or a page differs from what the script expects.
pub(crate) fn build_and_make_pictures() -> Result<()> {
    tools::for_stories()?;
    build::for_stories()?;
    terminal::stage("pictures", || {
        run_configuration("pictures.config.ts", "debug")
    })
}

/// Runs Playwright with another configuration than the stories', against the server in this cargo profile's folder.
///
/// # Errors
/// When it fails.
pub(crate) fn run_configuration(configuration: &str, folder: &str) -> Result<()> {
    run::check(playwright(folder)?.args(["--config", configuration]))
}

/// The Playwright command for the server in this cargo profile's folder and the installed browser.
fn playwright(folder: &str) -> Result<Command> {
    // Playwright removes the types without checking them.
    run::check(program("tsc").arg("--noEmit")).context("the stories' types")?;
    let mut playwright = program("playwright");
    playwright
        .arg("test")
        .env("COUNTERSIGN_BIN", paths::server(folder))
        .env("CHROMIUM_PATH", tools::chromium());
    Ok(playwright)
}

/// A program from the stories' npm packages.
fn program(name: &str) -> Command {
    let folder = paths::end2end();
    let mut command = Command::new(folder.join("node_modules/.bin").join(name));
    command.current_dir(folder);
    command
}

/// Checks that the story exists before the build, which takes minutes.
fn find(story: &str) -> Result<()> {
    let mut known = Vec::new();
    for room in fs::read_dir(paths::end2end().join("stories")).context("end2end/stories")? {
        let files = fs::read_dir(room?.path())?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        known.extend(files.filter_map(|name| name.strip_suffix(".spec.ts").map(str::to_owned)));
    }
    known.sort();
    if !known.iter().any(|name| name == story) {
        bail!("no story {story:?}; there are: {}", known.join(", "));
    }
    Ok(())
}
