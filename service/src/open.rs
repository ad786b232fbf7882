//! Opening the service: database, master key and ingest queue, then the rooms and their background tasks.

use std::sync::Arc;

use store::Store;

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
        encryption::Vault, error::ServiceError, handle::Platform, mail::Mailer, tasks::Tasks,
    },
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
        let (intake, forwarder) = open_intake(&settings)?;
        let mailer = settings.mail.as_ref().map(Mailer::new).transpose()?;
        let store = Store::open(&settings.database_url).await?;
        let vault = Arc::new(Vault::open(&settings.master_key_file())?);
        let store = store.with_cipher(Arc::<Vault>::clone(&vault));
        // Only a server: another command may run without the key that the servers have.
        if settings.ingest.is_some() && !vault.is_new() {
            store.encrypt_plain_secrets().await?;
        }
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
        tasks: Tasks::new(),
    })
}

fn start(rooms: &Rooms, settings: Settings, forwarder: Option<Forwarder>) {
    let tasks = &rooms.tasks;
    let (file, keep, sinks) = (settings.checkpoint_file, settings.keep, settings.sinks);
    rooms.audit.start(tasks, file, keep, sinks);
    rooms.usage.start(tasks);
    rooms.tokens.uses().start(tasks);
    rooms.identity.session_uses().start(tasks);
    rooms.ingest.start(tasks);
    if let Some(forwarder) = forwarder {
        tasks.spawn("forward data", |closing| forwarder.run(closing));
    }
}
