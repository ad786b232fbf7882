//! `cargo xtask bench`: what things cost, each held against something measured in the same run, since machines differ
//! and none is quiet. On SQLite and on a PostgreSQL that keeps what it is told.

mod change;
mod footprint;
mod load;
mod measure;
mod pages;
mod read;
mod server;
mod session;
mod trail;

use anyhow::Result;
use clap::ValueEnum;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    build,
    postgres::{Durability, Postgres},
    run, say, tools,
};

/// What to measure, and how.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// What to measure; everything when none is named
    subjects: Vec<Subject>,
    /// On which database; on both when none is named
    #[arg(long)]
    database: Vec<Database>,
    /// Measure what was built before, as it is
    #[arg(long)]
    as_built: bool,
    /// How often each side is measured
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each measurement takes
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Keep-alive connections, all busy
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Distinct tokens, used one after the other
    #[arg(long, default_value_t = 10_000)]
    tokens: usize,
    /// Changes in the large record
    #[arg(long, default_value_t = 10_000_000)]
    changes: u64,
    /// Calls in the large record
    #[arg(long, default_value_t = 50_000_000)]
    calls: u64,
    /// The cargo profile of the server whose pages are measured: release, or ci, which is built sooner
    #[arg(long, default_value = "release")]
    pages_of: String,
}

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// An authenticated, recorded GET against a route that does nothing
    Read,
    /// A change with its record, over HTTP, against the same two rows written by themselves
    Change,
    /// How soon the server answers, and how much memory it has under load
    Footprint,
    /// Info and the first page of the audit timeline over a large record, and taking the record away
    Trail,
    /// What the browser has to fetch, and what Lighthouse says of three pages; the same on either database
    Pages,
}

/// A database to measure on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Database {
    /// A file
    Sqlite,
    /// A private server
    Postgres,
}

/// An empty database, and what keeps it there.
struct Place {
    folder: TempDir,
    url: String,
    _postgres: Option<Postgres>,
}

/// Builds the release, measures, and prints what was found.
///
/// # Errors
/// When something does not build or start, or an answer is not what it should be.
pub(crate) fn run(options: &Options) -> Result<()> {
    let subjects = chosen(&options.subjects, Subject::value_variants());
    let (pages, others): (Vec<Subject>, Vec<Subject>) = subjects
        .into_iter()
        .partition(|subject| *subject == Subject::Pages);
    if !others.is_empty() {
        // Nothing here loads the server while pages are measured: a browser does.
        if cfg!(debug_assertions) {
            return again_in_release(options);
        }
        measure_all(&others, options)?;
    }
    if !pages.is_empty() {
        say::stage("pages", || pages::run(options))?;
    }
    Ok(())
}

fn measure_all(subjects: &[Subject], options: &Options) -> Result<()> {
    if !options.as_built {
        build::for_release()?;
    }
    for database in chosen(&options.database, Database::value_variants()) {
        for &subject in subjects {
            let place = Place::make(database)?;
            say::stage(
                &format!("{} on {}", named(subject), named(database)),
                || measure(subject, &place, options),
            )?;
        }
    }
    Ok(())
}

fn measure(subject: Subject, place: &Place, options: &Options) -> Result<()> {
    match subject {
        Subject::Read => runtime()?.block_on(read::run(place, options)),
        Subject::Change => runtime()?.block_on(change::run(place, options)),
        Subject::Footprint => runtime()?.block_on(footprint::run(place, options)),
        Subject::Trail => runtime()?.block_on(trail::run(place, options)),
        Subject::Pages => pages::run(options),
    }
}

fn runtime() -> Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    Ok(builder.worker_threads(2).enable_all().build()?)
}

/// A generator built without optimization would take so much of the machine that both sides looked alike.
fn again_in_release(options: &Options) -> Result<()> {
    let mut command = run::cargo(&["run", "--quiet", "--release"]);
    command.args(["-p", "xtask", "--", "bench"]);
    command.args(options.subjects.iter().map(|subject| named(*subject)));
    for database in &options.database {
        command.args(["--database", &named(*database)]);
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
        ("--pages-of", options.pages_of.clone()),
    ] {
        command.args([name, &value]);
    }
    say::line("Building the load generator with optimizations");
    run::check(&mut command)
}

/// Those that were named, or all of them.
fn chosen<T: Copy>(named: &[T], all: &[T]) -> Vec<T> {
    if named.is_empty() { all } else { named }.to_vec()
}

/// What it is called on the command line.
fn named(value: impl ValueEnum) -> String {
    let possible = value.to_possible_value();
    possible.map_or_else(String::new, |possible| possible.get_name().to_owned())
}

impl Place {
    fn make(database: Database) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("countersign.db");
        Ok(match database {
            Database::Sqlite => Self {
                url: format!("sqlite:{}", file.display()),
                folder,
                _postgres: None,
            },
            Database::Postgres => {
                tools::for_postgres()?;
                let postgres = Postgres::start(Durability::Kept)?;
                Self {
                    url: postgres.url().to_owned(),
                    folder,
                    _postgres: Some(postgres),
                }
            }
        })
    }
}
