//! The settings of the service, and the errors of opening it.

use std::path::{Path, PathBuf};

use domain::{identity::session::IdleTimeouts, integrations::STANDARD_AWS_ACCOUNT_ARN};
use store::{Access, StoreError};
use thiserror::Error;

use crate::{
    audit::{retention::KeepDays, sinks::SinkSettings},
    ingest::open::{IngestSettings, OpenIngestError},
    platform::{
        clock::Clock,
        error::ServiceError,
        file_access::{self, UnusableFile},
        mail::MailSettings,
        master_key::{MasterKey, MasterKeyError},
    },
};

/// The settings of the service.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The URL of the database: `sqlite:FILE` or `postgres://…`.
    pub database_url: String,
    /// What the process does with the database.
    pub access: Access,
    /// The master key, unless it is in a file.
    pub master_key: Option<MasterKey>,
    /// The path of the master key; by default beside the SQLite file, or in `data`.
    pub master_key_file: Option<PathBuf>,
    /// The clock of the service.
    pub clock: Clock,
    /// Whether connections of integrations may be checked at addresses outside the public internet.
    pub allow_private_targets: bool,
    /// The AWS account that integrations ask customers to trust; [`STANDARD_AWS_ACCOUNT_ARN`] by default.
    pub aws_account_arn: Option<String>,
    /// A file to which checkpoints are written in addition to the database.
    pub checkpoint_file: Option<PathBuf>,
    /// How long events, calls, and what ended are kept.
    pub keep: KeepDays,
    /// The sinks of the audit log and the call log.
    pub sinks: Vec<SinkSettings>,
    /// How mail is sent; `None` when no mail is sent.
    pub mail: Option<MailSettings>,
    /// How long sessions stay open without a request.
    pub idle_timeouts: IdleTimeouts,
    /// How data is ingested; `None` in a process that does not ingest.
    pub ingest: Option<IngestSettings>,
    /// Who runs the command, in one line: audit events of the system have it in their client. `None` for a server.
    pub operator: Option<String>,
}

impl Settings {
    /// The folder for files besides the database: that of the SQLite file, or `data`.
    pub(crate) fn data_folder(&self) -> PathBuf {
        let folder = self.database_file().and_then(Path::parent);
        folder.unwrap_or(Path::new("data")).to_owned()
    }

    /// The SQLite file, unless the database is elsewhere.
    pub(crate) fn database_file(&self) -> Option<&Path> {
        let file = self.database_url.strip_prefix("sqlite:")?;
        Some(Path::new(file.strip_prefix("//").unwrap_or(file)))
    }

    /// The path of the master key.
    #[must_use]
    pub fn master_key_file(&self) -> PathBuf {
        let file = self.master_key_file.clone();
        file.unwrap_or_else(|| self.data_folder().join("master.key"))
    }

    /// Checks that a server could write to the files of the database, without writing.
    ///
    /// # Errors
    /// [`UnusableFile`] when it could not, also because the disk is full.
    pub fn check_writable(&self) -> Result<(), UnusableFile> {
        self.database_file().map_or(Ok(()), |file| {
            file_access::check_database(file)?;
            file_access::check_space(file)
        })
    }

    /// The AWS account that integrations ask customers to trust.
    pub(crate) fn aws_account_arn(&self) -> String {
        let arn = self.aws_account_arn.clone();
        arn.unwrap_or_else(|| STANDARD_AWS_ACCOUNT_ARN.to_owned())
    }
}

/// Why the service cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The database.
    #[error("the database cannot be opened")]
    Store(#[from] StoreError),
    /// A file or folder of the database.
    #[error("the database cannot be opened")]
    File(#[from] UnusableFile),
    /// The master key.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// The ingest queue.
    #[error(transparent)]
    Ingest(#[from] OpenIngestError),
    /// Any other error.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl OpenError {
    /// Whether the database is away or starting, so that opening it later may succeed.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Store(error) => error.is_outage(),
            Self::Service(ServiceError::Unavailable(Some(error))) => error.is_outage(),
            Self::MasterKey(_) | Self::Ingest(_) | Self::File(_) | Self::Service(_) => false,
        }
    }
}
