//! Tables `org_token` and `org_token_secret`: tokens of the organization, and their secrets by digest.

use domain::{
    audit::event::Attribution,
    identity::role::Role,
    objects::{object::Stamp, permissions::AclEntry},
    platform::{
        document::Document,
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
    tokens::{
        org_token_state::OrgTokenEnds,
        token::{LastUse, TokenDigest},
    },
};

use crate::platform::{
    dialect::on,
    error::StoreError,
    row::Column,
    transaction::{Conn, Write},
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, name, auth_scopes, role, disabled, disabled_at, document, acl, expires_at, rotated_at, ",
            "created_at, created_via, updated_at, updated_via FROM org_token ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE id = $1");
const FIND_BY_NAME: &str = select!("WHERE organization_id = $1 AND name = $2");
const LIST: &str = select!("WHERE organization_id = $1 ORDER BY name, id LIMIT $2");
const LIST_UNNOTED: &str = select!("WHERE name_folded IS NULL LIMIT $1");
const INSERT: &str = "INSERT INTO org_token (id, organization_id, name, auth_scopes, role, disabled, document, acl, \
    expires_at, rotated_at, created_at, created_by, created_via, updated_at, updated_by, updated_via, disabled_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
const UPDATE: &str = "UPDATE org_token SET name = $2, role = $3, disabled = $4, document = $5, acl = $6, expires_at = $7, \
    rotated_at = $8, updated_at = $9, updated_by = $10, updated_via = $11, disabled_at = $12 WHERE id = $1";
const DELETE: &str = "DELETE FROM org_token WHERE id = $1";
const INSERT_SECRET: &str = "INSERT INTO org_token_secret (digest, org_token_id, sealed, last4, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6)";

/// A token of the organization, without its secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct OrgToken {
    /// Its id.
    pub id: Id,
    /// The organization it acts for.
    pub organization_id: OrganizationId,
    /// Its name, unique in the organization: its address in the API.
    pub name: String,
    /// What it is for: `INGEST`, `API`, `RUM` (docs/contract.md#org-tokens).
    pub auth_scopes: Vec<String>,
    /// Its role on the API.
    pub role: Role,
    /// When it was disabled; `None` while it is enabled.
    pub disabled_at: Option<Timestamp>,
    /// Description, limits and notifications as given.
    pub document: Document,
    /// Who but administrators may see it; `None`: nobody.
    pub acl: Option<Vec<AclEntry>>,
    /// The instant from which it is dead.
    pub expires_at: Timestamp,
    /// When it last got a new secret.
    pub rotated_at: Timestamp,
    /// Who made it, when.
    pub created: Stamp,
    /// Who changed it last, when.
    pub updated: Stamp,
}

/// A secret of an org token, sealed under the master key.
#[derive(Clone)]
pub struct OrgTokenSecret {
    /// The SHA-256 of the secret.
    pub digest: TokenDigest,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// Its last four characters.
    pub last4: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The instant from which this secret is dead, at the latest the token's own.
    pub expires_at: Timestamp,
    /// When, from where and by what program it was last used.
    pub last_used: Option<LastUse>,
}

/// An org token found by one of its secrets.
#[derive(Clone)]
pub struct OrgTokenCredential {
    /// The token.
    pub token: OrgToken,
    /// The secret by which it was found.
    pub secret: OrgTokenSecret,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
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

fn column(name: &'static str) -> Column {
    Column("org_token", name)
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

impl TryFrom<Row> for OrgToken {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let stamp = |at, name, via: &str| -> Result<Stamp, StoreError> {
            Ok(Stamp {
                at: Timestamp::from_micros(at),
                by: column(name).parse::<Attribution>(via)?,
            })
        };
        Ok(Self {
            id: column("id").id(&row.id)?,
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            name: row.name,
            auth_scopes: row.auth_scopes.split(',').map(str::to_owned).collect(),
            role: column("role").read(Role::from_title(&row.role))?,
            // A node of the version before writes `disabled` alone.
            disabled_at: row
                .disabled
                .then(|| Timestamp::from_micros(row.disabled_at.unwrap_or(row.updated_at))),
            document: column("document").parse(&row.document)?,
            acl: column("acl").parse(&row.acl)?,
            expires_at: Timestamp::from_micros(row.expires_at),
            rotated_at: Timestamp::from_micros(row.rotated_at),
            created: stamp(row.created_at, "created_via", &row.created_via)?,
            updated: stamp(row.updated_at, "updated_via", &row.updated_via)?,
        })
    }
}

impl Conn {
    /// The org token one of whose secrets has this digest, live or not.
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
        on!(self, c => sqlx::query_as::<_, Row>(FIND).bind(id.to_string()).fetch_optional(c).await)?
            .map(OrgToken::try_from)
            .transpose()
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
        on!(self, c => sqlx::query_as::<_, Row>(FIND_BY_NAME)
            .bind(organization_id.to_string())
            .bind(name)
            .fetch_optional(c)
            .await)?
        .map(OrgToken::try_from)
        .transpose()
    }

