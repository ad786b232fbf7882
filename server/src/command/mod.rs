//! The commands, one file each, and what they share: opening the service, and talking to whoever typed them.

pub(crate) mod audit;
pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod serve;
pub(crate) mod token;
pub(crate) mod user;

use std::io::{IsTerminal, Read as _, Write as _, stdin, stdout};

use anyhow::Context as _;
use service::{Clock, IngestSettings, KeepDays, Service, Settings};

use crate::config::Config;

/// Opens the service, which brings the database's schema up to this version. It takes no data in.
async fn open(config: &Config) -> anyhow::Result<Service> {
    open_with(config, None).await
}

/// Opens the service of a server. One process alone can take data into a folder.
async fn open_to_serve(config: &Config) -> anyhow::Result<Service> {
    open_with(config, Some(config.ingest.clone())).await
}

async fn open_with(config: &Config, ingest: Option<IngestSettings>) -> anyhow::Result<Service> {
    let serves = ingest.is_some();
    let settings = Settings {
        database_url: config.database_url.reveal().to_owned(),
        master_key_file: config.master_key_file.clone(),
        clock: Clock::system(),
        allow_private_targets: config.allow_private_targets,
        aws_account_arn: config.aws_account_arn.clone(),
        checkpoint_file: config.checkpoint_file.clone(),
        // A command that looks something up shall neither remove nor send anything.
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
        ingest,
    };
    Service::open(settings)
        .await
        .context("the service cannot start")
}

/// Says a line on standard output. Nobody listening any more is no reason to stop.
fn say(line: &str) {
    let mut out = stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Reads a secret: the first line of standard input, typed unseen when that is a terminal.
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
            .context("standard input is not text")?;
    }
    let line = text.lines().next().unwrap_or_default();
    anyhow::ensure!(!line.is_empty(), "nothing was given on standard input");
    Ok(line.to_owned())
}

/// Shows or hides what is typed; whether that worked. The terminal's own program knows how.
fn echo(visible: bool) -> bool {
    let flag = if visible { "echo" } else { "-echo" };
    let done = std::process::Command::new("stty")
        .arg(flag)
        .stdin(std::process::Stdio::inherit())
        .status();
    done.is_ok_and(|status| status.success())
}
