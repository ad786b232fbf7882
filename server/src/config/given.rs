//! Settings as given by flags, the environment and the file, before they are checked.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;

/// The settings file that is read if it exists and no other is named.
const DEFAULT_FILE: &str = "countersign.toml";

/// Settings as given: by flags and the environment, or by the file, where names have underscores.
#[derive(Args, Deserialize, Default, Clone)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Settings file [default: countersign.toml, if it exists]
    #[arg(long, env = "COUNTERSIGN_CONFIG", value_name = "FILE", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1:3000]
    #[arg(
        long,
        env = "COUNTERSIGN_LISTEN",
        value_name = "ADDRESS:PORT",
        global = true
    )]
    pub listen: Option<String>,
    /// Database URL: sqlite:FILE or postgres://… [default: sqlite:data/countersign.db]
    #[arg(
        long,
        env = "COUNTERSIGN_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub database_url: Option<String>,
    /// Public URL of the web interface, like https://countersign.example
    #[arg(
        long,
        env = "COUNTERSIGN_PUBLIC_URL",
        value_name = "URL",
        global = true
    )]
    pub public_url: Option<String>,
    /// Another host that requests may name besides that of the public URL, like countersign.internal; may be repeated
    #[arg(
        long = "allowed-host",
        env = "COUNTERSIGN_ALLOWED_HOST",
        value_name = "HOST",
        value_delimiter = ',',
        global = true
    )]
    #[serde(default)]
    pub allowed_host: Vec<String>,
    /// Origin of pages that may call the API from a browser, like https://tools.example; may be repeated
    #[arg(
        long = "cors-origin",
        env = "COUNTERSIGN_CORS_ORIGIN",
        value_name = "ORIGIN",
        value_delimiter = ',',
        global = true
    )]
    #[serde(default)]
    pub cors_origin: Vec<String>,
    /// Serve on an address that other machines reach although no TLS is known to stand in front
    #[arg(long, env = "COUNTERSIGN_ALLOW_PLAIN_HTTP", global = true)]
    #[serde(default)]
    pub allow_plain_http: bool,
    /// Whether browsers are to use https for subdomains of the public URL, too [default: true]
    #[arg(
        long,
        env = "COUNTERSIGN_HSTS_SUBDOMAINS",
        value_name = "BOOLEAN",
        value_parser = clap::builder::BoolishValueParser::new(),
        global = true
    )]
    pub hsts_subdomains: Option<bool>,
    /// Hours without a request after which administrators are asked to sign in again [default: 12]
    #[arg(
        long,
        env = "COUNTERSIGN_ADMINISTRATOR_IDLE_HOURS",
        value_name = "HOURS",
        global = true
    )]
    pub administrator_idle_hours: Option<u32>,
    /// Hours without a request after which other users are asked to sign in again [default: 168]
    #[arg(
        long,
        env = "COUNTERSIGN_IDLE_HOURS",
        value_name = "HOURS",
        global = true
    )]
    pub idle_hours: Option<u32>,
    /// File with the key that encrypts stored secrets [default: master.key beside the database]
    #[arg(
        long,
        env = "COUNTERSIGN_MASTER_KEY_FILE",
        value_name = "FILE",
        global = true
    )]
    pub master_key_file: Option<PathBuf>,
    /// Address or network of a proxy whose X-Forwarded headers are trusted; may be repeated
    #[arg(
        long = "trusted-proxy",
        env = "COUNTERSIGN_TRUSTED_PROXY",
        value_name = "NETWORK",
        value_delimiter = ',',
        global = true
    )]
    #[serde(default)]
    pub trusted_proxy: Vec<String>,
    /// Allow connectivity probes of integrations to private addresses
    #[arg(long, env = "COUNTERSIGN_ALLOW_PRIVATE_TARGETS", global = true)]
    #[serde(default)]
    pub allow_private_targets: bool,
    /// Serve Prometheus metrics at /metrics, without authentication
    #[arg(long, env = "COUNTERSIGN_METRICS", global = true)]
    #[serde(default)]
    pub metrics: bool,
    /// AWS account that AWS integrations are asked to trust [default: arn:aws:iam::000000000000:root]
    #[arg(
        long,
        env = "COUNTERSIGN_AWS_ACCOUNT_ARN",
        value_name = "ARN",
        global = true
    )]
    pub aws_account_arn: Option<String>,
    /// File that checkpoints of the audit log are copied to, preferably on the disk of another machine
    #[arg(
        long,
        env = "COUNTERSIGN_CHECKPOINT_FILE",
        value_name = "FILE",
        global = true
    )]
    pub checkpoint_file: Option<PathBuf>,
    /// The former name of `checkpoint_file`
    #[arg(
        long,
        env = "COUNTERSIGN_SEAL_FILE",
        hide = true,
        global = true,
        conflicts_with = "checkpoint_file"
    )]
    pub seal_file: Option<PathBuf>,
    /// Days that audit events are kept, at least 30 [default: unlimited]
    #[arg(
        long,
        env = "COUNTERSIGN_KEEP_EVENTS_DAYS",
        value_name = "DAYS",
        global = true
    )]
    pub keep_events_days: Option<u32>,
    /// Days that API calls are kept, at least 30 [default: unlimited]
    #[arg(
        long,
        env = "COUNTERSIGN_KEEP_CALLS_DAYS",
        value_name = "DAYS",
        global = true
    )]
    pub keep_calls_days: Option<u32>,
    /// Days that tokens, sessions and invitations are kept after they ended, at least 30 [default: 90]
    #[arg(
        long,
        env = "COUNTERSIGN_KEEP_ENDED_DAYS",
        value_name = "DAYS",
        global = true
    )]
    pub keep_ended_days: Option<u32>,
    /// URL that audit events and API calls are exported to as NDJSON, like https://siem.example/countersign
    #[arg(long, env = "COUNTERSIGN_SINK_URL", value_name = "URL", global = true)]
    pub sink_url: Option<String>,
    /// File with the Authorization header for that URL, like Bearer …
    #[arg(
        long,
        env = "COUNTERSIGN_SINK_AUTHORIZATION_FILE",
        value_name = "FILE",
        global = true
    )]
    pub sink_authorization_file: Option<PathBuf>,
    /// File that audit events and API calls are exported to as NDJSON
    #[arg(
        long,
        env = "COUNTERSIGN_SINK_FILE",
        value_name = "FILE",
        global = true
    )]
    pub sink_file: Option<PathBuf>,
    /// Mail server for invitations: smtps://user:password@host:port, or smtp://…?tls=required [default: none;
    /// administrators pass the links on]
    #[arg(
        long,
        env = "COUNTERSIGN_SMTP_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub smtp_url: Option<String>,
    /// Sender address of mail, like Countersign <countersign@example.com>
    #[arg(
        long,
        env = "COUNTERSIGN_MAIL_FROM",
        value_name = "ADDRESS",
        global = true
    )]
    pub mail_from: Option<String>,
    /// URL that ingested data is forwarded to, like https://ingest.example [default: none]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_UPSTREAM",
        value_name = "URL",
        global = true
    )]
    pub ingest_upstream: Option<String>,
    /// Protocol of the ingest upstream: signalfx, on the same paths, or otlp, on /v1/… [default: signalfx]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_UPSTREAM_FORM",
        value_name = "FORM",
        global = true
    )]
    pub ingest_upstream_form: Option<String>,
    /// Token for the ingest upstream
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_UPSTREAM_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        global = true
    )]
    pub ingest_upstream_token: Option<String>,
    /// File with that token, which keeps it out of process lists
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_UPSTREAM_TOKEN_FILE",
        value_name = "FILE",
        global = true
    )]
    pub ingest_upstream_token_file: Option<PathBuf>,
    /// Folder of the ingest queue [default: ingest beside the database]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_FOLDER",
        value_name = "FOLDER",
        global = true
    )]
    pub ingest_folder: Option<PathBuf>,
    /// Maximum size of the ingest queue in MiB [default: 1024]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_QUEUE_MIB",
        value_name = "MIB",
        global = true
    )]
    pub ingest_queue_mib: Option<u32>,
    /// Minutes that ingested data stays readable [default: 60]
    #[arg(
        long,
        env = "COUNTERSIGN_INGEST_KEEP_MINUTES",
        value_name = "MINUTES",
        global = true
    )]
    pub ingest_keep_minutes: Option<u32>,
    /// Folder of the built browser files [default: inside the program]
    #[arg(
        long,
        env = "COUNTERSIGN_SITE_DIR",
        value_name = "FOLDER",
        global = true
    )]
    pub site_dir: Option<PathBuf>,
    /// Log filter, like debug or server=debug,info [default: info]
    #[arg(long, env = "COUNTERSIGN_LOG", value_name = "FILTER", global = true)]
    pub log: Option<String>,
}

