//! Settings as they are given, by flags, the environment and the file, before anything of them is checked.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;

/// The settings file that is read when it is there and none is named.
const STANDARD_FILE: &str = "countersign.toml";

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
    /// Tell Prometheus how the server is, at /metrics, without asking who wants to know
    #[arg(long, env = "COUNTERSIGN_METRICS", global = true)]
    #[serde(default)]
    pub metrics: bool,
    /// The AWS account that AWS integrations are told to trust [default: arn:aws:iam::000000000000:root]
    #[arg(
        long,
        env = "COUNTERSIGN_AWS_ACCOUNT_ARN",
        value_name = "ARN",
        global = true
    )]
    pub aws_account_arn: Option<String>,
    /// A file that checkpoints of the audit log are also written to, best on another machine's disk
    #[arg(
        long,
        env = "COUNTERSIGN_CHECKPOINT_FILE",
        value_name = "FILE",
        global = true
    )]
    pub checkpoint_file: Option<PathBuf>,
    /// The former name of `checkpoint_file`
    #[arg(long, env = "COUNTERSIGN_SEAL_FILE", hide = true, global = true)]
    pub seal_file: Option<PathBuf>,
    /// For how many days the record of what was done is kept, 30 at least [default: for ever]
    #[arg(
        long,
        env = "COUNTERSIGN_KEEP_EVENTS_DAYS",
        value_name = "DAYS",
        global = true
    )]
    pub keep_events_days: Option<u32>,
    /// For how many days the record of calls is kept, 30 at least [default: for ever]
    #[arg(
        long,
        env = "COUNTERSIGN_KEEP_CALLS_DAYS",
        value_name = "DAYS",
        global = true
    )]
    pub keep_calls_days: Option<u32>,
    /// An HTTP endpoint that the record goes on to, as lines of JSON, like https://siem.example/countersign
    #[arg(long, env = "COUNTERSIGN_SINK_URL", value_name = "URL", global = true)]
    pub sink_url: Option<String>,
    /// A file with what that endpoint is sent in the header Authorization, like Bearer …
    #[arg(
        long,
        env = "COUNTERSIGN_SINK_AUTHORIZATION_FILE",
        value_name = "FILE",
        global = true
    )]
    pub sink_authorization_file: Option<PathBuf>,
    /// A file that the record goes on to, as lines of JSON
    #[arg(
        long,
        env = "COUNTERSIGN_SINK_FILE",
        value_name = "FILE",
        global = true
    )]
    pub sink_file: Option<PathBuf>,
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

impl Given {
    /// These settings, and where they say nothing, those.
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

/// What the settings file says; nothing when none is named and there is none.
pub(super) fn read_file(named: Option<&Path>) -> Result<Given, String> {
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
