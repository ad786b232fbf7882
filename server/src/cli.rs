//! The command line: what can be asked, and who does it.

use clap::{Parser, Subcommand};

use crate::{
    command::{audit, bench, check, demo, migrate, openapi, serve, token, user},
    config::{Config, Given},
    telemetry,
};

/// User API access tokens whose every use can be traced to a person and a token.
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
    /// Run the server over a throw-away database with something in it, to look around
    Demo,
    /// Make, list and change users
    #[command(subcommand)]
    User(user::Act),
    /// List and revoke user API access tokens
    #[command(subcommand)]
    Token(token::Act),
    /// Check that the record is what it was, and take it away
    #[command(subcommand)]
    Audit(audit::Act),
    /// Bring the database's schema up to this version
    Migrate,
    /// Check the settings and the database
    Check,
    /// Print the description of the API, an OpenAPI document
    Openapi,
    /// Run the server and a bare route beside it, for measuring
    #[command(hide = true)]
    BenchServe(bench::Options),
}

/// Does what was asked.
///
/// # Errors
/// Whatever kept it from being done, for the person at the terminal.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    let is_server = matches!(
        cli.command,
        Command::Serve | Command::Demo | Command::BenchServe(_)
    );
    let mut given = cli.given;
    // At a prompt only what went wrong is worth a line.
    if !is_server && given.log.is_none() {
        given.log = Some("warn".to_owned());
    }
    let mut config = Config::load(given)?;
    telemetry::start(std::mem::take(&mut config.log));
    match cli.command {
        Command::Serve => serve::run(&config).await,
        Command::Demo => demo::run(config).await,
        Command::User(act) => user::run(&config, act).await,
        Command::Token(act) => token::run(&config, act).await,
        Command::Audit(act) => audit::run(&config, act).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Check => check::run(&config).await,
        Command::Openapi => {
            openapi::run();
            Ok(())
        }
        Command::BenchServe(options) => bench::run(&config, &options).await,
    }
}
