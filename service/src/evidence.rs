//! Verification and bundles of a database with the public key of its log: without the master key, and without writing.

use store::{Access, Read, Store};
use thiserror::Error;

use crate::{
    audit::{
        checkpoints::{Verdict, verify},
        log_tree::{
            bundle::{Bundle, EventRange},
            check::TreeCheck,
            keys::handovers,
            notes::{self, InvalidNote, PublicKey, TreeHead},
        },
    },
    platform::{error::ServiceError, file_access},
    settings::{OpenError, Settings},
};

/// What an auditor has.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The public key of the log.
    pub public_key: &'a str,
    /// A signed checkpoint that the auditor received earlier.
    pub checkpoint: Option<&'a str>,
}

/// Why a log cannot be verified with a public key, or does not pass.
#[derive(Debug, Error)]
pub enum EvidenceError {
    /// The public key or the checkpoint.
    #[error(transparent)]
    Invalid(#[from] InvalidNote),
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Any other error.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The result of a verification with a public key.
#[derive(Debug)]
pub struct LogVerdict {
    /// What was verified and found.
    pub verdict: Verdict,
    /// Whether the database has an organization.
    pub has_organization: bool,
}

/// Verifies the log of a database.
///
/// # Errors
/// [`EvidenceError`] when the key or the checkpoint is not authentic, or the database cannot be read.
pub async fn verify_log(
    settings: &Settings,
    evidence: Evidence<'_>,
) -> Result<LogVerdict, EvidenceError> {
    let key = PublicKey::parse(evidence.public_key)?;
    let store = open(settings).await?;
    let verified = verify_with(store.read().await.map_err(OpenError::from)?, key, evidence).await;
    let unchanged = store.check_unchanged();
    store.close().await;
    unchanged.map_err(OpenError::from)?;
    verified
}

/// Opens the database without the master key, to be read only.
async fn open(settings: &Settings) -> Result<Store, OpenError> {
    if let Some(file) = settings.database_file() {
        file_access::check_readable(file)?;
    }
    Ok(Store::open_with(&settings.database_url, Access::Read).await?)
}

async fn verify_with(
    mut read: Read,
    key: PublicKey,
    evidence: Evidence<'_>,
) -> Result<LogVerdict, EvidenceError> {
    let keys = notes::follow(key, &handovers(&mut read).await?);
    let given = evidence.checkpoint;
    let given = given
        .map(|note| TreeHead::verify(note, &keys))
        .transpose()?;
    let organization = read.find_organization().await.map_err(OpenError::from)?;
    let tree = TreeCheck::begin(&mut read, keys, given).await?;
    Ok(LogVerdict {
        verdict: verify::verify(read, None, tree, None).await?,
        has_organization: organization.is_some(),
    })
}

/// Begins a bundle of a database, without the master key and without writing to the database.
///
/// # Errors
/// [`EvidenceError`] when the database cannot be read, or its log tree does not have the events.
pub async fn open_bundle(settings: &Settings, events: EventRange) -> Result<Bundle, EvidenceError> {
    Ok(Bundle::begin(open(settings).await?, events).await?)
}
