//! Opening and closing the service: its settings, its rooms and its background tasks.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::{
    identity::actor::Caller,
    integrations::STANDARD_AWS_ACCOUNT_ARN,
    platform::{id::RequestId, timestamp::Timestamp},
};
use store::{Store, StoreError};
use thiserror::Error;

use crate::{
    audit::{
        handle::{Audit, ChangeObserver},
        retention::KeepDays,
        sinks::SinkSettings,
    },
    identity::{handle::Identities, passwords::Passwords},
    ingest::{
        handle::{Ingest, Intake},
        open::{IngestSettings, OpenIngestError, open as open_queue},
    },
    integrations::{handle::Integrations, probe::Probe},
    objects::handle::Objects,
    platform::{
        clock::Clock,
        encryption::{MasterKeyError, Vault},
        error::ServiceError,
        handle::Platform,
        mail::{MailSettings, Mailer},
        tasks::Tasks,
    },
    tokens::{cache::Cache, handle::Tokens},
    usage::handle::UsageCounts,
};

/// The settings of the service.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The URL of the database: `sqlite:FILE` or `postgres://…`.
    pub database_url: String,
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
    /// The retention of the audit log and the call log.
    pub keep: KeepDays,
    /// The sinks of the audit log and the call log.
    pub sinks: Vec<SinkSettings>,
    /// How mail is sent; `None` when no mail is sent.
    pub mail: Option<MailSettings>,
    /// How data is ingested; `None` in a process that does not ingest.
    pub ingest: Option<IngestSettings>,
}

