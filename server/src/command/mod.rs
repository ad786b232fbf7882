//! The commands of the command line, one file each.
//!
//! This file has what they share: opening the service, printing a line, reading a secret. Start with `serve`, which
//! runs the server. Only `cli` uses commands.
//!
//! May use `serving`, `config`, `site`, `middleware`, `api/platform` and `api/openapi`.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod import;
pub(crate) mod key;
pub(crate) mod migrate;
pub(crate) mod openapi;
mod operator;
pub(crate) mod serve;
pub(crate) mod token;
pub(crate) mod user;

use std::io::{IsTerminal, Read as _, Write as _, stdin, stdout};

use anyhow::Context as _;
use domain::platform::visible::escaped;
use service::{
    Access, Clock, IngestSettings, KeepDays, Service, Settings, SinkSettings, check_appendable,
};

use crate::config::Config;

/// Opens the service without ingest.
async fn open(config: &Config, access: Access) -> anyhow::Result<Service> {
    open_with(settings(config, access, None)).await
}

/// Opens the service with ingest, for a server. Only one process can use an ingest folder.
async fn open_to_serve(config: &Config) -> anyhow::Result<Service> {
    open_with(settings(
        config,
        Access::Migrate,
        Some(config.ingest.clone()),
    ))
    .await
}

/// Checks the files that a server appends to. The server opens them later, and only logs errors then.
fn check_files(config: &Config) -> anyhow::Result<()> {
    let sinks = config.sinks.iter().filter_map(|sink| match sink {
        SinkSettings::File(path) => Some((path, "sink")),
        SinkSettings::Http { .. } => None,
    });
    let checkpoints = config
        .checkpoint_file
        .iter()
        .map(|path| (path, "checkpoint"));
    for (path, name) in sinks.chain(checkpoints) {
        check_appendable(path).with_context(|| format!("the {name} file is unusable"))?;
    }
    Ok(())
}

async fn open_with(settings: Settings) -> anyhow::Result<Service> {
    Service::open(settings)
        .await
        .context("the service cannot start")
}

/// The settings of the service.
fn settings(config: &Config, access: Access, ingest: Option<IngestSettings>) -> Settings {
    let serves = ingest.is_some();
    Settings {
        database_url: config.database_url.reveal().to_owned(),
        access,
        master_key: config.master_key.clone(),
        master_key_file: config.master_key_file.clone(),
        clock: Clock::system(),
        allow_private_targets: config.allow_private_targets,
        aws_account_arn: config.aws_account_arn.clone(),
        checkpoint_file: config.checkpoint_file.clone(),
        // Only a server deletes expired data and sends data to sinks.
        keep: if serves {
            config.keep
        } else {
            KeepDays::default()
        },
        sinks: if serves {
            config.sinks.clone()
        } else {
            Vec::new()
        },
        mail: config.mail.clone(),
        idle_timeouts: config.idle_timeouts,
        ingest,
        operator: (!serves).then(operator::operator),
    }
}

/// Prints a line. A closed standard output is not an error. Control characters of terminals are escaped: the line
/// can have a name that a user chose.
fn say(line: &str) {
    say_all(&escaped(line));
}

/// Prints a text of ours, which may have several lines.
fn say_all(text: &str) {
    let mut out = stdout();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// A number with its noun.
fn counted(count: i64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Reads a secret from the first line of standard input. A terminal does not echo it.
fn read_secret(prompt: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    if stdin().is_terminal() {
        let mut out = stdout();
        write!(out, "{prompt}: ").and_then(|()| out.flush())?;
        let hidden = echo(false);
        let read = stdin().read_line(&mut text);
        if hidden {
            echo(true);
            say("");
        }
        read?;
    } else {
        stdin()
            .read_to_string(&mut text)
            .context("standard input is not UTF-8")?;
    }
    let line = text.lines().next().unwrap_or_default();
    anyhow::ensure!(!line.is_empty(), "standard input is empty");
    Ok(line.to_owned())
}

/// Turns the echo of the terminal on or off with `stty`. Returns whether that succeeded.
fn echo(visible: bool) -> bool {
    let flag = if visible { "echo" } else { "-echo" };
    let done = std::process::Command::new("stty")
        .arg(flag)
        .stdin(std::process::Stdio::inherit())
        .status();
    done.is_ok_and(|status| status.success())
}
