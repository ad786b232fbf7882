//! `countersign audit key …`: the key that signs the log tree.

use clap::Subcommand;
use service::Access;

use super::super::{open, say};
use crate::config::Config;

/// The commands for the key.
#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Replace the key: the old key signs the new one, so that who has the old one can verify the log further
    Rotate,
}

/// Runs the command; without one, prints the public key.
pub(super) async fn run(config: &Config, command: Option<KeyCommand>) -> anyhow::Result<()> {
    match command {
        None => print(config).await,
        Some(KeyCommand::Rotate) => rotate(config).await,
    }
}

async fn print(config: &Config) -> anyhow::Result<()> {
    let service = open(config, Access::Read).await?;
    let state = service.audit().log_state().await;
    service.close().await?;
    say(&state?.public_key);
    Ok(())
}

async fn rotate(config: &Config) -> anyhow::Result<()> {
    let service = open(config, Access::Change).await?;
    let caller = service.system_caller().await?;
    let rotated = service.audit().rotate_log_key(&caller).await;
    service.close().await?;
    say(&rotated?);
    Ok(())
}
