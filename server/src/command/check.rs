//! `countersign check`: checks the files, the master key, the database, the set-up and the mail server, and changes
//! nothing unless it confirms faults. The settings are already checked by then.

use anyhow::Context as _;
use domain::platform::timestamp::Timestamp;
use service::{Access, FaultKind, KeyRotation, Service};

use super::{check_files, counted, open, say, settings};
use crate::{config::Config, site::Site};

/// How long a rotation of the master key may take before the check fails.
const ROTATION_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// The options of the command.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Confirm the faults of the database and of its clock: removal by age continues, and the present time of the clock is
    /// accepted
    #[arg(long)]
    confirm: bool,
}

/// Prints the results. Fails if the server could not start, could not send mail although a mail server is configured,
/// or if something went wrong with the database that no operator has confirmed.
pub(crate) async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    config.check_transport()?;
    say(&format!(
        "Settings: valid. Countersign would listen on {}.",
        config.listen
    ));
    check_files(config)?;
    if options.confirm {
        confirm(config).await?;
    }
    let service = open(config, Access::Read).await?;
    say(&format!("Database: {}, reachable.", service.database()));
    let keys = service.key_status().await?;
    if !keys.accepted.is_empty() {
        say(&format!(
            "Master key: {}, the key of the database.",
            keys.active
        ));
    }
    let is_overdue = keys.rotation.as_ref().is_some_and(|rotation| {
        say(&rotation_text(rotation, service.now()));
        rotation.started_at.plus_millis(ROTATION_MILLIS) < service.now()
    });
    say(match service.identity().needs_setup().await? {
        true => "Organization: not set up. `countersign serve` prints a link to set it up.",
        false => "Organization: set up.",
    });
    if !Site::open(config.site_dir.clone()).is_built() {
        say("Browser files: not built. `cargo xtask serve` builds them.");
    }
    let faults = say_faults(&service).await?;
    say_older_copy(config, &service).await?;
    let accepts_writes = service.accepts_writes().await?;
    let mail = service.check_mail().await;
    service.close().await?;
    match mail {
        Ok(true) => say("Mail: the mail server is reachable."),
        Ok(false) => {
            say("Mail: not configured. Administrators pass on invitation links themselves.")
        }
        Err(why) => anyhow::bail!("mail cannot be sent: {why}"),
    }
    settings(config, Access::Read, None)
        .check_writable()
        .context("a server could not write to the database")?;
    anyhow::ensure!(
        accepts_writes,
        "the database server is a standby, which accepts no changes"
    );
    anyhow::ensure!(
        faults == 0,
        "something went wrong with the database or its clock; `countersign check --confirm` confirms it"
    );
    anyhow::ensure!(
        !is_overdue,
        "the rotation of the master key has not been finished for more than a day: continue it with \
         `countersign key rotate`"
    );
    Ok(())
}

/// A rotation of the master key in one line.
pub(super) fn rotation_text(rotation: &KeyRotation, now: Timestamp) -> String {
    let minutes = (now.as_micros() - rotation.started_at.as_micros()).max(0) / 60_000_000;
    format!(
        "A rotation of the master key is in progress since {} ({}): stage {}, {} left. `countersign key rotate` \
         continues it.",
        rotation.started_at.to_date_and_time(),
        counted(minutes, "minute"),
        rotation.stage.label(),
        counted(rotation.rows_left, "row"),
    )
}

/// Prints which checkpoint of the checkpoint file the database lacks. A server that runs reports it as a fault.
async fn say_older_copy(config: &Config, service: &Service) -> anyhow::Result<()> {
    let Some(file) = &config.checkpoint_file else {
        return Ok(());
    };
    let Some(number) = service.audit().find_missing_checkpoint(file).await? else {
        return Ok(());
    };
    say(&format!(
        "The database lacks checkpoint {number} of {}, or has another one: it is an older or another copy.",
        file.display()
    ));
    Ok(())
}

/// Confirms the faults of the database and of its clock.
async fn confirm(config: &Config) -> anyhow::Result<()> {
    let service = open(config, Access::Change).await?;
    let confirmed = service.audit().confirm_database_faults().await;
    service.close().await?;
    confirmed?;
    say("Confirmed. Restart the servers when their clock was set back.");
    Ok(())
}

/// Prints what went wrong with the database or its clock, and returns their number.
async fn say_faults(service: &Service) -> anyhow::Result<usize> {
    let faults = service.list_database_faults().await?;
    for fault in &faults {
        let advice = match fault.kind {
            FaultKind::LostEvents => {
                "Changes may be missing, revocations too. Repeat them, then confirm."
            }
            FaultKind::ClockJump => {
                "Audit events and calls are kept until this is confirmed. Correct the clock first if it is wrong."
            }
            FaultKind::StateDiffers => {
                "Find out who can write to the database, and put the rows right. `countersign audit verify --state` names them."
            }
            FaultKind::OlderCopy => {
                "Changes after it are missing, revocations too. Repeat them, then confirm."
            }
            FaultKind::ForgedRows => {
                "Find out who can write to the database. `countersign audit verify` names these rows also after this is confirmed."
            }
        };
        say(&format!(
            "{}: {} {advice}",
            fault.at.to_date_and_time(),
            fault.detail
        ));
    }
    // A server that runs has noted the jump of its clock already.
    let is_noted = faults
        .iter()
        .any(|fault| fault.kind == FaultKind::ClockJump);
    let jump = service.audit().find_clock_jump().await?;
    let jump = jump.filter(|_| !is_noted);
    if let Some(jump) = &jump {
        say(&format!("{jump} Correct the clock first if it is wrong."));
    }
    Ok(faults.len() + usize::from(jump.is_some()))
}
