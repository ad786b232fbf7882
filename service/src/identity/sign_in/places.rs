//! Sign-ins in progress: one at a time per account and per network on this node, so that the failures of the others
//! are stored before the next one is counted.

use std::{
    array,
    hash::{BuildHasher, RandomState},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use crate::platform::error::ServiceError;

/// Number of places for accounts, and for networks. Two that share a place wait for one another.
const PLACES: usize = 256;

/// Limit on waiting for a place.
const PATIENCE: Duration = Duration::from_secs(10);

/// The places of all sign-ins in progress.
#[derive(Debug)]
pub(crate) struct SignInPlaces {
    hash: RandomState,
    networks: [Arc<Mutex<()>>; PLACES],
    accounts: [Arc<Mutex<()>>; PLACES],
}

/// The place of a sign-in in progress, held until its outcome is stored.
#[derive(Debug)]
pub(crate) struct SignInPlace {
    _network: OwnedMutexGuard<()>,
    _account: OwnedMutexGuard<()>,
}

impl SignInPlaces {
    pub(crate) fn new() -> Self {
        let places = || array::from_fn(|_| Arc::default());
        Self {
            hash: RandomState::new(),
            networks: places(),
            accounts: places(),
        }
    }

    /// Waits for the sign-ins of the same account or from the same network that came before.
    ///
    /// # Errors
    /// [`ServiceError::Limited`] after [`PATIENCE`].
    pub(crate) async fn reserve(
        &self,
        account: &str,
        network: &str,
    ) -> Result<SignInPlace, ServiceError> {
        // Always in this order, so that two sign-ins cannot wait for one another.
        let both = async {
            SignInPlace {
                _network: self.place(&self.networks, network).lock_owned().await,
                _account: self.place(&self.accounts, account).lock_owned().await,
            }
        };
        let reserved = timeout(PATIENCE, both).await;
        reserved.map_err(|_| ServiceError::Limited {
            retry_after_seconds: PATIENCE.as_secs(),
            message: "Too many sign-ins of this account or from this network are in progress. Please wait.".to_owned(),
        })
    }

    fn place(&self, places: &[Arc<Mutex<()>>; PLACES], key: &str) -> Arc<Mutex<()>> {
        let number = self.hash.hash_one(key) % PLACES as u64;
        Arc::clone(&places[usize::try_from(number).unwrap_or_default()])
    }
}
