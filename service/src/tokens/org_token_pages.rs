//! Org tokens on pages: by id, with their state and data about their secrets. A secret itself is decrypted only on
//! request.

use domain::{
    audit::query::PageDirection,
    identity::actor::Caller,
    platform::{
        id::Id,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
    tokens::token::{LastUse, TokenState},
};
use store::{
    EventFilter, IngestCount, OrgToken, OrgTokenFilter, OrgTokenOrder, OrgTokenState, RecordedEvent,
};
use zeroize::Zeroizing;

use crate::{
    objects::list::reader,
    platform::error::ServiceError,
    tokens::{handle::OrgTokens, org_token_api::revealed_secret},
};

/// Limit on the events in the history of one token.
const LISTED_EVENTS: i64 = 200;

/// Limit on the secrets listed for one token.
const LISTED_SECRETS: i64 = 50;

/// An org token with its state, without a secret.
#[derive(Debug, Clone, PartialEq)]
pub struct OrgTokenWithState {
    /// The token.
    pub token: OrgToken,
    /// Its state.
    pub state: TokenState,
}

/// The filter of the list of org tokens. An empty or absent filter matches all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrgTokenSearch {
    /// Text in the name or description, ignoring case.
    pub text: String,
    /// Its state.
    pub state: Option<OrgTokenState>,
    /// The field to order by.
    pub order: OrgTokenOrder,
    /// Whether the order is descending.
    pub descending: bool,
}

/// Data about a valid secret, without the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretData {
    /// Its last four characters.
    pub last4: String,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Its last use. Address and program are empty unless the caller is an administrator.
    pub last_used: Option<LastUse>,
}

/// An org token with its valid secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct OrgTokenDetail {
    /// The token.
    pub org_token: OrgTokenWithState,
    /// The newest secret, then the secrets from before a rotation that are still valid.
    pub secrets: Vec<SecretData>,
    /// Whether the caller may read the newest secret.
    pub may_reveal: bool,
}

impl OrgTokens {
    /// Returns a page of the org tokens that match and that the calling user may see.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] when the caller is not a user.
    pub async fn page(
        &self,
        caller: &Caller,
        search: &OrgTokenSearch,
        page: OffsetPage,
    ) -> Result<Page<OrgTokenWithState>, ServiceError> {
        caller.user().ok_or(ServiceError::Unauthenticated)?;
        let now = self.platform.now();
        let filter = OrgTokenFilter {
            reader: reader(caller),
            now,
            search: search.text.clone(),
            name: String::new(),
            state: search.state,
            order: search.order,
            descending: search.descending,
        };
        let mut read = self.platform.store().read().await?;
        let found = read
            .page_org_tokens(caller.organization_id(), &filter, page)
            .await?;
        Ok(found.map(|token| OrgTokenWithState::at(token, now)))
    }

    /// Finds an org token by id, with its newest secret and the others that have not expired.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller may not see it.
    pub async fn find_detail(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<OrgTokenDetail, ServiceError> {
        let token = self.find_by_id(caller, id).await?;
        self.uses.store().await?;
        let now = self.platform.now();
        let mut read = self.platform.store().read().await?;
        let secrets = read.list_org_token_secrets(id, LISTED_SECRETS).await?;
        let newest = secrets.first().map(|secret| secret.digest);
        let secrets = secrets
            .into_iter()
            .filter(|secret| Some(secret.digest) == newest || now < secret.expires_at);
        Ok(OrgTokenDetail {
            secrets: secrets
                .map(|secret| SecretData {
                    last4: secret.last4,
                    created_at: secret.created_at,
                    expires_at: secret.expires_at,
                    last_used: secret.last_used.map(|used| visible_use(caller, used)),
                })
                .collect(),
            org_token: OrgTokenWithState::at(token, now),
            may_reveal: caller.actor().roles().is_writer(),
        })
    }

    /// Returns the newest secret of an org token.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller may not see it, [`ServiceError::Denied`] when
    /// the caller may see the token but not its secret (docs/contract.md#org-tokens),
    /// [`ServiceError::PasswordNeeded`] in a session that did not enter the password recently.
    pub async fn reveal(&self, caller: &Caller, id: Id) -> Result<Zeroizing<String>, ServiceError> {
        let token = self.find_by_id(caller, id).await?;
        if !caller.actor().roles().is_writer() {
            let words = "Secrets are shown to power users and administrators.";
            return Err(ServiceError::Denied(words.to_owned()));
        }
        caller.authorize_recent(self.platform.now())?;
        let mut read = self.platform.store().read().await?;
        let secret = self.decrypt_all(&mut read, &[id]).await?.remove(&id);
        let secret = secret.ok_or_else(|| ServiceError::not_found("secret"))?;
        let revealed = vec![revealed_secret(&token)];
        self.audit.record_reveals(read, caller, revealed).await?;
        Ok(secret)
    }

    /// Returns the counts of data that an org token sent; `None` when it sent none.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller may not see it.
    pub async fn ingest_count(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<Option<IngestCount>, ServiceError> {
        let token = self.find_by_id(caller, id).await?;
        self.ingest.find_count(&token).await
    }

    /// Lists the events of an org token, newest first.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist, [`ServiceError::Denied`] unless the caller is an
    /// administrator.
    pub async fn history(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<Vec<RecordedEvent>, ServiceError> {
        caller.authorize_administrator()?;
        self.find_by_id(caller, id).await?;
        let mut read = self.platform.store().read().await?;
        let filter = EventFilter {
            token_id: Some(id),
            ..EventFilter::all(caller.organization_id())
        };
        Ok(read
            .list_events(&filter, PageDirection::NEWEST, LISTED_EVENTS)
            .await?)
    }
}

/// The last use, without address and program unless the caller is an administrator.
fn visible_use(caller: &Caller, used: LastUse) -> LastUse {
    if caller.is_administrator() {
        return used;
    }
    LastUse {
        at: used.at,
        address: String::new(),
        client: String::new(),
    }
}

impl OrgTokenWithState {
    fn at(token: OrgToken, now: Timestamp) -> Self {
        Self {
            state: token.ends().state_at(now),
            token,
        }
    }
}
