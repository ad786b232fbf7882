//! Settings: one struct, from four sources. What a flag says beats the environment (clap sees to both), which beats
//! `countersign.toml`, which beats the default. All of it is checked at once, and every problem is named.

mod ingest;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use axum::http::Uri;
use clap::Args;
use serde::Deserialize;
use service::{IngestSettings, MailSender, MailServer, MailSettings};
use thiserror::Error;
use tracing_subscriber::EnvFilter;

use crate::http::network::Network;

/// The settings file that is read when it is there and none is named.
const STANDARD_FILE: &str = "countersign.toml";

/// Where the database is when nobody says.
const STANDARD_DATABASE: &str = "sqlite:data/countersign.db";

/// Where to listen when nobody says: this machine alone.
const STANDARD_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

/// Settings as they are given: by flags and the environment, or by the file, where their names have underscores.
#[derive(Args, Deserialize, Default, Clone)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The settings file [default: countersign.toml, if it is there]
    #[arg(long, env = "COUNTERSIGN_CONFIG", value_name = "FILE", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:3000]
    #[arg(
        long,
        env = "COUNTERSIGN_LISTEN",
        value_name = "ADDRESS:PORT",
        global = true
    )]
    pub listen: Option<String>,
    /// The database: sqlite:FILE or postgres://… [default: sqlite:data/countersign.db]
    #[arg(
        long,
        env = "COUNTERSIGN_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub database_url: Option<String>,
    /// The address people know this server by, like https://countersign.example
    #[arg(
        long,
        env = "COUNTERSIGN_PUBLIC_URL",
        value_name = "URL",
        global = true
    )]
    pub public_url: Option<String>,
    /// The key that org token secrets are encrypted with [default: master.key beside the database]
    #[arg(
        long,
        env = "COUNTERSIGN_MASTER_KEY_FILE",
        value_name = "FILE",
        global = true
    )]
    pub master_key_file: Option<PathBuf>,
    /// A proxy whose X-Forwarded headers are believed: an address or a network; may be given several times
    #[arg(
        long = "trusted-proxy",
        env = "COUNTERSIGN_TRUSTED_PROXY",
        value_name = "NETWORK",
        value_delimiter = ',',
        global = true
    )]
    #[serde(default)]
    pub trusted_proxy: Vec<String>,
    /// Try integrations at private addresses too: those of this machine and of the networks behind it
    #[arg(long, env = "COUNTERSIGN_ALLOW_PRIVATE_TARGETS", global = true)]
    #[serde(default)]
    pub allow_private_targets: bool,
    /// The AWS account that AWS integrations are told to trust [default: arn:aws:iam::000000000000:root]
    #[arg(
        long,
        env = "COUNTERSIGN_AWS_ACCOUNT_ARN",
        value_name = "ARN",
        global = true
    )]
    pub aws_account_arn: Option<String>,
    /// A file that seals of the record are also written to, best on another machine's disk
    #[arg(
        long,
        env = "COUNTERSIGN_SEAL_FILE",
        value_name = "FILE",
        global = true
    )]
    pub seal_file: Option<PathBuf>,
    /// The mail server that invitations are sent by: smtps://user:password@host:port, or smtp://…?tls=required
    /// [default: none, and links are handed over by whoever invites]
    #[arg(
        long,
        env = "COUNTERSIGN_SMTP_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub smtp_url: Option<String>,
    /// The address that mail comes from, like Countersign <countersign@example.com>
    #[arg(
        long,
        env = "COUNTERSIGN_MAIL_FROM",
        value_name = "ADDRESS",
        global = true
    )]
    pub mail_from: Option<String>,
    /// Where what is sent to the ingest routes is forwarded to, like https://ingest.example [default: nowhere]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_UPSTREAM",
        value_name = "URL",
        global = true
    )]
    pub ingest_upstream: Option<String>,
    /// What the ingest upstream speaks: signalfx, on the paths data comes in by, or otlp, on /v1/… [default: signalfx]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_UPSTREAM_FORM",
        value_name = "FORM",
        global = true
    )]
    pub ingest_upstream_form: Option<String>,
    /// The token the ingest upstream asks for
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_UPSTREAM_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        global = true
    )]
    pub ingest_upstream_token: Option<String>,
    /// A file with that token, which no list of processes shows
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_UPSTREAM_TOKEN_FILE",
        value_name = "FILE",
        global = true
    )]
    pub ingest_upstream_token_file: Option<PathBuf>,
    /// The folder of the queue of what is sent to the ingest routes [default: ingest beside the database]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_FOLDER",
        value_name = "FOLDER",
        global = true
    )]
    pub ingest_folder: Option<PathBuf>,
    /// How large that queue may become [default: 1024]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_QUEUE_MIB",
        value_name = "MIB",
        global = true
    )]
    pub ingest_queue_mib: Option<u32>,
    /// How long what is forwarded, or goes nowhere, can still be looked at [default: 60]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_KEEP_MINUTES",
        value_name = "MINUTES",
        global = true
    )]
    pub ingest_keep_minutes: Option<u32>,
    /// The folder of the built browser side [default: inside the program]
    #[arg(
        long,
        env = "COUNTERSIGN_SITE_DIR",
        value_name = "FOLDER",
        global = true
    )]
    pub site_dir: Option<PathBuf>,
    /// What to log: info, debug, server=debug,info [default: info]
    #[arg(long, env = "COUNTERSIGN_LOG", value_name = "FILTER", global = true)]
    pub log: Option<String>,
}

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
    /// Proxies that are believed.
    pub trusted_proxies: Vec<Network>,
    /// Whether integrations may be tried at private addresses.
    pub allow_private_targets: bool,
    /// The AWS account that AWS integrations are told to trust, unless it is the standard one.
    pub aws_account_arn: Option<String>,
    /// A file that seals of the record are also written to.
    pub seal_file: Option<PathBuf>,
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
            Vec::new(),
            &mut note,
            |proxies| {
                let networks = proxies
                    .iter()
                    .filter(|proxy| !proxy.is_empty())
                    .map(|proxy| proxy.trim().parse());
                networks
                    .collect::<Result<_, _>>()
                    .map_err(|refused| format!("trusted_proxy: {refused}"))
            },
        );
        let log = parsed(given.log, EnvFilter::new("info"), &mut note, |filter| {
            EnvFilter::try_new(&filter)
                .map_err(|error| format!("log: `{filter}` cannot be read: {error}"))
        });
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
            aws_account_arn: given.aws_account_arn,
            seal_file: given.seal_file,
            mail,
            ingest,
            site_dir: given.site_dir,
            log,
        })
    }
}

