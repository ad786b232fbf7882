//! Opening the service: database, master key and ingest queue, then the rooms and their background tasks.

use std::sync::Arc;

use store::{Store, StoreError};

use crate::{
    audit::handle::{Audit, ChangeObserver},
    identity::{
        handle::{Identities, SignInBase},
        passwords::Passwords,
    },
    ingest::{
        forward::Forwarder,
        handle::{Ingest, Intake},
        open::{OpenIngestError, open as open_queue},
    },
    integrations::{handle::Integrations, probe::Probe},
    objects::handle::Objects,
    platform::{
        clock::Clock,
        encryption::{MasterKeyError, Vault},
        error::ServiceError,
        file_access,
        handle::Platform,
        mail::Mailer,
        readiness::Readiness,
        tasks::Tasks,
    },
    removal::Removal,
    service::{Rooms, Service},
    settings::{OpenError, Settings},
    tokens::{cache::Cache, handle::Tokens},
    usage::handle::UsageCounts,
};

impl Service {
    /// Opens the database, reads the master key, and starts the background tasks.
    ///
    /// # Errors
    /// [`OpenError`] when the database, the master key or the ingest queue cannot be opened.
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        if let Some(file) = settings.database_file() {
            file_access::check_database(file)?;
        }
        let mailer = settings.mail.as_ref().map(Mailer::new).transpose()?;
        let store = Store::open(&settings.database_url).await?;
        start_clock(&store, &settings.clock).await?;
        let (intake, forwarder) = open_intake(&settings)?;
        let vault = Arc::new(open_vault(&store, &settings).await?);
        let store = store.with_cipher(Arc::<Vault>::clone(&vault));
        if settings.ingest.is_some() {
            prepare_server(&store, &vault).await?;
        }
        intake.count_left(&store).await?;
        let newest = store.read().await?.newest_event_number().await?;
        let base = Base {
            vault,
            platform: Platform::new(store, settings.clock.clone()),
            newest_event: newest,
            mailer: mailer.map(Arc::new),
        };
        let rooms = build(&settings, base, intake)?;
        rooms.tokens.org().bind_secrets().await?;
        rooms.audit.catch_up().await?;
        start(&rooms, settings, forwarder);
        Ok(Self {
            rooms: Arc::new(rooms),
        })
    }
}

/// Sets the clock to that of the database. Nothing reads the clock before.
async fn start_clock(store: &Store, clock: &Clock) -> Result<(), StoreError> {
    let mut read = store.read().await?;
    if let Some(now) = read.clock().await? {
        clock.follow(now);
    }
    if let Some(newest_time) = read.find_newest_time().await? {
        clock.not_before(newest_time);
    }
    Ok(())
}

/// Opens the master key, which must be the one that the secrets of the database are encrypted under. The first server
/// decides which one that is: other commands may run without the key of the servers.
async fn open_vault(store: &Store, settings: &Settings) -> Result<Vault, OpenError> {
    let path = settings.master_key_file();
    let mut read = store.read().await?;
    let mut stored = read.find_master_key_id().await?;
    let may_create = stored.is_none() && !read.may_have_old_secrets().await?;
    drop(read);
    let vault = Vault::open(&path, may_create)?;
    let given = vault.key_id();
    if stored.is_none() && settings.ingest.is_some() {
        let mut housekeeping = store.housekeep().await?;
        housekeeping.note_master_key_id(&given).await?;
        housekeeping.finish().await?;
        // Another server may have stored its key at the same time.
        stored = store.read().await?.find_master_key_id().await?;
    }
    match stored {
        Some(stored) if stored != given => Err(MasterKeyError::Wrong {
            path,
            given,
            stored,
        }
        .into()),
        Some(_) | None => Ok(vault),
    }
}

/// Prepares the database for a server.
async fn prepare_server(store: &Store, vault: &Vault) -> Result<(), StoreError> {
    for name in store.read().await?.list_unsafe_settings().await? {
        tracing::warn!(
            name,
            "A setting of the database is off, so committed changes can be lost when its server fails."
        );
    }
    // With a new key there are no secrets yet.
    if vault.is_new() {
        return Ok(());
    }
    store.encrypt_plain_secrets().await
}

/// What the rooms are built on.
struct Base {
    platform: Platform,
    vault: Arc<Vault>,
    /// The number of the newest audit event.
    newest_event: i64,
    mailer: Option<Arc<Mailer>>,
}

fn open_intake(settings: &Settings) -> Result<(Intake, Option<Forwarder>), OpenIngestError> {
    let Some(ingest) = settings.ingest.clone() else {
        return Ok((Intake::default(), None));
    };
    let folder = ingest.folder.clone();
    let folder = folder.unwrap_or_else(|| settings.data_folder().join("ingest"));
    open_queue(ingest, folder, settings.clock.clone())
}

fn build(settings: &Settings, base: Base, intake: Intake) -> Result<Rooms, ServiceError> {
    let (platform, vault, mailer) = (base.platform, base.vault, base.mailer);
    let cache = Arc::new(Cache::new());
    let observer: Arc<dyn ChangeObserver> = Arc::<Cache>::clone(&cache);
    let audit = Audit::new(platform.clone(), &vault, base.newest_event, observer);
    let objects = Objects::new(platform.clone(), audit.clone());
    let ingest = Ingest::new(platform.clone(), intake);
    let tokens = Tokens::new(
        platform.clone(),
        audit.clone(),
        Arc::clone(&vault),
        cache,
        ingest.clone(),
    );
    let sign_in = SignInBase {
        passwords: Passwords::new()?,
        vault: Arc::clone(&vault),
        mailer: mailer.clone(),
        idle_timeouts: settings.idle_timeouts,
    };
    let identity = Identities::new(
        platform.clone(),
        tokens.clone(),
        objects.clone(),
        audit.clone(),
        sign_in,
    );
    let integrations = Integrations::new(
        platform.clone(),
        audit.clone(),
        objects.clone(),
        vault,
        Probe::new(settings.allow_private_targets),
        settings.aws_account_arn(),
    );
    let usage = UsageCounts::new(
        platform.clone(),
        audit.clone(),
        tokens.clone(),
        ingest.clone(),
    );
    Ok(Rooms {
        platform,
        audit,
        objects,
        ingest,
        tokens,
        identity,
        integrations,
        usage,
        mailer,
        readiness: Readiness::default(),
        tasks: Tasks::new(),
    })
}

fn start(rooms: &Rooms, settings: Settings, forwarder: Option<Forwarder>) {
    let tasks = &rooms.tasks;
    let (file, sinks) = (settings.checkpoint_file, settings.sinks);
    rooms.audit.start(tasks, file, sinks);
    // Only a server: other commands end before they could delete anything.
    if settings.ingest.is_some() {
        Removal::of(rooms).start(tasks, settings.keep);
        rooms.platform.start_limiting_wal(tasks);
    }
    rooms.usage.start(tasks);
    rooms.tokens.uses().start(tasks);
    rooms.identity.session_uses().start(tasks);
    rooms.ingest.start(tasks);
    if let Some(forwarder) = forwarder {
        tasks.spawn("forward data", |closing| forwarder.run(closing));
    }
}