/// Why the service cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The database.
    #[error("the database cannot be opened")]
    Store(#[from] StoreError),
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

/// The operations, by room. Cheap to clone; clones are the same service.
#[derive(Debug, Clone)]
pub struct Service {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    platform: Platform,
    audit: Audit,
    objects: Objects,
    ingest: Ingest,
    tokens: Tokens,
    identity: Identities,
    integrations: Integrations,
    usage: UsageCounts,
    mailer: Option<Arc<Mailer>>,
    tasks: Tasks,
}

impl Service {
    /// Opens the database, reads the master key, and starts the background tasks.
    ///
    /// # Errors
    /// [`OpenError`] when the database, the master key or the ingest queue cannot be opened.
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        let data = data_folder(&settings.database_url);
        let (intake, forwarder) = match settings.ingest {
            Some(ingest) => {
                let folder = ingest.folder.clone();
                let folder = folder.unwrap_or_else(|| data.join("ingest"));
                open_queue(ingest, folder, settings.clock.clone())?
            }
            None => (Intake::default(), None),
        };
        let mailer = settings.mail.as_ref().map(Mailer::new).transpose()?;
        let mailer = mailer.map(Arc::new);
        let store = Store::open(&settings.database_url).await?;
        let newest = store.read().await?.newest_event_number().await?;
        let key_file = settings.master_key_file;
        let key_file = key_file.unwrap_or_else(|| data.join("master.key"));
        let vault = Arc::new(Vault::open(&key_file)?);
        let platform = Platform::new(store, settings.clock);
        let cache = Arc::new(Cache::new());
        let observer: Arc<dyn ChangeObserver> = Arc::<Cache>::clone(&cache);
        let audit = Audit::new(platform.clone(), &vault, newest, observer);
        let objects = Objects::new(platform.clone(), audit.clone());
        let ingest = Ingest::new(platform.clone(), intake);
        let tokens = Tokens::new(
            platform.clone(),
            audit.clone(),
            Arc::clone(&vault),
            cache,
            ingest.clone(),
        );
        let identity = Identities::new(
            platform.clone(),
            Passwords::new()?,
            tokens.clone(),
            objects.clone(),
            audit.clone(),
            mailer.clone(),
        );
        let integrations = Integrations::new(
            platform.clone(),
            audit.clone(),
            objects.clone(),
            vault,
            Probe::new(settings.allow_private_targets),
            settings
                .aws_account_arn
                .unwrap_or_else(|| STANDARD_AWS_ACCOUNT_ARN.to_owned()),
        );
        let usage = UsageCounts::new(
            platform.clone(),
            audit.clone(),
            tokens.clone(),
            ingest.clone(),
        );
        let service = Self {
            parts: Arc::new(Parts {
                platform,
                audit,
                objects,
                ingest,
                tokens,
                identity,
                integrations,
                usage,
                mailer,
                tasks: Tasks::new(),
            }),
        };
        let parts = &*service.parts;
        parts.audit.catch_up().await?;
        let tasks = &parts.tasks;
        let (file, keep, sinks) = (settings.checkpoint_file, settings.keep, settings.sinks);
        parts.audit.start(tasks, file, keep, sinks);
        parts.usage.start(tasks);
        parts.tokens.uses().start(tasks);
        parts.identity.session_uses().start(tasks);
        parts.ingest.start(tasks);
        if let Some(forwarder) = forwarder {
            tasks.spawn("forward data", |closing| forwarder.run(closing));
        }
        Ok(service)
    }

    /// Stops the background tasks, stores buffered data and closes the database.
    ///
    /// # Errors
    /// [`ServiceError`] when buffered data cannot be stored.
    pub async fn close(&self) -> Result<(), ServiceError> {
        let parts = &*self.parts;
        parts.ingest.close().await;
        let ended = parts.tasks.close().await;
        parts.ingest.release();
        let flushed = parts.audit.flush_calls().await;
        let used = parts.tokens.uses().store().await;
        let seen = parts.identity.session_uses().store().await;
        let counted = parts.ingest.store_counts().await;
        parts.platform.store().close().await;
        ended.and(flushed).and(used).and(seen).and(counted)
    }

    /// The audit log and the call log.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        &self.parts.audit
    }

    /// Dashboards, dashboard groups, charts and detectors.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.parts.objects
    }

    /// Ingested data.
    #[must_use]
    pub fn ingest(&self) -> &Ingest {
        &self.parts.ingest
    }

    /// User tokens, org tokens, and authentication by them.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.parts.tokens
    }

    /// Members, teams, roles, sign-in, sessions and set-up.
    #[must_use]
    pub fn identity(&self) -> &Identities {
        &self.parts.identity
    }

    /// Integrations.
    #[must_use]
    pub fn integrations(&self) -> &Integrations {
        &self.parts.integrations
    }

    /// Counts of calls, and measures of this process.
    #[must_use]
    pub fn usage(&self) -> &UsageCounts {
        &self.parts.usage
    }

    /// The current time on the clock of the database.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.parts.platform.now()
    }

    /// A new id for a request.
    #[must_use]
    pub fn new_request_id(&self) -> RequestId {
        RequestId(self.parts.platform.new_id())
    }

    /// The system as a caller: the command line, or the server itself.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before the organization is set up.
    pub async fn system_caller(&self) -> Result<Caller, ServiceError> {
        self.parts.platform.system_caller().await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when it does not.
    pub async fn check_ready(&self) -> Result<(), ServiceError> {
        self.audit().check_lease()?;
        let mut read = self.parts.platform.store().read().await?;
        read.newest_event_number().await?;
        Ok(())
    }

    /// Whether the mail server accepts mail from here; `false` when none is configured.
    ///
    /// # Errors
    /// The reason why it does not, for the operator.
    pub async fn check_mail(&self) -> Result<bool, String> {
        match &self.parts.mailer {
            None => Ok(false),
            Some(mailer) => mailer.check().await.map(|()| true),
        }
    }

    /// The name and version of the database, for display.
    #[must_use]
    pub fn database(&self) -> &'static str {
        self.parts.platform.store().database()
    }
}

/// The folder for files besides the database: that of the SQLite file, or `data`.
fn data_folder(database_url: &str) -> PathBuf {
    let file = database_url
        .strip_prefix("sqlite:")
        .map(|file| file.strip_prefix("//").unwrap_or(file));
    let folder = file
        .and_then(|file| Path::new(file).parent())
        .unwrap_or(Path::new("data"));
    folder.to_owned()
}