impl Given {
    /// These settings, and where they say nothing, those.
    fn or(self, other: Self) -> Self {
        Self {
            config: self.config,
            listen: self.listen.or(other.listen),
            database_url: self.database_url.or(other.database_url),
            public_url: self.public_url.or(other.public_url),
            master_key_file: self.master_key_file.or(other.master_key_file),
            trusted_proxy: if self.trusted_proxy.is_empty() {
                other.trusted_proxy
            } else {
                self.trusted_proxy
            },
            allow_private_targets: self.allow_private_targets || other.allow_private_targets,
            aws_account_arn: self.aws_account_arn.or(other.aws_account_arn),
            seal_file: self.seal_file.or(other.seal_file),
            smtp_url: self.smtp_url.or(other.smtp_url),
            mail_from: self.mail_from.or(other.mail_from),
            ingest_upstream: self.ingest_upstream.or(other.ingest_upstream),
            ingest_upstream_form: self.ingest_upstream_form.or(other.ingest_upstream_form),
            ingest_upstream_token: self.ingest_upstream_token.or(other.ingest_upstream_token),
            ingest_upstream_token_file: self
                .ingest_upstream_token_file
                .or(other.ingest_upstream_token_file),
            ingest_folder: self.ingest_folder.or(other.ingest_folder),
            ingest_queue_mib: self.ingest_queue_mib.or(other.ingest_queue_mib),
            ingest_keep_minutes: self.ingest_keep_minutes.or(other.ingest_keep_minutes),
            site_dir: self.site_dir.or(other.site_dir),
            log: self.log.or(other.log),
        }
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

fn read_file(named: Option<&Path>) -> Result<Given, String> {
    let path = named.unwrap_or(Path::new(STANDARD_FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text)
            .map_err(|error| format!("{}: {}", path.display(), error.message())),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            Ok(Given::default())
        }
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Scheme, host and port of an address, as browsers write an origin. A path would not be served (contract 1.1).
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