impl Given {
    /// These settings, completed by others.
    pub(super) fn or(self, other: Self) -> Self {
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
            allowed_host: if self.allowed_host.is_empty() {
                other.allowed_host
            } else {
                self.allowed_host
            },
            cors_origin: if self.cors_origin.is_empty() {
                other.cors_origin
            } else {
                self.cors_origin
            },
            allow_plain_http: self.allow_plain_http || other.allow_plain_http,
            hsts_subdomains: self.hsts_subdomains.or(other.hsts_subdomains),
            administrator_idle_hours: self
                .administrator_idle_hours
                .or(other.administrator_idle_hours),
            idle_hours: self.idle_hours.or(other.idle_hours),
            allow_private_targets: self.allow_private_targets || other.allow_private_targets,
            metrics: self.metrics || other.metrics,
            aws_account_arn: self.aws_account_arn.or(other.aws_account_arn),
            checkpoint_file: self
                .checkpoint_file
                .or(self.seal_file)
                .or(other.checkpoint_file)
                .or(other.seal_file),
            seal_file: None,
            sink_url: self.sink_url.or(other.sink_url),
            sink_authorization_file: self
                .sink_authorization_file
                .or(other.sink_authorization_file),
            sink_file: self.sink_file.or(other.sink_file),
            keep_events_days: self.keep_events_days.or(other.keep_events_days),
            keep_calls_days: self.keep_calls_days.or(other.keep_calls_days),
            keep_ended_days: self.keep_ended_days.or(other.keep_ended_days),
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

/// Reads the settings file, which must exist if it is named.
pub(super) fn read_file(named: Option<&Path>) -> Result<Given, String> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text)
            .map_err(|error| format!("{}: {}", path.display(), error.message())),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            Ok(Given::default())
        }
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}
