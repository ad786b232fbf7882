//! Org tokens in the API: finding and listing them (docs/contract.md#org-tokens). The API addresses them by name, and
//! callers with permission may read their secrets again.

use std::{collections::HashMap, fmt, slice};

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::permissions::{Effective, Protection, may_read},
    platform::{
        id::{Id, OrganizationId},
        page::{OffsetPage, Page, order_field},
        visible::{composed, folded},
    },
    tokens::org_token::unescaped_again,
};
use store::{Conn, OrgToken, OrgTokenFilter, OrgTokenOrder};
use zeroize::Zeroizing;

use crate::{
    audit::{commit::object, reveals::RevealedSecret},
    objects::{list::reader, webhook_secrets::readable_document},
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

impl OrgTokenView {
    /// The stored result of the request that issued the secret.
    pub(super) fn as_stored(&self) -> (&OrgToken, Option<&str>, bool) {
        let secret = self.secret.as_ref().map(|secret| secret.as_str());
        (&self.token, secret, self.exceeding_limits)
    }

    /// The org token as the request that issued the secret returned it.
    pub(super) fn from_stored(
        (token, secret, exceeding_limits): (OrgToken, Option<String>, bool),
    ) -> Self {
        Self {
            token,
            secret: secret.map(Zeroizing::new),
            exceeding_limits,
        }
    }
}

impl OrgTokens {
    /// Lists the org tokens that the caller may see: all for an administrator, those whose access list names them for
    /// other users, itself for an org token. `order_by` is a field of the response, with `-` before it for the reverse
    /// order; by name when it is empty or unknown.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list(
        &self,
        caller: &Caller,
        name: &str,
        order_by: &str,
        page: OffsetPage,
    ) -> Result<Page<OrgTokenView>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let mut filter = OrgTokenFilter {
            name: name.to_owned(),
            ..self.all_ordered(caller, order_by)
        };
        let mut found = self.page_named(&mut read, caller, &filter, page).await?;
        if let (0, Some(again)) = (found.count, unescaped_again(name)) {
            filter.name = again;
            found = self.page_named(&mut read, caller, &filter, page).await?;
        }
        let results = self.views(&mut read, caller, found.results).await?;
        let revealed = revealed_secrets(caller, &results);
        self.audit.record_reveals(read, caller, revealed).await?;
        Ok(Page {
            count: found.count,
            results,
        })
    }

    /// A page of the org tokens that the caller may see.
    async fn page_named(
        &self,
        read: &mut Conn,
        caller: &Caller,
        filter: &OrgTokenFilter,
        page: OffsetPage,
    ) -> Result<Page<OrgToken>, ServiceError> {
        if let Some(itself) = caller.actor().as_org_token() {
            let token = read.find_org_token(itself.id).await?;
            let named = |token: &OrgToken| folded(&token.name).contains(&folded(&filter.name));
            return Ok(Page::of_one(token.filter(named), page));
        }
        let organization_id = caller.organization_id();
        Ok(read.page_org_tokens(organization_id, filter, page).await?)
    }

    /// The filter for all org tokens that the caller may see, ordered by a field of the response.
    fn all_ordered(&self, caller: &Caller, order_by: &str) -> OrgTokenFilter {
        let (field, descending) = order_field(order_by);
        let order = match field {
            "created" => Some(OrgTokenOrder::Created),
            "expiry" => Some(OrgTokenOrder::Ends),
            "lastUpdated" => Some(OrgTokenOrder::Updated),
            "name" => Some(OrgTokenOrder::ExactName),
            _ => None,
        };
        OrgTokenFilter {
            reader: reader(caller),
            now: self.platform.now(),
            search: String::new(),
            name: String::new(),
            state: None,
            order: order.unwrap_or(OrgTokenOrder::ExactName),
            // The default, also in its direction.
            descending: descending && order.is_some(),
        }
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
        let mut views = self.views(conn, caller, vec![token]).await?;
        views.pop().ok_or_else(not_found)
    }

    async fn views(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        tokens: Vec<OrgToken>,
    ) -> Result<Vec<OrgTokenView>, ServiceError> {
        let mut secrets = HashMap::new();
        if caller.actor().roles().is_writer() {
            let ids: Vec<Id> = tokens.iter().map(|token| token.id).collect();
            secrets = self.decrypt_all(conn, &ids).await?;
        }
        let mut views = Vec::with_capacity(tokens.len());
        for token in tokens {
            views.push(OrgTokenView {
                exceeding_limits: self.ingest.is_exceeding_limits(conn, &token).await?,
                secret: secrets.remove(&token.id),
                token: readable(caller, token),
            });
        }
        Ok(views)
    }
}

/// Finds by the exact name, then by the name percent-decoded once more (docs/contract.md#org-tokens).
pub(crate) async fn find(
    conn: &mut Conn,
    caller: &Caller,
    name: &str,
) -> Result<OrgToken, ServiceError> {
    let organization_id = caller.organization_id();
    if let Some(token) = find_named(conn, organization_id, name).await? {
        return Ok(token);
    }
    let again = unescaped_again(name).ok_or_else(not_found)?;
    let found = find_named(conn, organization_id, &again).await?;
    found.ok_or_else(not_found)
}

/// Finds by the exact name, then by one that is the same in another encoding of its characters (docs/contract.md#names).
pub(super) async fn find_named(
    conn: &mut Conn,
    organization_id: OrganizationId,
    name: &str,
) -> Result<Option<OrgToken>, ServiceError> {
    let exact = conn.find_org_token_by_name(organization_id, name).await?;
    if exact.is_some() || name.is_ascii() {
        return Ok(exact);
    }
    let named = conn.list_org_tokens_by_name(organization_id, name).await?;
    let same = composed(name);
    Ok(named
        .into_iter()
        .find(|token| composed(&token.name) == same))
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
