//! Settings: one struct, from four sources. What a flag says beats the environment (clap sees to both), which beats
//! `countersign.toml`, which beats the default. All of it is checked at once, and every problem is named.

mod given;
mod ingest;
mod sinks;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use axum::http::Uri;
use service::{IngestSettings, KeepDays, MailSender, MailServer, MailSettings, SinkSettings};
use thiserror::Error;
use tracing_subscriber::EnvFilter;

pub use self::given::Given;
use self::given::read_file;
use crate::middleware::trusted_proxies::TrustedProxies;

/// Where the database is when nobody says.
const STANDARD_DATABASE: &str = "sqlite:data/countersign.db";

/// Where to listen when nobody says: this machine alone.
const STANDARD_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

/// Settings that were checked.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database.
    pub database_url: DatabaseUrl,
    /// The origin people know the server by, without a slash at the end.
    pub public_url: Option<String>,
    /// The file of the master key, unless it is where it usually is.
    pub master_key_file: Option<PathBuf>,
    /// The proxies whose `X-Forwarded-…` headers are believed.
    pub trusted_proxies: TrustedProxies,
    /// Whether integrations may be tried at private addresses.
    pub allow_private_targets: bool,
    /// Whether `/metrics` is there.
    pub metrics: bool,
    /// The AWS account that AWS integrations are told to trust, unless it is the standard one.
    pub aws_account_arn: Option<String>,
    /// A file that checkpoints of the audit log are also written to.
    pub checkpoint_file: Option<PathBuf>,
    /// How long the record is kept.
    pub keep: KeepDays,
    /// Where the record goes on to.
    pub sinks: Vec<SinkSettings>,
    /// How mail is sent, if it is.
    pub mail: Option<MailSettings>,
    /// How data is taken in.
    pub ingest: IngestSettings,
    /// The folder of the browser side, unless it is inside the program.
    pub site_dir: Option<PathBuf>,
    /// What to log.
    pub log: EnvFilter,
}

/// The address of a database. It may hold a password, so it does not print.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The address itself, for whoever opens the database.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DatabaseUrl(…)")
    }
}

/// Everything that is wrong with the settings, one line a problem.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("the settings cannot be used:\n  {}", .0.join("\n  "))]
pub struct ConfigRefused(pub Vec<String>);

impl Config {
    /// Reads the settings file and checks everything.
    ///
    /// # Errors
    /// [`ConfigRefused`] with every problem there is.
    pub fn load(given: Given) -> Result<Self, ConfigRefused> {
        let file =
            read_file(given.config.as_deref()).map_err(|problem| ConfigRefused(vec![problem]))?;
        Self::check(given.or(file))
    }

    fn check(given: Given) -> Result<Self, ConfigRefused> {
        let mut problems = Vec::new();
        let mut note = |problem: String| problems.push(problem);
        let ingest = ingest::check(&given, &mut note);
        let sinks = sinks::check(&given, &mut note);
        let listen = parsed(given.listen, STANDARD_LISTEN, &mut note, |text| {
            text.parse().map_err(|_| {
                format!("listen: `{text}` is not an address and a port, like {STANDARD_LISTEN}")
            })
        });
        let database_url = parsed(
            given.database_url,
            STANDARD_DATABASE.to_owned(),
            &mut note,
            |url| {
                let is_known = ["sqlite:", "postgres://", "postgresql://"]
                    .iter()
                    .any(|scheme| url.starts_with(scheme));
                // What was given may hold a password: the problem does not repeat it.
                if is_known {
                    Ok(url)
                } else {
                    Err("database_url: it begins with neither sqlite: nor postgres://".to_owned())
                }
            },
        );
        let public_url = parsed(given.public_url.map(Some), None, &mut note, |url| {
            url.map(|url| origin_of(&url)).transpose()
        });
        let trusted_proxies = parsed(
            Some(given.trusted_proxy),
            TrustedProxies::default(),
            &mut note,
            |texts| {
                TrustedProxies::parse(texts.iter().map(String::as_str))
                    .map_err(|rejected| format!("trusted_proxy: {rejected}"))
            },
        );
        let log = parsed(given.log, EnvFilter::new("info"), &mut note, |filter| {
            EnvFilter::try_new(&filter)
                .map_err(|error| format!("log: `{filter}` cannot be read: {error}"))
        });
        let keep = KeepDays {
            events: days("keep_events_days", given.keep_events_days, &mut note),
            calls: days("keep_calls_days", given.keep_calls_days, &mut note),
        };
        let mail = mail(
            given.smtp_url.as_deref(),
            given.mail_from.as_deref(),
            &mut note,
        );
        if given.smtp_url.is_some() && public_url.is_none() {
            note("public_url: it is missing, and links in mails begin with it".to_owned());
        }
        if let Some(folder) = given.site_dir.as_deref().filter(|folder| !folder.is_dir()) {
            note(format!("site_dir: there is no folder {}", folder.display()));
        }
        if given
            .aws_account_arn
            .as_deref()
            .is_some_and(|arn| !arn.starts_with("arn:"))
        {
            note("aws_account_arn: it does not begin with arn:".to_owned());
        }
        if !problems.is_empty() {
            return Err(ConfigRefused(problems));
        }
        Ok(Self {
            listen,
            database_url: DatabaseUrl(database_url),
            public_url,
            master_key_file: given.master_key_file,
            trusted_proxies,
            allow_private_targets: given.allow_private_targets,
            metrics: given.metrics,
            aws_account_arn: given.aws_account_arn,
            checkpoint_file: given.checkpoint_file,
            keep,
            sinks,
            mail,
            ingest,
            site_dir: given.site_dir,
            log,
        })
    }
}

