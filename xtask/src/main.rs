//! The project's commands: build, serve, test, lint, audit, bench, and parts of them. No product code.
//!
//! Each command installs the tools that are missing and prints which, so that a fresh clone needs only Rust (by
//! rustup), Node.js and, for the tests, Debian or its packages. Start with [`test`] for everything, with [`site`] for
//! how the browser side is built, and with [`rooms`] for the rules between files.

mod audit;
mod bench;
mod build;
mod clients;
mod drill;
mod e2e;
mod lint;
mod measure;
mod paths;
mod postgres;
mod rooms;
mod run;
mod serve;
mod site;
mod source;
mod terminal;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs and checks Countersign.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the browser side into target/site, and the server
    Build {
        /// Build the released program: target/release/countersign, which embeds the site
        #[arg(long)]
        release: bool,
    },
    /// Build, then run `countersign serve`
    Serve(serve::Options),
    /// Build, then run `countersign demo`: a temporary database with members, dashboards and an audit log
    Demo(serve::Options),
    /// Run lint, every test and client on both databases, and every story in a browser
    Test,
    /// Check formatting, clippy on both sides, edges between crates, rooms and files, lengths, citations and words
    Lint,
    /// Check dependencies: advisories, licenses, bans and sources of crates, vulnerabilities of npm and Python packages
    Audit(audit::Options),
    /// Print lengths of files and functions, cycles, and the size of the browser side
    Measure,
    /// Print the edges between rooms, cycles between files, and edges that the table does not allow
    Rooms(rooms::Options),
    /// Build, then run the browser stories, or one of them
    E2e(e2e::Options),
    /// Build, then take the screenshots of README.md
    Pictures,
    /// Build the server, then run the tests of third-party clients, or of one of them
    Clients(clients::Options),
    /// Measure requests, changes, memory, the audit log and pages
    Bench(bench::Options),
    /// Run a test for long
    #[command(subcommand)]
    Drill(drill::Drill),
    /// Run a command with a private PostgreSQL, whose URL is in COUNTERSIGN_TEST_POSTGRES_URL
    Postgres {
        /// The command, for example: -- cargo nextest run -p store
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Build { release: false } => build::for_development(),
        Task::Build { release: true } => build::for_release(),
        Task::Serve(options) => serve::run("serve", &options),
        Task::Demo(options) => serve::run("demo", &options),
        Task::Test => test::run(),
        Task::Lint => lint::run(),
        Task::Audit(options) => audit::run(&options),
        Task::Measure => measure::run(),
        Task::Rooms(options) => rooms::run(&options),
        Task::E2e(options) => e2e::build_and_run(&options),
        Task::Pictures => e2e::build_and_make_pictures(),
        Task::Clients(options) => clients::build_and_run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Drill(drill) => drill::run(&drill),
        Task::Postgres { command } => postgres::run_with(&command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::failure(&error);
            ExitCode::FAILURE
        }
    }
}
