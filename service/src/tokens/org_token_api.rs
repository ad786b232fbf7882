//! Org tokens in the API: finding and listing them (docs/contract.md#org-tokens). The API addresses them by name, and
//! callers with permission may read their secrets again.

use std::{fmt, slice};

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::permissions::{Effective, Protection, may_read},
    platform::{
        id::Id,
        limits,
        page::{OffsetPage, Page},
    },
    tokens::org_token::unescaped_again,
};
use store::{Conn, OrgToken};
use zeroize::Zeroizing;

use crate::{
    audit::{commit::object, reveals::RevealedSecret},
    objects::load::readable_document,
    platform::error::ServiceError,
    tokens::handle::OrgTokens,
};

/// An org token, with its newest secret for callers who may read it.
#[derive(Clone)]
pub struct OrgTokenView {
    /// The token.
    pub token: OrgToken,
    /// The newest secret; `None` for callers who may not read it.
    pub secret: Option<Zeroizing<String>>,
    /// Whether a request of it exceeded its limit in the current minute.
    pub exceeding_limits: bool,
}

impl fmt::Debug for OrgTokenView {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OrgTokenView")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

impl OrgTokens {
    /// Lists the org tokens that the caller may see: all for an administrator, those whose access list names them for
    /// other users, itself for an org token.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list(
        &self,
        caller: &Caller,
        name: &str,
        page: OffsetPage,
    ) -> Result<Page<OrgTokenView>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let organization_id = caller.organization_id();
        let mut tokens = read
            .list_org_tokens(organization_id, limits::PAGE_OBJECTS)
            .await?;
        tokens.retain(|token| may_see(caller, token));
        let named = |name: &str| -> Vec<OrgToken> {
            let name = name.to_lowercase();
            let named = tokens
                .iter()
                .filter(|token| token.name.to_lowercase().contains(&name));
            named.cloned().collect()
        };
        let mut found = named(name);
        if let (true, Some(again)) = (found.is_empty(), unescaped_again(name)) {
            found = named(&again);
        }
        let count = i64::try_from(found.len()).unwrap_or(limits::PAGE_OBJECTS);
        let mut results = Vec::new();
        let offset = usize::try_from(page.offset).unwrap_or(usize::MAX);
        let limit = usize::try_from(page.limit).unwrap_or_default();
        for token in found.into_iter().skip(offset).take(limit) {
            results.push(self.view(&mut read, caller, token).await?);
        }
        let revealed = revealed_secrets(caller, &results);
        self.audit.record_reveals(read, caller, revealed).await?;
        Ok(Page { count, results })
    }

    /// Finds the org token with this name, which may be percent-encoded once more than necessary.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller may not see it.
    pub async fn find(&self, caller: &Caller, name: &str) -> Result<OrgTokenView, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let token = find(&mut read, caller, name).await?;
        if !may_see(caller, &token) {
            return Err(not_found());
        }
        let view = self.view(&mut read, caller, token).await?;
        let revealed = revealed_secrets(caller, slice::from_ref(&view));
        self.audit.record_reveals(read, caller, revealed).await?;
        Ok(view)
    }

    /// Finds the org token with this id.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist or the caller may not see it.
    pub async fn find_by_id(&self, caller: &Caller, id: Id) -> Result<OrgToken, ServiceError> {
        let found = self
            .platform
            .store()
            .read()
            .await?
            .find_org_token(id)
            .await?;
        let visible = found.filter(|token| {
            token.organization_id == caller.organization_id() && may_see(caller, token)
        });
        visible
            .map(|token| readable(caller, token))
            .ok_or_else(not_found)
    }

    pub(super) async fn view(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        token: OrgToken,
    ) -> Result<OrgTokenView, ServiceError> {
        let secret = if caller.actor().roles().is_writer() {
            self.decrypt(conn, &token).await?
        } else {
            None
        };
        let exceeding_limits = self.ingest.is_exceeding_limits(conn, &token).await?;
        Ok(OrgTokenView {
            token: readable(caller, token),
            secret,
            exceeding_limits,
        })
    }
}

/// Finds by the exact name, then by the name percent-decoded once more (docs/contract.md#org-tokens).
pub(crate) async fn find(
    conn: &mut Conn,
    caller: &Caller,
    name: &str,
) -> Result<OrgToken, ServiceError> {
    let organization_id = caller.organization_id();
    if let Some(token) = conn.find_org_token_by_name(organization_id, name).await? {
        return Ok(token);
    }
    let again = unescaped_again(name).ok_or_else(not_found)?;
    let found = conn.find_org_token_by_name(organization_id, &again).await?;
    found.ok_or_else(not_found)
}

fn not_found() -> ServiceError {
    ServiceError::not_found("token")
}

pub(crate) fn may_see(caller: &Caller, token: &OrgToken) -> bool {
    if let Some(itself) = caller.actor().as_org_token() {
        return itself.id == token.id;
    }
    let entries = token.acl.clone().unwrap_or_default();
    let effective = Effective::of(caller.organization_id(), &Protection::Entries(entries));
    caller.is_administrator() || may_read(caller.actor(), &effective)
}

/// The secrets in these views. An org token that reads its own secret has it already.
pub(super) fn revealed_secrets(caller: &Caller, views: &[OrgTokenView]) -> Vec<RevealedSecret> {
    if caller.actor().as_org_token().is_some() {
        return Vec::new();
    }
    let with_secret = views.iter().filter(|view| view.secret.is_some());
    with_secret
        .map(|view| revealed_secret(&view.token))
        .collect()
}

/// The newest secret of an org token.
pub(super) fn revealed_secret(token: &OrgToken) -> RevealedSecret {
    RevealedSecret {
        object: object(ObjectType::OrgToken, token.id, token.name.clone()),
        since: token.rotated_at,
    }
}

/// The org token as the caller may read it.
fn readable(caller: &Caller, token: OrgToken) -> OrgToken {
    OrgToken {
        document: readable_document(caller, token.document),
        ..token
    }
}
