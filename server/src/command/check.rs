//! `countersign check`: checks the database, the set-up and the mail server. The settings are already checked by then.

use super::{open, say};
use crate::{config::Config, site::Site};

/// Prints the results. Fails if the server could not start, or could not send mail although a mail server is
/// configured.
pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    config.check_transport()?;
    say(&format!(
        "Settings: valid. Countersign would listen on {}.",
        config.listen
    ));
    let service = open(config).await?;
    service.check_ready().await?;
    say(&format!("Database: {}, reachable.", service.database()));
    say(match service.identity().needs_setup().await? {
        true => "Organization: not set up. `countersign serve` prints a link to set it up.",
        false => "Organization: set up.",
    });
    if !Site::open(config.site_dir.clone()).is_built() {
        say("Browser files: not built. `cargo xtask serve` builds them.");
    }
    let mail = service.check_mail().await;
    service.close().await?;
    match mail {
        Ok(true) => say("Mail: the mail server is reachable."),
        Ok(false) => {
            say("Mail: not configured. Administrators pass on invitation links themselves.")
        }
        Err(why) => anyhow::bail!("mail cannot be sent: {why}"),
    }
    Ok(())
}
