//! Table `org_token`: finding org tokens by id, by name and by the digest of a secret. `org_token_change` writes them,
//! `org_token_list` has the list, `org_token_secret` their secrets.

use domain::{
    audit::event::Attribution,
    identity::role::Role,
    objects::{object::Stamp, permissions::AclEntry},
    platform::{
        document::Document,
        id::{Id, OrganizationId},
        limits,
        timestamp::Timestamp,
        visible::folded,
    },
    tokens::{org_token_state::OrgTokenEnds, token::TokenDigest},
};
use serde::{Deserialize, Serialize};

use super::org_token_secret::OrgTokenSecret;
use crate::platform::{
    Column, Conn, Sql, StoreError, Stored, cipher::DocumentCipher, statements, values,
};

/// The columns of an [`OrgTokenRow`].
macro_rules! columns {
    () => {
        "id, organization_id, name, auth_scopes, role, disabled, disabled_at, document, acl, expires_at, rotated_at, \
         created_at, created_via, updated_at, updated_via"
    };
}

pub(crate) use columns;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM org_token ", $rest)
    };
}

statements! {
    const FIND: Sql = select!("WHERE id = $1");
    /// The condition is that of an index.
    const ESCAPED_NAMES: Sql = "SELECT id, name FROM org_token WHERE organization_id = $1 \
        AND replace(name, '%', '') <> name LIMIT $2";
    const FIND_BY_NAME: Sql = select!("WHERE organization_id = $1 AND name = $2");
    const FIND_BY_FOLDED_NAME: Sql =
        select!("WHERE organization_id = $1 AND name_folded = $2 ORDER BY id LIMIT $3");
    const LIST_EXPIRING: Sql = select!(
        "WHERE organization_id = $1 AND expires_at > $2 AND expires_at <= $3 ORDER BY name, id LIMIT $4"
    );
}

/// A token of the organization, without its secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrgToken {
    /// Its id.
    pub id: Id,
    /// The organization that it acts for.
    pub organization_id: OrganizationId,
    /// Its name, unique in the organization: its path in the API.
    pub name: String,
    /// Its scopes: `INGEST`, `API`, `RUM`, `AUDIT` (docs/contract.md#org-tokens).
    pub auth_scopes: Vec<String>,
    /// Its role on the API.
    pub role: Role,
    /// When it was disabled; `None` while it is enabled.
    pub disabled_at: Option<Timestamp>,
    /// Description, limits and notifications as given.
    pub document: Document,
    /// The users and teams that may see it, besides administrators; `None`: no other user.
    pub acl: Option<Vec<AclEntry>>,
    /// The time from which it is expired.
    pub expires_at: Timestamp,
    /// When it was last rotated.
    pub rotated_at: Timestamp,
    /// When and by whom it was created.
    pub created: Stamp,
    /// When and by whom it was last updated.
    pub updated: Stamp,
}

impl OrgToken {
    /// What can end it.
    #[must_use]
    pub const fn ends(&self) -> OrgTokenEnds {
        OrgTokenEnds {
            disabled_at: self.disabled_at,
            expires_at: self.expires_at,
            replaced_at: None,
        }
    }
}

/// An org token that was found by one of its secrets.
#[derive(Clone)]
pub struct OrgTokenCredential {
    /// The token.
    pub token: OrgToken,
    /// The secret by which it was found.
    pub secret: OrgTokenSecret,
}

#[derive(sqlx::FromRow)]
pub(crate) struct OrgTokenRow {
    id: String,
    organization_id: String,
    name: String,
    auth_scopes: String,
    role: String,
    disabled: bool,
    disabled_at: Option<i64>,
    document: String,
    acl: String,
    expires_at: i64,
    rotated_at: i64,
    created_at: i64,
    created_via: String,
    updated_at: i64,
    updated_via: String,
}

pub(crate) const fn column(name: &'static str) -> Column {
    Column("org_token", name)
}

impl Stored for OrgToken {
    type Row = OrgTokenRow;

    fn from_row(row: OrgTokenRow) -> Result<Self, StoreError> {
        // A node of the previous version writes only `disabled`.
        let disabled_at = row
            .disabled
            .then(|| row.disabled_at.unwrap_or(row.updated_at));
        Ok(Self {
            id: column("id").id(&row.id)?,
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            name: row.name,
            auth_scopes: row.auth_scopes.split(',').map(str::to_owned).collect(),
            role: column("role").required(Role::from_title(&row.role))?,
            disabled_at: disabled_at.map(Timestamp::from_micros),
            document: column("document").parse_json(&row.document)?,
            acl: column("acl").parse_json(&row.acl)?,
            expires_at: Timestamp::from_micros(row.expires_at),
            rotated_at: Timestamp::from_micros(row.rotated_at),
            created: stamp(row.created_at, "created_via", &row.created_via)?,
            updated: stamp(row.updated_at, "updated_via", &row.updated_via)?,
        })
    }

    fn decrypted(mut self, cipher: &DocumentCipher) -> Result<Self, StoreError> {
        cipher.decrypt(column("document"), self.id, &mut self.document)?;
        Ok(self)
    }
}

fn stamp(at: i64, name: &'static str, via: &str) -> Result<Stamp, StoreError> {
    Ok(Stamp {
        at: Timestamp::from_micros(at),
        by: column(name).parse_json::<Attribution>(via)?,
    })
}

impl Conn {
    /// The org token with a secret of this digest, live or not, and that secret.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_org_token_credential(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<OrgTokenCredential>, StoreError> {
        let Some((id, secret)) = self.find_org_token_secret(digest).await? else {
            return Ok(None);
        };
        let token = self.find_org_token(id).await?;
        Ok(token.map(|token| OrgTokenCredential { token, secret }))
    }

    /// The org token with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_org_token(&mut self, id: Id) -> Result<Option<OrgToken>, StoreError> {
        self.find(FIND, values![id]).await
    }

    /// The org token with exactly this name.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_org_token_by_name(
        &mut self,
        organization_id: OrganizationId,
        name: &str,
    ) -> Result<Option<OrgToken>, StoreError> {
        self.find(FIND_BY_NAME, values![organization_id, name])
            .await
    }

    /// The org tokens with this name in any encoding of its characters, ignoring case.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_org_tokens_by_name(
        &mut self,
        organization_id: OrganizationId,
        name: &str,
    ) -> Result<Vec<OrgToken>, StoreError> {
        let values = values![organization_id, folded(name), limits::PAGE_OBJECTS];
        self.list(FIND_BY_FOLDED_NAME, values).await
    }

    /// The ids and names of org tokens whose names may have escapes.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_escaped_org_token_names(
        &mut self,
        organization_id: OrganizationId,
    ) -> Result<Vec<(Id, String)>, StoreError> {
        let found = self
            .fetch_all::<(String, String)>(
                ESCAPED_NAMES,
                values![organization_id, limits::PAGE_OBJECTS],
            )
            .await?;
        let column = Column("org_token", "id");
        let named = found
            .into_iter()
            .map(|(id, name)| Ok((column.id(&id)?, name)));
        named.collect()
    }

    /// The org tokens of an organization that expire after `now` and no later than `until`, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_expiring_org_tokens(
        &mut self,
        organization_id: OrganizationId,
        now: Timestamp,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<OrgToken>, StoreError> {
        let values = values![organization_id, now, until, limit];
        self.list(LIST_EXPIRING, values).await
    }
}
