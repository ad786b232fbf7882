//! `countersign check`: are the settings right, and do the database and the mail server answer? The settings were checked on the way here.

use super::{open, say};
use crate::{config::Config, site::Site};

/// Says what it finds, and fails when the server could not serve, or not send the mail it is told to.
pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    say(&format!(
        "Settings: right. Countersign would listen on {}.",
        config.listen
    ));
    let service = open(config).await?;
    service.check_ready().await?;
    say(&format!("Database: {}, answers.", service.database()));
    say(match service.identity().needs_setup().await? {
        true => "Organization: none yet. `countersign serve` prints a link to set it up.",
        false => "Organization: set up.",
    });
    if !Site::open(config.site_dir.clone()).is_built() {
        say("Browser side: not built. `cargo xtask serve` builds it.");
    }
    let mail = service.check_mail().await;
    service.close().await?;
    match mail {
        Ok(true) => say("Mail: the mail server answers."),
        Ok(false) => say("Mail: none is sent. Whoever invites hands the link over."),
        Err(why) => anyhow::bail!("mail cannot be sent: {why}"),
    }
    Ok(())
}
