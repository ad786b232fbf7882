//! Org tokens as their pages show them: by id, with their state and what is known of their secrets. The secrets
//! themselves are opened one at a time, when somebody asks for one.

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

use crate::{objects::list::reader, platform::error::ServiceError, tokens::handle::OrgTokens};

/// Acts listed of one token at most.
const LISTED_ACTS: i64 = 200;

/// Secrets listed of one token at most.
const LISTED_SECRETS: i64 = 50;

/// An org token as it is now, without a secret.
#[derive(Debug, Clone, PartialEq)]
pub struct OrgTokenFacts {
    /// The token.
    pub token: OrgToken,
    /// The state it is in.
    pub state: TokenState,
}

/// Which org tokens are looked for. Empty and absent filters let everything through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrgTokenSearch {
    /// Text in the name or description, whatever its case.
    pub text: String,
    /// In this state.
    pub state: Option<OrgTokenState>,
    /// By what they are ordered.
    pub order: OrgTokenOrder,
    /// The other way round.
    pub descending: bool,
}

/// What is known of a secret that works: not what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFacts {
    /// Its last four characters.
    pub last4: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The instant from which it is dead.
    pub expires_at: Timestamp,
    /// When it was last used; from where and by what program is for administrators, and empty for everybody else.
    pub last_used: Option<LastUse>,
}

/// An org token with its secrets that work.
#[derive(Debug, Clone, PartialEq)]
pub struct OrgTokenDetail {
    /// The token.
    pub facts: OrgTokenFacts,
    /// Its newest secret, then those of before a rotation that still work.
    pub secrets: Vec<SecretFacts>,
    /// Whether the caller may see the newest secret.
    pub may_reveal: bool,
}

impl OrgTokens {
    /// A page of the org tokens that are looked for, of those the calling user may see.
    ///
    /// # Errors
    /// [`ServiceError::Unauthenticated`] when the caller is no user.
    pub async fn page(
        &self,
        caller: &Caller,
        search: &OrgTokenSearch,
        page: OffsetPage,
    ) -> Result<Page<OrgTokenFacts>, ServiceError> {
        caller.user().ok_or(ServiceError::Unauthenticated)?;
        let now = self.platform.now();
        let filter = OrgTokenFilter {
            reader: reader(caller),
            now,
            search: search.text.clone(),
            state: search.state,
            order: search.order,
            descending: search.descending,
        };
        let mut read = self.platform.store().read().await?;
        let found = read
            .page_org_tokens(caller.organization_id(), &filter, page)
            .await?;
        Ok(found.map(|token| OrgTokenFacts::at(token, now)))
    }

    /// The org token with this id, and its secrets that work.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none the caller may see.
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
                .map(|secret| SecretFacts {
                    last4: secret.last4,
                    created_at: secret.created_at,
                    expires_at: secret.expires_at,
                    last_used: secret.last_used.map(|used| told_to(caller, used)),
                })
                .collect(),
            facts: OrgTokenFacts::at(token, now),
            may_reveal: caller.actor().roles().is_writer(),
        })
    }

    /// The newest secret of an org token.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none the caller may see, [`ServiceError::Denied`] for whoever may see
    /// the token but not its secret (docs/contract.md#org-tokens).
    pub async fn reveal(&self, caller: &Caller, id: Id) -> Result<Zeroizing<String>, ServiceError> {
        let token = self.find_by_id(caller, id).await?;
        if !caller.actor().roles().is_writer() {
            let words = "Secrets are shown to power users and administrators.";
            return Err(ServiceError::Denied(words.to_owned()));
        }
        let mut read = self.platform.store().read().await?;
        let secret = self.decrypt(&mut read, &token).await?;
        secret.ok_or_else(|| ServiceError::not_found("secret"))
    }

    /// What an org token the caller may see has sent; `None` when it has sent nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none the caller may see.
    pub async fn ingest_count(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<Option<IngestCount>, ServiceError> {
        let token = self.find_by_id(caller, id).await?;
        self.ingest.find_count(&token).await
    }

    /// What was done with an org token, newest first, for administrators.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, [`ServiceError::Denied`] for whoever is no administrator.
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
            .list_events(&filter, PageDirection::NEWEST, LISTED_ACTS)
            .await?)
    }
}

/// A last use, as far as the caller may know: calls of a token are for administrators to see.
fn told_to(caller: &Caller, used: LastUse) -> LastUse {
    if caller.is_administrator() {
        return used;
    }
    LastUse {
        at: used.at,
        address: String::new(),
        client: String::new(),
    }
}

impl OrgTokenFacts {
    fn at(token: OrgToken, now: Timestamp) -> Self {
        Self {
            state: token.ends().state_at(now),
            token,
        }
    }
}