    /// The org tokens of an organization, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_org_tokens(
        &mut self,
        organization_id: OrganizationId,
        limit: i64,
    ) -> Result<Vec<OrgToken>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(LIST)
            .bind(organization_id.to_string())
            .bind(limit)
            .fetch_all(c)
            .await)?
        .into_iter()
        .map(OrgToken::try_from)
        .collect()
    }
}

impl Conn {
    /// Some of the org tokens that were written before lists were filtered by what is noted of them.
    pub(crate) async fn list_unnoted_org_tokens(
        &mut self,
        limit: i64,
    ) -> Result<Vec<OrgToken>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(LIST_UNNOTED).bind(limit).fetch_all(c).await)?
            .into_iter()
            .map(OrgToken::try_from)
            .collect()
    }
}

impl Write {
    /// Adds an org token with its first secret.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn insert_org_token(
        &mut self,
        token: &OrgToken,
        secret: &OrgTokenSecret,
    ) -> Result<(), StoreError> {
        let acl = column("acl").written(&token.acl)?;
        let document = column("document").written(&token.document)?;
        let created_via = column("created_via").written(&token.created.by)?;
        let updated_via = column("updated_via").written(&token.updated.by)?;
        on!(self, c => sqlx::query(INSERT)
            .bind(token.id.to_string())
            .bind(token.organization_id.to_string())
            .bind(&token.name)
            .bind(token.auth_scopes.join(","))
            .bind(token.role.title())
            .bind(token.disabled_at.is_some())
            .bind(&document)
            .bind(&acl)
            .bind(token.expires_at.as_micros())
            .bind(token.rotated_at.as_micros())
            .bind(token.created.at.as_micros())
            .bind(token.created.by.actor_id.to_string())
            .bind(&created_via)
            .bind(token.updated.at.as_micros())
            .bind(token.updated.by.actor_id.to_string())
            .bind(&updated_via)
            .bind(token.disabled_at.map(Timestamp::as_micros))
            .execute(c)
            .await
            .map(drop))?;
        self.note_listed(token).await?;
        self.insert_org_token_secret(token.id, secret).await
    }

    /// Stores what has changed of an org token. Its scopes never do (docs/contract.md#org-tokens).
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn update_org_token(&mut self, token: &OrgToken) -> Result<(), StoreError> {
        let acl = column("acl").written(&token.acl)?;
        let document = column("document").written(&token.document)?;
        let updated_via = column("updated_via").written(&token.updated.by)?;
        on!(self, c => sqlx::query(UPDATE)
            .bind(token.id.to_string())
            .bind(&token.name)
            .bind(token.role.title())
            .bind(token.disabled_at.is_some())
            .bind(&document)
            .bind(&acl)
            .bind(token.expires_at.as_micros())
            .bind(token.rotated_at.as_micros())
            .bind(token.updated.at.as_micros())
            .bind(token.updated.by.actor_id.to_string())
            .bind(&updated_via)
            .bind(token.disabled_at.map(Timestamp::as_micros))
            .execute(c)
            .await
            .map(drop))?;
        self.note_listed(token).await
    }

    /// Deletes an org token with its secrets.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn delete_org_token(&mut self, id: Id) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(DELETE).bind(id.to_string()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Adds a secret to an org token.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] without the token.
    pub async fn insert_org_token_secret(
        &mut self,
        id: Id,
        secret: &OrgTokenSecret,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(INSERT_SECRET)
            .bind(secret.digest.0.as_slice())
            .bind(id.to_string())
            .bind(secret.sealed.as_slice())
            .bind(&secret.last4)
            .bind(secret.created_at.as_micros())
            .bind(secret.expires_at.as_micros())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }
}
