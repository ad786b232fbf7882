//! The command line: its arguments, and the command that runs for each.

use clap::{Parser, Subcommand};

use crate::{
    command::{audit, bench, check, demo, migrate, openapi, serve, token, user},
    config::{Config, Given},
    telemetry,
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
    /// Migrate the database schema to this version
    Migrate,
    /// Check the settings, the database and the mail server
    Check,
    /// Print the OpenAPI document of the API
    Openapi,
    /// Run the server and a bare route, for benchmarks
    #[command(hide = true)]
    BenchServe(bench::Options),
}

/// Runs the command.
///
/// # Errors
/// The reason why the command failed, for the terminal.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    let is_server = matches!(
        cli.command,
        Command::Serve | Command::Demo | Command::BenchServe(_)
    );
    let mut given = cli.given;
    // Commands other than a server log only warnings and errors.
    if !is_server && given.log.is_none() {
        given.log = Some("warn".to_owned());
    }
    let mut config = Config::load(given)?;
    telemetry::start(std::mem::take(&mut config.log));
    match cli.command {
        Command::Serve => serve::run(&config).await,
        Command::Demo => demo::run(config).await,
        Command::User(command) => user::run(&config, command).await,
        Command::Token(command) => token::run(&config, command).await,
        Command::Audit(command) => audit::run(&config, command).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Check => check::run(&config).await,
        Command::Openapi => {
            openapi::run();
            Ok(())
        }
        Command::BenchServe(options) => bench::run(&config, &options).await,
    }
}
