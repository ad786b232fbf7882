//! Opening the service: database, master key and ingest queue, then the rooms and their background tasks.

use std::sync::Arc;

use store::{Access, Checkpoint, KnownKeys, Store, StoreError};

use crate::{
    audit::{
        checkpoints::{chain::CheckpointKey, row_macs},
        handle::{Audit, ChangeObserver},
        log_tree::append,
        states,
    },
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
        encryption::Vault,
        error::ServiceError,
        file_access,
        handle::Platform,
        key_ring::DerivedKeys,
        mail::Mailer,
        master_key::{MasterKey, MasterKeyError},
        readiness::Readiness,
        tasks::Tasks,
    },
    removal::Removal,
    service::{Rooms, Service},
    settings::{OpenError, Settings},
    tokens::{cache::Cache, expiry::start_expiries, handle::Tokens},
    usage::handle::UsageCounts,
};

impl Service {
    /// Opens the database, reads the master key, and starts the background tasks, unless the database is only read.
    ///
    /// # Errors
    /// [`OpenError`] when the database, the master key or the ingest queue cannot be opened.
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        let access = settings.access;
        if let Some(file) = settings.database_file() {
            match access {
                Access::Read => file_access::check_readable(file)?,
                Access::Migrate | Access::SetUp | Access::Change => {
                    file_access::check_database(file)?;
                }
            }
        }
        let mailer = settings.mail.as_ref().map(Mailer::new).transpose()?;
        let store = Store::open_with(&settings.database_url, access).await?;
        start_clock(&store, &settings.clock).await?;
        let (intake, forwarder) = open_intake(&settings)?;
        let OpenVault { vault, is_new } = open_vault(&store, &settings).await?;
        let vault = Arc::new(vault);
        let store = store.with_cipher(Arc::<Vault>::clone(&vault));
        if access != Access::Read {
            // Before anything is written, so that no row without a MAC follows.
            let file = settings.checkpoint_file.as_deref();
            row_macs::start(&store, settings.clock.now(), file).await?;
            append::start(&store, &vault, settings.clock.now()).await?;
        }
        if settings.ingest.is_some() {
            prepare_server(&store, is_new).await?;
        }
        intake.count_left(&store).await?;
        let operator = settings.operator.as_deref();
        let platform = Platform::new(store.clone(), settings.clock.clone(), operator);
        if access != Access::Read {
            states::start::start(&platform).await?;
        }
        let newest = store.read().await?.newest_event_number().await?;
        let base = Base {
            vault,
            platform,
            newest_event: newest,
            mailer: mailer.map(Arc::new),
        };
        let rooms = build(&settings, base, intake)?;
        if access == Access::Migrate {
            rooms.tokens.org().bind_secrets().await?;
            start_expiries(&rooms.platform).await?;
        }
        rooms.audit.catch_up().await?;
        if !access.only_reads() {
            start(&rooms, settings, forwarder);
        }
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

/// Opens the master key, which must be the one that the secrets of the database are encrypted under. Whatever creates
/// the database decides which one that is.
async fn open_vault(store: &Store, settings: &Settings) -> Result<OpenVault, OpenError> {
    let access = settings.access;
    let mut read = store.read().await?;
    let mut known = read.list_master_keys().await?;
    let has_data = !known.keys.is_empty() || read.find_organization().await?.is_some();
    let (key, is_new) = master_key(settings, has_data)?;
    let vault = Vault::new(&key);
    let ring = vault.ring();
    let keys = ring.active();
    if known.keys.is_empty() {
        check_signer(keys, read.find_newest_checkpoint().await?, settings)?;
    }
    drop(read);
    let is_unproven = match known.keys.as_slice() {
        [known] => known.id == keys.id() && known.check_value.is_none(),
        [] => true,
        // A rotation has stored check values.
        _ => false,
    };
    if access.creates() && is_unproven {
        let mut housekeeping = store.housekeep().await?;
        housekeeping
            .note_master_key(keys.id(), &keys.check_value())
            .await?;
        housekeeping.finish().await?;
        // Another node may have stored its key at the same time.
        known = store.read().await?.list_master_keys().await?;
    }
    match check_key(&vault, &known, settings) {
        Ok(()) => Ok(OpenVault { vault, is_new }),
        Err(error) => {
            if is_new {
                // The database has another key already, so this one was never used.
                let _ = std::fs::remove_file(settings.master_key_file());
            }
            Err(error.into())
        }
    }
}

/// The vault, and whether its key was created now: then nothing that is stored was encrypted with it.
struct OpenVault {
    vault: Vault,
    is_new: bool,
}

/// The master key of the settings, and whether it was created now.
fn master_key(settings: &Settings, has_data: bool) -> Result<(MasterKey, bool), MasterKeyError> {
    if let Some(given) = &settings.master_key {
        return Ok((given.clone(), false));
    }
    let path = settings.master_key_file();
    let is_missing = matches!(path.try_exists(), Ok(false));
    if is_missing && has_data {
        return Err(MasterKeyError::Missing(path));
    }
    if is_missing && !settings.access.creates() {
        return Err(MasterKeyError::NotCreated(path));
    }
    if is_missing {
        MasterKey::create(&path)?;
    }
    Ok((MasterKey::read(&path)?, is_missing))
}

/// Checks that the key is that of a database that does not know its key, as far as checkpoints show it.
fn check_signer(
    keys: &DerivedKeys,
    newest: Option<Checkpoint>,
    settings: &Settings,
) -> Result<(), MasterKeyError> {
    let key = CheckpointKey::of(keys);
    if newest.is_none_or(|newest| key.has_signed(&newest)) {
        return Ok(());
    }
    Err(MasterKeyError::Foreign {
        place: place_of_key(settings),
        given: keys.id().to_owned(),
    })
}

/// Where the master key is from, for messages.
fn place_of_key(settings: &Settings) -> String {
    match settings.master_key {
        Some(_) => "COUNTERSIGN_MASTER_KEY".to_owned(),
        None => format!(
            "the master key file {}",
            settings.master_key_file().display()
        ),
    }
}

/// Checks that the vault has a key of the database, and uses the key ring of the database.
fn check_key(vault: &Vault, known: &KnownKeys, settings: &Settings) -> Result<(), MasterKeyError> {
    let Some(first) = known.keys.first() else {
        return Ok(());
    };
    let ring = vault.ring();
    let keys = ring.active();
    let (place, given) = (place_of_key(settings), keys.id().to_owned());
    let Some(own) = known.keys.iter().find(|known| known.id == given) else {
        let stored = first.id.clone();
        return Err(MasterKeyError::Wrong {
            place,
            given,
            stored,
        });
    };
    let is_proven = own
        .check_value
        .as_ref()
        .is_none_or(|value| keys.made(value));
    if is_proven && vault.adopt(known) {
        Ok(())
    } else {
        Err(MasterKeyError::Unproven { place, given })
    }
}

/// Prepares the database for a server.
async fn prepare_server(store: &Store, has_new_key: bool) -> Result<(), StoreError> {
    for name in store.read().await?.list_unsafe_settings().await? {
        tracing::warn!(
            name,
            "A setting of the database is off, so committed changes can be lost when its server fails."
        );
    }
    // With a new key there are no secrets yet.
    if has_new_key {
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
    let audit = Audit::new(
        platform.clone(),
        Arc::clone(&vault),
        base.newest_event,
        observer,
    );
    let objects = Objects::new(platform.clone(), audit.clone());
    let ingest = Ingest::new(platform.clone(), audit.clone(), intake);
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
        rooms.tokens.start_recording_expiries(tasks);
        rooms.platform.start_limiting_wal(tasks);
        rooms.audit.start_checking_states(tasks);
    }
    rooms.usage.start(tasks);
    rooms.tokens.uses().start(tasks);
    rooms.identity.session_uses().start(tasks);
    rooms.ingest.start(tasks);
    if let Some(forwarder) = forwarder {
        tasks.spawn("forward data", |closing| forwarder.run(closing));
    }
}
