//! Settings. Flags take precedence over the environment (both are read by clap), the environment over
//! `countersign.toml`, and the file over defaults. All settings are checked together, and every problem is reported.
//!
//! Start with [`Config`]; [`Given`] has the settings before the checks, with their help texts. Uses `middleware` for
//! the trusted proxies and `api/ingest` for the conversion to OTLP.

mod given;
mod ingest;
mod mail;
pub(crate) mod secret_variable;
mod sinks;
mod values;

use std::{net::SocketAddr, path::PathBuf};

use domain::identity::session::IdleTimeouts;
use service::{IngestSettings, KeepDays, MailSettings, MasterKey, SinkSettings};
use thiserror::Error;
use tracing_subscriber::EnvFilter;

pub use self::{given::Given, values::DatabaseUrl};
use self::{
    given::read_file,
    values::{
        DEFAULT_KEEP_ENDED_DAYS, DEFAULT_LISTEN, cors_origins, database_url, days, hosts,
        idle_timeouts, listen, log, origin_of, parsed, trusted_proxies,
    },
};
use crate::middleware::trusted_proxies::TrustedProxies;

/// Checked settings.
#[derive(Debug)]
pub struct Config {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The database.
    pub database_url: DatabaseUrl,
    /// The origin of links to the server, without a slash at the end.
    pub public_url: Option<String>,
    /// The master key, unless it is in a file.
    pub master_key: Option<MasterKey>,
    /// The file of the master key, unless it is beside the database.
    pub master_key_file: Option<PathBuf>,
    /// Hosts that requests may name besides that of the public URL.
    pub allowed_hosts: Vec<String>,
    /// The origins of pages that may call the API.
    pub cors_origins: Vec<String>,
    /// Whether HSTS includes subdomains.
    pub hsts_subdomains: bool,
    /// How long sessions stay open without a request.
    pub idle_timeouts: IdleTimeouts,
    /// The proxies whose `X-Forwarded-…` headers are trusted.
    pub trusted_proxies: TrustedProxies,
    /// Whether the server may listen for other machines without TLS in front.
    pub allow_plain_http: bool,
    /// Whether connectivity probes may reach private addresses.
    pub allow_private_targets: bool,
    /// Whether `/metrics` is served.
    pub metrics: bool,
    /// The AWS account that AWS integrations are asked to trust, unless it is the placeholder.
    pub aws_account_arn: Option<String>,
    /// A file that checkpoints of the audit log are copied to.
    pub checkpoint_file: Option<PathBuf>,
    /// How long audit events and calls are kept.
    pub keep: KeepDays,
    /// Where audit events and calls are exported to.
    pub sinks: Vec<SinkSettings>,
    /// The mail server, if one is configured.
    pub mail: Option<MailSettings>,
    /// The settings of ingest.
    pub ingest: IngestSettings,
    /// The folder of the browser files, unless they are inside the program.
    pub site_dir: Option<PathBuf>,
    /// The log filter.
    pub log: EnvFilter,
}

/// All problems of the settings, one per line.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("the settings cannot be used:\n  {}", .0.join("\n  "))]
pub struct InvalidConfig(pub Vec<String>);

impl Config {
    /// Reads the settings file and checks everything.
    ///
    /// # Errors
    /// [`InvalidConfig`] with all problems.
    pub fn load(given: Given) -> Result<Self, InvalidConfig> {
        let file =
            read_file(given.config.as_deref()).map_err(|problem| InvalidConfig(vec![problem]))?;
        Self::check(given.or(file))
    }

    /// Uses this text as the master key, instead of a file.
    ///
    /// # Errors
    /// [`InvalidConfig`] when it is not a key, or when a file is named too.
    pub fn use_master_key(&mut self, text: &str) -> Result<(), InvalidConfig> {
        let invalid = |problem: String| InvalidConfig(vec![problem]);
        if self.master_key_file.is_some() {
            return Err(invalid(
                "master_key_file: COUNTERSIGN_MASTER_KEY is set too; remove one of them".to_owned(),
            ));
        }
        let key = MasterKey::parse(text)
            .map_err(|error| invalid(format!("COUNTERSIGN_MASTER_KEY: {error}")))?;
        self.master_key = Some(key);
        Ok(())
    }

    /// Checks that passwords and tokens do not cross a network in plain text, unless the settings allow it. Only a
    /// server needs the check, not the other commands.
    ///
    /// # Errors
    /// [`InvalidConfig`] when other machines can connect and no setting names TLS in front of the server.
    pub fn check_transport(&self) -> Result<(), InvalidConfig> {
        let url = self.public_url.as_deref();
        let has_tls =
            url.is_some_and(|url| url.starts_with("https://")) || !self.trusted_proxies.is_empty();
        if self.listen.ip().to_canonical().is_loopback() || has_tls || self.allow_plain_http {
            return Ok(());
        }
        Err(InvalidConfig(vec![format!(
            "listen: other machines can connect to {}, but no setting says that TLS is in front of the server. Set \
             public_url to an https URL, or trusted_proxy, or allow_plain_http to serve without TLS",
            self.listen
        )]))
    }

    fn check(given: Given) -> Result<Self, InvalidConfig> {
        let mut problems = Vec::new();
        let mut note = |problem: String| problems.push(problem);
        check_alone(&given, &mut note);
        let config = Self {
            listen: parsed(given.listen.as_deref(), DEFAULT_LISTEN, &mut note, listen),
            database_url: database_url(given.database_url.as_deref(), &mut note),
            public_url: parsed(given.public_url.as_deref(), None, &mut note, |url| {
                origin_of(url).map(Some)
            }),
            allowed_hosts: hosts(&given.allowed_host, &mut note),
            cors_origins: cors_origins(&given.cors_origin, &mut note),
            hsts_subdomains: given.hsts_subdomains.unwrap_or(true),
            idle_timeouts: idle_timeouts(&given, &mut note),
            trusted_proxies: trusted_proxies(&given.trusted_proxy, &mut note),
            keep: KeepDays {
                events: days("keep_events_days", given.keep_events_days, &mut note),
                calls: days("keep_calls_days", given.keep_calls_days, &mut note),
                ended: days("keep_ended_days", given.keep_ended_days, &mut note)
                    .or(Some(DEFAULT_KEEP_ENDED_DAYS)),
            },
            sinks: sinks::check(&given, &mut note),
            ingest: ingest::check(&given, &mut note),
            log: parsed(given.log.as_deref(), EnvFilter::new("info"), &mut note, log),
            mail: mail::check(&given, &mut note),
            allow_plain_http: given.allow_plain_http,
            allow_private_targets: given.allow_private_targets,
            metrics: given.metrics,
            master_key: None,
            master_key_file: given.master_key_file,
            aws_account_arn: given.aws_account_arn,
            checkpoint_file: given.checkpoint_file,
            site_dir: given.site_dir,
        };
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(InvalidConfig(problems))
        }
    }
}

/// Checks the settings that are used as given.
fn check_alone(given: &Given, note: &mut impl FnMut(String)) {
    if let Some(folder) = given.site_dir.as_deref().filter(|folder| !folder.is_dir()) {
        note(format!("site_dir: there is no folder {}", folder.display()));
    }
    let arn = given.aws_account_arn.as_deref();
    if arn.is_some_and(|arn| !arn.starts_with("arn:")) {
        note("aws_account_arn: does not start with arn:".to_owned());
    }
}

#[cfg(test)]
mod tests;
