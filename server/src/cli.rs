//! The command line: its arguments, and the command that runs for each.

use std::{
    io::{Write as _, stderr},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

use crate::{
    command::{
        audit, backup, bench, check, demo, import, key, migrate, openapi, serve, token, user,
    },
    config::{Config, Given, secret_variable},
    serving::signals,
    telemetry::{self, LogFilter},
};

/// User API access tokens with an audit log that traces every use to a person and a token.
#[derive(Parser)]
#[command(name = "countersign", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    given: Given,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve,
    /// Run the server with a temporary database of sample data
    Demo,
    /// Create, list and change users
    #[command(subcommand)]
    User(user::UserCommand),
    /// List and revoke user API access tokens
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Verify and export the audit log
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Copy the objects of another organization into this database
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Rotate the master key, and show its state
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Migrate the database schema to this version, or move a SQLite database to an empty PostgreSQL database
    Migrate(migrate::MigrateOptions),
    /// Write the database into a new file, while the server runs (SQLite)
    Backup(backup::BackupOptions),
    /// Replace the database by a backup, after checking it; the replaced database is kept (SQLite)
    Restore(backup::RestoreOptions),
    /// Check the settings, the master key, the database and the mail server; changes nothing without --confirm
    Check(check::Options),
    /// Print the OpenAPI document of the API
    Openapi,
    /// Run the server and a bare route, for benchmarks
    #[command(hide = true)]
    BenchServe(bench::Options),
}

/// Runs the command that the arguments name. Prints the reason when it fails.
#[must_use]
pub fn start() -> ExitCode {
    let cli = Cli::parse();
    match start_with(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not with `Debug`, which adds a backtrace if `RUST_BACKTRACE` is set.
            let _ = writeln!(stderr(), "Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start_with(cli: Cli) -> anyhow::Result<()> {
    let master_key = secret_variable::take().context("COUNTERSIGN_MASTER_KEY cannot be used")?;
    let runtime = Runtime::new()?;
    let done = runtime.block_on(run(cli, master_key));
    // Does not wait for blocking threads, which may wait for a name server or a disk.
    runtime.shutdown_background();
    done
}

/// Runs the command.
async fn run(cli: Cli, master_key: Option<Zeroizing<String>>) -> anyhow::Result<()> {
    let is_server = matches!(
        cli.command,
        Command::Serve | Command::Demo | Command::BenchServe(_)
    );
    let mut given = cli.given;
    // Commands other than a server log only warnings and errors.
    if !is_server && given.log.is_none() {
        given.log = Some("warn".to_owned());
    }
    let mut config = Config::load(given.clone())?;
    if let Some(text) = master_key {
        config.use_master_key(&text)?;
    }
    let filter = telemetry::start(std::mem::take(&mut config.log));
    match cli.command {
        Command::Serve => {
            signals::ignore_hangups()?;
            serve::run(&config, &|| reload(given.clone(), &filter)).await
        }
        Command::Demo => demo::run(config).await,
        Command::User(command) => user::run(&config, command).await,
        Command::Token(command) => token::run(&config, command).await,
        Command::Audit(command) => audit::run(&config, command).await,
        Command::Import(command) => import::run(&config, command).await,
        Command::Key(command) => key::run(&config, command).await,
        Command::Migrate(options) => migrate::run(&config, &options).await,
        Command::Backup(options) => backup::back_up(&config, &options).await,
        Command::Restore(options) => backup::run_restore(&config, &options).await,
        Command::Check(options) => check::run(&config, &options).await,
        Command::Openapi => {
            openapi::run();
            Ok(())
        }
        Command::BenchServe(options) => bench::run(&config, &options).await,
    }
}

/// Reads the settings again and uses those that can change while the server runs.
fn reload(given: Given, filter: &LogFilter) {
    match Config::load(given) {
        Ok(config) => {
            filter.replace(config.log);
            tracing::info!(
                "The settings were read again. The log filter is in use; other settings need a restart."
            );
        }
        Err(invalid) => tracing::error!(
            problems = ?invalid.0,
            "The settings were read again and cannot be used. Nothing changes."
        ),
    }
}
