//! `countersign check`: checks the files, the database, the set-up and the mail server. The settings are already
//! checked by then.

use service::{FaultKind, Ready, Service};

use super::{check_files, open, say};
use crate::{config::Config, site::Site};

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
    let service = open(config).await?;
    anyhow::ensure!(
        service.check_ready().await != Ready::No,
        "the database cannot be written to"
    );
    service.audit().check_clock().await?;
    say(&format!("Database: {}, reachable.", service.database()));
    say(match service.identity().needs_setup().await? {
        true => "Organization: not set up. `countersign serve` prints a link to set it up.",
        false => "Organization: set up.",
    });
    if !Site::open(config.site_dir.clone()).is_built() {
        say("Browser files: not built. `cargo xtask serve` builds them.");
    }
    if options.confirm {
        service.audit().confirm_database_faults().await?;
        say("Confirmed. Restart the servers when their clock was set back.");
    }
    let faults = say_faults(&service).await?;
    let mail = service.check_mail().await;
    service.close().await?;
    match mail {
        Ok(true) => say("Mail: the mail server is reachable."),
        Ok(false) => {
            say("Mail: not configured. Administrators pass on invitation links themselves.")
        }
        Err(why) => anyhow::bail!("mail cannot be sent: {why}"),
    }
    anyhow::ensure!(
        faults == 0,
        "something went wrong with the database or its clock; `countersign check --confirm` confirms it"
    );
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
        };
        say(&format!(
            "{}: {} {advice}",
            fault.at.to_date_and_time(),
            fault.detail
        ));
    }
    Ok(faults.len())
}
