//! `cargo xtask e2e`: the browser stories, against the built program.

use std::{fs, process::Command};

use anyhow::{Context, Result, bail};

use crate::{
    build, paths,
    postgres::{Durability, Postgres},
    run, say, tools,
};

/// Which stories to run.
#[derive(clap::Args, Default)]
pub(crate) struct Options {
    /// One story by its file's name in end2end/stories, without the ending; all when absent
    story: Option<String>,
    /// What to hand to Playwright itself, for example: -- --headed --project scripts-on
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Builds what the stories run against, then runs them.
///
/// # Errors
/// When something is missing, does not build, or a story fails.
pub(crate) fn build_and_run(options: &Options) -> Result<()> {
    if let Some(story) = &options.story {
        find(story)?;
    }
    tools::for_stories()?;
    tools::for_postgres()?;
    build::for_stories()?;
    say::stage("stories", || self::run(options))
}

/// Runs the stories against what [`build::for_stories`] built.
///
/// # Errors
/// When a story fails, or a secret is found where none may be.
pub(crate) fn run(options: &Options) -> Result<()> {
    let postgres = Postgres::start(Durability::Lost)?;
    let mut playwright = playwright("ci")?;
    playwright.env(Postgres::VARIABLE, postgres.url());
    if let Some(story) = &options.story {
        // Playwright reads it as a regular expression over paths.
        playwright.arg(format!(r"stories/{story}\.spec\.ts$"));
    }
    run::check(playwright.args(&options.arguments))
}

/// Builds what the stories run against, then makes the pictures in README.md anew.
///
/// # Errors
/// When something is missing, does not build, or a page is not as it should be.
pub(crate) fn build_and_make_pictures() -> Result<()> {
    tools::for_stories()?;
    build::for_stories()?;
    say::stage("pictures", || run_apart("pictures.config.ts", "ci"))
}

/// Runs what is no story, and so has a configuration of its own, against the server that this cargo profile built.
///
/// # Errors
/// When it fails.
pub(crate) fn run_apart(configuration: &str, profile: &str) -> Result<()> {
    run::check(playwright(profile)?.args(["--config", configuration]))
}

/// Playwright, about to test the server that this cargo profile built in the browser that is installed.
fn playwright(profile: &str) -> Result<Command> {
    // Playwright strips the types without looking at them.
    run::check(program("tsc").arg("--noEmit")).context("the stories' types")?;
    let mut playwright = program("playwright");
    playwright
        .arg("test")
        .env("COUNTERSIGN_BIN", paths::server(profile))
        .env("CHROMIUM_PATH", tools::chromium());
    Ok(playwright)
}

/// A program that npm installed for the stories.
fn program(name: &str) -> Command {
    let folder = paths::end2end();
    let mut command = Command::new(folder.join("node_modules/.bin").join(name));
    command.current_dir(folder);
    command
}

/// Makes sure the story exists before minutes are spent on building.
fn find(story: &str) -> Result<()> {
    let mut known: Vec<String> = fs::read_dir(paths::end2end().join("stories"))
        .context("end2end/stories")?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".spec.ts").map(str::to_owned))
        .collect();
    known.sort();
    if !known.iter().any(|name| name == story) {
        bail!(
            "there is no story {story:?}; there are: {}",
            known.join(", ")
        );
    }
    Ok(())
}
