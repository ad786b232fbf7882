//! `cargo xtask bench`: measurements. Machines differ and are never idle, so each value is compared with another that
//! is measured in the same run, on SQLite and on a PostgreSQL that syncs its commits.

mod audit;
mod change;
mod footprint;
mod lists;
mod load;
mod measurement;
mod options;
mod pages;
mod read;
mod server;
mod session;
mod test_database;

use anyhow::Result;
use clap::ValueEnum;
use tokio::runtime::Runtime;

use crate::{build, run, terminal};
use options::{Database, Subject};
use test_database::TestDatabase;

pub(crate) use options::Options;

/// Builds the release, measures, and prints the results.
///
/// # Errors
/// When the build fails, the server does not start, or a response is not the expected one.
pub(crate) fn run(options: &Options) -> Result<()> {
    let subjects = selected(&options.subjects, Subject::value_variants());
    let (pages, others): (Vec<Subject>, Vec<Subject>) = subjects
        .into_iter()
        .partition(|subject| *subject == Subject::Pages);
    if !others.is_empty() {
        // Pages need no optimized load generator: a browser loads the server.
        if cfg!(debug_assertions) {
            return rerun_in_release(options);
        }
        measure_all(&others, options)?;
    }
    if !pages.is_empty() {
        terminal::stage("pages", || pages::run(options))?;
    }
    Ok(())
}

fn measure_all(subjects: &[Subject], options: &Options) -> Result<()> {
    if !options.as_built {
        build::for_release()?;
    }
    for kind in selected(&options.database, Database::value_variants()) {
        for &subject in subjects {
            let database = TestDatabase::create(kind)?;
            terminal::stage(
                &format!("{} on {}", name_of(subject), name_of(kind)),
                || measure(subject, &database, options),
            )?;
        }
    }
    Ok(())
}

fn measure(subject: Subject, database: &TestDatabase, options: &Options) -> Result<()> {
    match subject {
        Subject::Read => runtime()?.block_on(read::run(database, options)),
        Subject::Change => runtime()?.block_on(change::run(database, options)),
        Subject::Footprint => runtime()?.block_on(footprint::run(database, options)),
        Subject::Audit => runtime()?.block_on(audit::run(database, options)),
        Subject::Lists => runtime()?.block_on(lists::run(database, options)),
        Subject::Pages => pages::run(options),
    }
}

fn runtime() -> Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    Ok(builder.worker_threads(2).enable_all().build()?)
}

/// Runs the same command with an optimized load generator. One without optimization would use so much of the processor
/// that both sides of a comparison look alike.
fn rerun_in_release(options: &Options) -> Result<()> {
    let mut command = run::cargo(&["run", "--quiet", "--release"]);
    command.args(["-p", "xtask", "--", "bench"]);
    command.args(options.subjects.iter().map(|subject| name_of(*subject)));
    for database in &options.database {
        command.args(["--database", &name_of(*database)]);
    }
    if options.as_built {
        command.arg("--as-built");
    }
    for (name, value) in [
        ("--rounds", options.rounds.to_string()),
        ("--seconds", options.seconds.to_string()),
        ("--connections", options.connections.to_string()),
        ("--tokens", options.tokens.to_string()),
        ("--changes", options.changes.to_string()),
        ("--calls", options.calls.to_string()),
        ("--rows", options.rows.to_string()),
        ("--pages-of", options.pages_of.clone()),
    ] {
        command.args([name, &value]);
    }
    terminal::line("Building the load generator with optimizations");
    run::check(&mut command)
}

/// The values from the command line; all values if none is given.
fn selected<T: Copy>(given: &[T], all: &[T]) -> Vec<T> {
    if given.is_empty() { all } else { given }.to_vec()
}

/// A value's name on the command line.
fn name_of(value: impl ValueEnum) -> String {
    let possible = value.to_possible_value();
    possible.map_or_else(String::new, |possible| possible.get_name().to_owned())
}
