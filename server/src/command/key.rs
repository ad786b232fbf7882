//! `countersign key …`: the rotation of the master key, and its state.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use service::{Access, KeyRotator, KeyStatus, RotatedKey, RotationFiles, RotationStep, Service};

use super::{counted, open, say, settings};
use crate::config::Config;

/// The commands for the master key.
#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// Replace the master key, while servers run; continues a rotation that was interrupted
    Rotate(RotateOptions),
    /// Show the ids of the keys and the progress of a rotation
    Status,
}

/// The new key, and what happens to its file.
#[derive(Args)]
pub(crate) struct RotateOptions {
    /// A file with the new key, 32 bytes; without it a key is generated and written beside the key file, with the end
    /// .new
    #[arg(long, value_name = "FILE")]
    new_key: Option<PathBuf>,
    /// Leave the key file as it is, for files that this process cannot replace
    #[arg(long, requires = "new_key")]
    keep_file: bool,
}

/// Runs the command.
pub(crate) async fn run(config: &Config, command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::Rotate(options) => rotate(config, options).await,
        KeyCommand::Status => {
            let service = open(config, Access::Read).await?;
            let status = service.key_status().await;
            service.close().await?;
            say_status(&status?, &service);
            Ok(())
        }
    }
}

async fn rotate(config: &Config, options: RotateOptions) -> anyhow::Result<()> {
    let files = RotationFiles::of(&settings(config, Access::Change, None), options.new_key);
    let files = match options.keep_file {
        true => files.keep_file(),
        false => files,
    };
    let service = open(config, Access::Change).await?;
    let rotated = rotate_with(&service, files.clone()).await;
    service.close().await?;
    let rotated = rotated?;
    say(&format!(
        "The master key is {}. The key {} is no longer accepted.",
        rotated.new, rotated.old
    ));
    if rotated.unreadable > 0 {
        say(&format!(
            "{} cannot be decrypted with either key, and stay as they are.",
            counted(rotated.unreadable, "encrypted value")
        ));
    }
    say_next_steps(config, &files, &rotated);
    Ok(())
}

async fn rotate_with(service: &Service, files: RotationFiles) -> anyhow::Result<RotatedKey> {
    let rotator = KeyRotator::new(service.clone(), files);
    loop {
        match rotator.step().await? {
            RotationStep::KeyWritten(path) => {
                say(&format!("The new key is in {}.", path.display()));
            }
            RotationStep::Announced => say("Both keys are accepted."),
            RotationStep::Waiting(time) => {
                say(&format!(
                    "Waiting {} s until all servers have the new key.",
                    time.as_secs() + 1
                ));
                tokio::time::sleep(time).await;
            }
            RotationStep::Activated => say("The new key encrypts."),
            RotationStep::Reencrypted(left) => {
                say(&format!("{} left.", counted(left, "row")));
            }
            RotationStep::Signed | RotationStep::Walked => {}
            RotationStep::Covered => say("Checkpoints cover all rows of the old key."),
            RotationStep::FileReplaced(old) => say(&format!(
                "The key file has the new key. The old one is in {}.",
                old.display()
            )),
            RotationStep::Finished(rotated) => return Ok(rotated),
        }
    }
}

fn say_next_steps(config: &Config, files: &RotationFiles, rotated: &RotatedKey) {
    let file = files.finished_file();
    if config.master_key.is_some() {
        say(&format!(
            "Set COUNTERSIGN_MASTER_KEY to the new key for every server before its next start: \
             `base64 < {}`. Servers that run need no restart.",
            file.display()
        ));
    } else {
        say(&format!(
            "Copy {} to the key file of every other server before its next start. Servers that run need no restart.",
            file.display()
        ));
    }
    say(&format!(
        "Keep the key {} as long as there are backups from before this rotation, apart from them. Then destroy it.",
        rotated.old
    ));
}

fn say_status(status: &KeyStatus, service: &Service) {
    if status.accepted.is_empty() {
        say("The database has no master key yet.");
    }
    for id in &status.accepted {
        let role = match *id == status.active {
            true => "encrypts and decrypts",
            false => "decrypts",
        };
        say(&format!("Master key {id}: {role}."));
    }
    say(&format!("Version of the key ring: {}.", status.version));
    match &status.rotation {
        None => say("No rotation is in progress."),
        Some(rotation) => say(&super::check::rotation_text(rotation, service.now())),
    }
}
