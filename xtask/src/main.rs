//! The project's commands: build, serve, test, lint, bench, and parts of them. No product code.
//!
//! Each command checks what it needs, says what is missing and what it installs, and does it, so that a fresh clone
//! needs Rust (by rustup), Node.js and, for the tests, Debian's packages (Python among them). Nothing here is part of the program that
//! people run. Start with [`test`] for the whole, with [`site`] for how the browser side is made.

mod bench;
mod build;
mod clients;
mod e2e;
mod lint;
mod measure;
mod paths;
mod postgres;
mod rooms;
mod run;
mod say;
mod serve;
mod site;
mod source;
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
        /// Make the one file to copy to a server: target/release/countersign, with the site inside
        #[arg(long)]
        release: bool,
    },
    /// Build, then run `countersign serve`
    Serve(serve::Options),
    /// Build, then run `countersign demo`: a throw-away database with people, dashboards and history
    Demo(serve::Options),
    /// Check everything: lint, every test and every client on both databases, every story in a real browser
    Test,
    /// Check formatting, clippy on both sides, edges between crates, rooms and files, lengths and citations
    Lint,
    /// Print lengths of files and functions, cycles, and the size of the browser side
    Measure,
    /// Print the edges between rooms, cycles between files, and edges that the table does not allow
    Rooms(rooms::Options),
    /// Build what the tests build, then run the browser stories, or one of them
    E2e(e2e::Options),
    /// Build what the tests build, then make the pictures in README.md anew
    Pictures,
    /// Build the server, then run the tests of clients nobody here wrote, or of one of them
    Clients(clients::Options),
    /// Measure an authenticated request against a bare route, in turns
    Bench(bench::Options),
    /// Run a command beside a private PostgreSQL, whose address is in COUNTERSIGN_TEST_POSTGRES_URL
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
        Task::Measure => measure::run(),
        Task::Rooms(options) => rooms::run(&options),
        Task::E2e(options) => e2e::build_and_run(&options),
        Task::Pictures => e2e::build_and_make_pictures(),
        Task::Clients(options) => clients::build_and_run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Postgres { command } => postgres::beside(&command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::failure(&error);
            ExitCode::FAILURE
        }
    }
}
