//! Authentication: makes a [`Caller`] from the text of a token.

pub(crate) mod identity;

use std::sync::Arc;

use domain::{
    identity::actor::{Caller, Identity, RequestMeta},
    platform::timestamp::Timestamp,
    tokens::{
        token::{self, InvalidSecret, TokenDigest, TokenFamily},
        token_end::TokenEnd,
    },
};

use crate::{
    platform::{encryption, error::ServiceError},
    tokens::{
        authenticate::identity::{org_token, user_token},
        cache::entry::{AuthenticatedToken, Purposes},
        handle::Tokens,
    },
};

/// A rejected credential: the error for the caller, and data for the call log, which never contains the credential
/// itself.
#[derive(Debug)]
pub struct RejectedCredential {
    /// The error for the caller.
    pub error: ServiceError,
    /// The first characters of the digest.
    pub fingerprint: String,
    /// The identity of the credential, when it is known but no longer live or may not be used here.
    pub identity: Option<Arc<Identity>>,
    /// Why a credential was rejected, for its holder.
    pub reason: Option<RejectionReason>,
}

/// Why a credential was rejected. Only its holder can find out, because it takes the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectionReason {
    /// It has the form of a token, but not its checksum.
    Mistyped,
    /// It is a token that has ended, or that may not be used for this call.
    Ended(TokenEnd),
}

impl RejectionReason {
    /// The reason in words: `expired 3 days ago`.
    #[must_use]
    pub fn words(self, now: Timestamp) -> String {
        match self {
            Self::Mistyped => "mistyped".to_owned(),
            Self::Ended(end) => end.words(now),
        }
    }
}

impl Tokens {
    /// Authenticates a token. A cached token costs one digest and one cache lookup; another token costs one query; a
    /// text that cannot be a token costs neither.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] for anything but a live token that may call the API;
    /// [`ServiceError::Unavailable`] when the database does not answer, or has not answered for so long that this node
    /// could have missed a revocation.
    pub async fn authenticate(
        &self,
        secret: &[u8],
        request: RequestMeta,
    ) -> Result<Caller, ServiceError> {
        let authenticated = self.authenticate_caller(secret, request).await;
        authenticated.map_err(|rejected| rejected.error)
    }

    /// Authenticates a token. For a rejected token, returns data for the call log.
    ///
    /// # Errors
    /// As [`Self::authenticate`].
    pub async fn authenticate_caller(
        &self,
        secret: &[u8],
        request: RequestMeta,
    ) -> Result<Caller, RejectedCredential> {
        self.authenticate_for(secret, request, |purposes| purposes.calls)
            .await
    }

    /// Authenticates a token that ingests data, which only an org token may do (docs/contract.md#ingest).
    ///
    /// # Errors
    /// As [`Self::authenticate`].
    pub async fn authenticate_sender(
        &self,
        secret: &[u8],
        request: RequestMeta,
    ) -> Result<Caller, RejectedCredential> {
        self.authenticate_for(secret, request, |purposes| purposes.sends)
            .await
    }

    /// Authenticates a token that exports the logs (docs/contract.md#export-of-the-logs): one that may call the API, or
    /// an org token that may do nothing else.
    ///
    /// # Errors
    /// As [`Self::authenticate`].
    pub async fn authenticate_log_reader(
        &self,
        secret: &[u8],
        request: RequestMeta,
    ) -> Result<Caller, RejectedCredential> {
        let allows = |purposes: Purposes| purposes.calls || purposes.exports;
        self.authenticate_for(secret, request, allows).await
    }

    async fn authenticate_for(
        &self,
        secret: &[u8],
        request: RequestMeta,
        allows: impl Fn(Purposes) -> bool,
    ) -> Result<Caller, RejectedCredential> {
        let digest = encryption::digest(secret);
        let rejected = |error| RejectedCredential {
            error,
            fingerprint: digest.fingerprint(),
            identity: None,
            reason: None,
        };
        let family = token::family_of(secret).map_err(|invalid| RejectedCredential {
            reason: (invalid == InvalidSecret::Checksum).then_some(RejectionReason::Mistyped),
            ..rejected(ServiceError::Unauthenticated)
        })?;
        self.audit.check_lease().map_err(rejected)?;
        let now = self.platform.now();
        let authenticated = match self.cache.find(&digest, now) {
            Some(authenticated) => authenticated,
            // Boxed, so that the futures of requests that need no load do not contain its state.
            None => Box::pin(self.load(family, &digest, now))
                .await
                .map_err(rejected)?,
        };
        if now >= authenticated.expires_at || !allows(authenticated.purposes) {
            return Err(RejectedCredential {
                identity: Some(Arc::clone(&authenticated.identity)),
                reason: Some(RejectionReason::Ended(authenticated.end_at(now))),
                ..rejected(ServiceError::Unauthenticated)
            });
        }
        if authenticated.used(now, &request) {
            self.cache.save_use(&digest, &authenticated);
        }
        Ok(Caller {
            identity: Arc::clone(&authenticated.identity),
            request,
            keyed: None,
            origin: None,
        })
    }

    async fn load(
        &self,
        family: TokenFamily,
        digest: &TokenDigest,
        now: Timestamp,
    ) -> Result<Arc<AuthenticatedToken>, ServiceError> {
        let generation = self.cache.generation();
        let mut read = self.platform.store().read().await?;
        let authenticated = match family {
            TokenFamily::User => user_token(&mut read, digest, now).await?,
            TokenFamily::Organization => org_token(&mut read, digest, now).await?,
        };
        let authenticated = Arc::new(authenticated.ok_or(ServiceError::Unauthenticated)?);
        self.cache
            .keep(digest, Arc::clone(&authenticated), generation);
        Ok(authenticated)
    }
}
