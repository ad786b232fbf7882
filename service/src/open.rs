//! Opening and closing the service: its settings, its parts, its background work.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::{
    identity::actor::RequestMeta,
    integrations::STANDARD_AWS_ACCOUNT_ARN,
    platform::{
        id::{Id, RequestId},
        timestamp::Timestamp,
    },
};
use store::{Organization, Store, StoreError};
use thiserror::Error;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    audit::{call_buffer::CallBuffer, feed::Feed, retention::KeepDays, sinks::SinkSettings},
    identity::passwords::Passwords,
    ingest::accept::{Ingest, IngestSettings, OpenIngestError},
    integrations::probe::Reach,
    platform::{
        clock::Clock,
        encryption::{MasterKeyError, Vault},
        error::ServiceError,
        mail::{MailSettings, Mailer},
        random::IdSource,
    },
    tokens::{cache::Cache, last_seen::LastSeen},
    usage::meters::Meters,
};

/// What the service needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the database is: `sqlite:FILE` or `postgres://…`.
    pub database_url: String,
    /// Where the master key is; beside the SQLite file, or in `data`, when not said.
    pub master_key_file: Option<PathBuf>,
    /// The clock to go by.
    pub clock: Clock,
    /// Whether integrations may be tried at addresses that are not of the public internet.
    pub allow_private_targets: bool,
    /// The account that AWS integrations are told to trust; a standard one when not said.
    pub aws_account_arn: Option<String>,
    /// A file that seals of the record are written to as well.
    pub seal_file: Option<PathBuf>,
    /// How long the record is kept.
    pub keep: KeepDays,
    /// Where the record goes on to.
    pub sinks: Vec<SinkSettings>,
    /// How mail is sent, if it is.
    pub mail: Option<MailSettings>,
    /// How data is taken in; `None` in a process that takes none.
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
    /// The queue of what is handed in.
    #[error(transparent)]
    Ingest(#[from] OpenIngestError),
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The acts. Cheap to clone; clones are the same service.
#[derive(Debug, Clone)]
pub struct Service {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    store: Store,
    clock: Clock,
    ids: IdSource,
    vault: Vault,
    passwords: Passwords,
    cache: Cache,
    last_seen: LastSeen,
    storing_uses: tokio::sync::Mutex<()>,
    calls: CallBuffer,
    meters: Meters,
    feed: Feed,
    reach: Reach,
    mailer: Option<Mailer>,
    aws_account_arn: String,
    ingest: Ingest,
    closing: watch::Sender<bool>,
    tasks: tokio::sync::Mutex<Vec<JoinHandle<()>>>,
}

impl Service {
    /// Opens the database and the vault and starts the background work.
    ///
    /// # Errors
    /// [`OpenError`] when either cannot be used.
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        let key_file = settings
            .master_key_file
            .unwrap_or_else(|| data_folder(&settings.database_url).join("master.key"));
        let (ingest, forwarder) = match settings.ingest {
            Some(ingest) => {
                let folder = ingest.folder.clone();
                let folder =
                    folder.unwrap_or_else(|| data_folder(&settings.database_url).join("ingest"));
                Self::open_ingest(ingest, folder, settings.clock.clone())?
            }
            None => (Ingest::default(), None),
        };
        let mailer = settings.mail.as_ref().map(Mailer::new).transpose()?;
        let store = Store::open(&settings.database_url).await?;
        let newest = store.read().await?.newest_event_number().await?;
        let service = Self {
            parts: Arc::new(Parts {
                store,
                clock: settings.clock,
                ids: IdSource::new(),
                vault: Vault::open(&key_file)?,
                passwords: Passwords::new()?,
                cache: Cache::new(),
                last_seen: LastSeen::default(),
                storing_uses: tokio::sync::Mutex::default(),
                calls: CallBuffer::new(),
                meters: Meters::default(),
                feed: Feed::starting_after(newest),
                reach: Reach::new(settings.allow_private_targets),
                mailer,
                aws_account_arn: settings
                    .aws_account_arn
                    .unwrap_or_else(|| STANDARD_AWS_ACCOUNT_ARN.to_owned()),
                ingest,
                closing: watch::Sender::new(false),
                tasks: tokio::sync::Mutex::default(),
            }),
        };
        service.catch_up().await?;
        service.start_tasks(settings.seal_file, settings.keep).await;
        for sink in settings.sinks {
            let feeding = service.clone();
            let feeding = feeding.feed_sink_in_turn(sink, service.parts.closing.subscribe());
            service.parts.tasks.lock().await.push(tokio::spawn(feeding));
        }
        if let Some(forwarder) = forwarder {
            let task = tokio::spawn(forwarder.run(service.parts.closing.subscribe()));
            service.parts.tasks.lock().await.push(task);
        }
        Ok(service)
    }

    async fn start_tasks(&self, seal_file: Option<PathBuf>, keep: KeepDays) {
        let mut tasks = self.parts.tasks.lock().await;
        tasks.push(tokio::spawn(
            self.clone().follow_feed(self.parts.closing.subscribe()),
        ));
        tasks.push(tokio::spawn(
            self.clone()
                .flush_calls_in_turn(self.parts.closing.subscribe()),
        ));
        tasks.push(tokio::spawn(
            self.clone()
                .count_calls_in_turn(self.parts.closing.subscribe()),
        ));
        tasks.push(tokio::spawn(
            self.clone()
                .store_last_uses_in_turn(self.parts.closing.subscribe()),
        ));
        tasks.push(tokio::spawn(
            self.clone()
                .seal_in_turn(seal_file, self.parts.closing.subscribe()),
        ));
        tasks.push(tokio::spawn(
            self.clone()
                .remove_outlived_in_turn(keep, self.parts.closing.subscribe()),
        ));
        tasks.push(tokio::spawn(
            self.clone()
                .store_ingest_counts_in_turn(self.parts.closing.subscribe()),
        ));
    }

    /// Ends the background work, stores what was gathered in memory and closes the database.
    ///
    /// # Errors
    /// [`ServiceError`] when what was gathered cannot be stored.
    pub async fn close(&self) -> Result<(), ServiceError> {
        self.close_ingest().await;
        self.parts.closing.send_replace(true);
        for task in self.parts.tasks.lock().await.drain(..) {
            task.await
                .map_err(|error| ServiceError::Internal(Box::new(error)))?;
        }
        self.release_ingest();
        let flushed = self.flush_calls().await;
        let stored = self.store_last_uses().await;
        let counted = self.store_ingest_counts().await;
        self.store().close().await;
        flushed.and(stored).and(counted)
    }

    /// The moment it is, by the database's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// An id for a request.
    #[must_use]
    pub fn new_request_id(&self) -> RequestId {
        RequestId(self.new_id())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when it does not.
    pub async fn check_ready(&self) -> Result<(), ServiceError> {
        self.check_lease()?;
        self.store().read().await?.newest_event_number().await?;
        Ok(())
    }

    /// Which database it is, for people.
    #[must_use]
    pub fn database(&self) -> &'static str {
        self.parts.store.database()
    }

    pub(crate) fn new_id(&self) -> Id {
        self.parts.ids.next(self.now())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.parts.store
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.parts.clock
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.parts.vault
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.parts.passwords
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.parts.cache
    }

    pub(crate) fn last_seen(&self) -> &LastSeen {
        &self.parts.last_seen
    }

    pub(crate) fn storing_uses(&self) -> &tokio::sync::Mutex<()> {
        &self.parts.storing_uses
    }

    pub(crate) fn calls(&self) -> &CallBuffer {
        &self.parts.calls
    }

    pub(crate) fn meters(&self) -> &Meters {
        &self.parts.meters
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.parts.feed
    }

    pub(crate) fn reach(&self) -> &Reach {
        &self.parts.reach
    }

    pub(crate) fn mailer(&self) -> Option<&Mailer> {
        self.parts.mailer.as_ref()
    }

    pub(crate) fn ingest(&self) -> &Ingest {
        &self.parts.ingest
    }

    pub(crate) fn aws_account_arn(&self) -> &str {
        &self.parts.aws_account_arn
    }

    /// The organization of this installation.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before it is set up.
    pub async fn organization(&self) -> Result<Organization, ServiceError> {
        let found = self.store().read().await?.find_organization().await?;
        found.ok_or_else(|| ServiceError::not_found("organization"))
    }

    /// The meta of an operation without a request: from the command line or by the server itself.
    pub(crate) fn no_request(&self) -> RequestMeta {
        RequestMeta {
            id: self.new_request_id(),
            method: "".into(),
            path: String::new(),
            address: "".into(),
            client: "countersign".into(),
        }
    }
}

/// Where what is not in the database is kept: beside the SQLite file, or in `data`.
fn data_folder(database_url: &str) -> PathBuf {
    let file = database_url
        .strip_prefix("sqlite:")
        .map(|file| file.strip_prefix("//").unwrap_or(file));
    let folder = file
        .and_then(|file| Path::new(file).parent())
        .unwrap_or(Path::new("data"));
    folder.to_owned()
}