/// The value, or the standard one where none was given or it cannot be used, which is noted.
fn parsed<G, T>(
    given: Option<G>,
    standard: T,
    note: &mut impl FnMut(String),
    parse: impl FnOnce(G) -> Result<T, String>,
) -> T {
    match given.map(parse) {
        Some(Ok(value)) => value,
        Some(Err(problem)) => {
            note(problem);
            standard
        }
        None => standard,
    }
}

/// For how many days something is kept: enough of them, or for ever.
fn days(name: &str, given: Option<u32>, note: &mut impl FnMut(String)) -> Option<u32> {
    if given.is_some_and(|days| days < KeepDays::FEWEST) {
        note(format!(
            "{name}: fewer than {} days cannot be chosen",
            KeepDays::FEWEST
        ));
    }
    given
}

/// How mail is sent: both settings, or neither. What is wrong with the server's address is said without repeating it.
fn mail(
    smtp_url: Option<&str>,
    mail_from: Option<&str>,
    note: &mut impl FnMut(String),
) -> Option<MailSettings> {
    let server = smtp_url.map(MailServer::parse);
    let sender = mail_from.map(MailSender::parse);
    if let Some(Err(problem)) = &server {
        note(format!("smtp_url: {problem}"));
    }
    if let Some(Err(problem)) = &sender {
        note(format!("mail_from: {problem}"));
    }
    match (server, sender) {
        (Some(Ok(server)), Some(Ok(sender))) => return Some(MailSettings { server, sender }),
        (Some(_), None) => {
            note("mail_from: it is missing, and mail has to come from somewhere".to_owned())
        }
        (None, Some(_)) => note("smtp_url: it is missing, and nothing else sends mail".to_owned()),
        (Some(_), Some(_)) | (None, None) => {}
    }
    None
}

/// Scheme, host and port of an address, as browsers write an origin. A path would not be served
/// (docs/contract.md#routing).
fn origin_of(url: &str) -> Result<String, String> {
    let refused =
        || format!("public_url: `{url}` is not like https://countersign.example, with no path");
    let uri: Uri = url.parse().map_err(|_| refused())?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| ["http", "https"].contains(scheme))
        .ok_or_else(refused)?;
    let authority = uri
        .authority()
        .filter(|authority| !authority.as_str().contains('@'))
        .ok_or_else(refused)?;
    if uri.path() != "/" || uri.query().is_some() {
        return Err(refused());
    }
    let standard_port = if scheme == "https" { ":443" } else { ":80" };
    let host = authority.as_str().to_ascii_lowercase();
    Ok(format!(
        "{scheme}://{}",
        host.strip_suffix(standard_port).unwrap_or(&host)
    ))
}

#[cfg(test)]
mod tests;
