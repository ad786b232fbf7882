//! Table `org_token_secret`: the encrypted secrets of org tokens.

use std::collections::HashMap;

use domain::{
    platform::{id::Id, timestamp::Timestamp},
    tokens::token::{LastUse, TokenDigest},
};

use crate::{
    audit::Write,
    platform::{
        CheckedTable, Column, Conn, Housekeeping, Sql, StoreError, Stored, Value, over_rows,
        statements, values,
    },
};

macro_rules! columns {
    () => {
        "digest, org_token_id, sealed, last4, created_at, expires_at, last_used_at, last_used_address, last_used_client"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM org_token_secret ", $rest)
    };
}

statements! {
    const FIND: Sql = select!("WHERE digest = $1");
    const LIST: Sql = select!("WHERE org_token_id = $1 ORDER BY created_at DESC, expires_at DESC, digest LIMIT $2");
    /// Rows: the id of the org token.
    const LIST_NEWEST: Sql = over_rows!(
        concat!("SELECT ", columns!(), " FROM"),
        "JOIN org_token_secret secret ON secret.digest = (SELECT newest.digest FROM org_token_secret newest \
            WHERE newest.org_token_id = given.value ->> 0 \
            ORDER BY newest.created_at DESC, newest.expires_at DESC, newest.digest LIMIT 1)"
    );
    const LIST_UNBOUND: Sql = select!("WHERE NOT bound AND digest > $1 ORDER BY digest LIMIT $2");
    const BIND: Sql = "UPDATE org_token_secret SET sealed = $2, bound = TRUE WHERE digest = $1";
    const LIST_AFTER: Sql = select!("WHERE digest > $1 ORDER BY digest LIMIT $2");
    const COUNT: Sql = "SELECT COUNT(*) FROM org_token_secret";
    const REENCRYPT: Sql = "UPDATE org_token_secret SET sealed = $3 WHERE digest = $1 AND sealed = $2";
    const INSERT: Sql = "INSERT INTO org_token_secret (digest, org_token_id, sealed, last4, created_at, expires_at, bound) \
        VALUES ($1, $2, $3, $4, $5, $6, TRUE)";
    const RETIRE: Sql = "UPDATE org_token_secret SET expires_at = $2 WHERE org_token_id = $1 AND expires_at > $2";
}

/// A secret of an org token, encrypted under the master key.
#[derive(Clone)]
pub struct OrgTokenSecret {
    /// The SHA-256 of the secret.
    pub digest: TokenDigest,
    /// The secret, encrypted for this row only.
    pub encrypted: Vec<u8>,
    /// Its last four characters.
    pub last4: String,
    /// When it was issued.
    pub created_at: Timestamp,
    /// The time from which this secret is expired: that of the token, or earlier after a rotation.
    pub expires_at: Timestamp,
    /// Its last use.
    pub last_used: Option<LastUse>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct OrgTokenSecretRow {
    digest: Vec<u8>,
    org_token_id: String,
    #[sqlx(rename = "sealed")]
    encrypted: Vec<u8>,
    last4: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    last_used_address: String,
    last_used_client: String,
}

impl Stored for OrgTokenSecret {
    type Row = OrgTokenSecretRow;

    fn from_row(row: OrgTokenSecretRow) -> Result<Self, StoreError> {
        let digest = row.digest.try_into().ok();
        Ok(Self {
            digest: TokenDigest(Column("org_token_secret", "digest").required(digest)?),
            encrypted: row.encrypted,
            last4: row.last4,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            last_used: row.last_used_at.map(|at| LastUse {
                at: Timestamp::from_micros(at),
                address: row.last_used_address,
                client: row.last_used_client,
            }),
        })
    }
}

impl Conn {
    /// The secret with this digest, live or not, and the id of its org token.
    pub(crate) async fn find_org_token_secret(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<(Id, OrgTokenSecret)>, StoreError> {
        let found = self
            .fetch_optional::<OrgTokenSecretRow>(FIND, values![digest.0.as_slice()])
            .await?;
        found.map(with_token).transpose()
    }

    /// The secrets whose encryption is not bound to their row, after this digest, with the ids of their org tokens.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_unbound_org_token_secrets(
        &mut self,
        after: &[u8],
        limit: i64,
    ) -> Result<Vec<(Id, OrgTokenSecret)>, StoreError> {
        let rows = self
            .fetch_all::<OrgTokenSecretRow>(LIST_UNBOUND, values![after, limit])
            .await?;
        rows.into_iter().map(with_token).collect()
    }

    /// The secrets after this digest, in the order of digests, with the ids of their org tokens.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_all_org_token_secrets(
        &mut self,
        after: &[u8],
        limit: i64,
    ) -> Result<Vec<(Id, OrgTokenSecret)>, StoreError> {
        let rows = self
            .fetch_all::<OrgTokenSecretRow>(LIST_AFTER, values![after, limit])
            .await?;
        rows.into_iter().map(with_token).collect()
    }

    /// The number of secrets of all org tokens.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_org_token_secrets(&mut self) -> Result<i64, StoreError> {
        let (count,) = self.fetch_one::<(i64,)>(COUNT, values![]).await?;
        Ok(count)
    }

    /// The newest secret of each of these org tokens, which is the one that is shown, by the id of the token.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_newest_org_token_secrets(
        &mut self,
        ids: &[Id],
    ) -> Result<HashMap<Id, OrgTokenSecret>, StoreError> {
        let rows = self
            .fetch_all::<OrgTokenSecretRow>(LIST_NEWEST, values![Value::id_rows(ids)?])
            .await?;
        rows.into_iter().map(with_token).collect()
    }

    /// The secrets of an org token, including expired ones, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_org_token_secrets(
        &mut self,
        id: Id,
        limit: i64,
    ) -> Result<Vec<OrgTokenSecret>, StoreError> {
        self.list(LIST, values![id, limit]).await
    }
}

fn with_token(row: OrgTokenSecretRow) -> Result<(Id, OrgTokenSecret), StoreError> {
    let id = Column("org_token_secret", "org_token_id").id(&row.org_token_id)?;
    Ok((id, OrgTokenSecret::from_row(row)?))
}

impl Housekeeping {
    /// Replaces the encryption of a secret by one that is bound to its row.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn bind_org_token_secret(
        &mut self,
        digest: &TokenDigest,
        encrypted: &[u8],
    ) -> Result<(), StoreError> {
        self.execute(BIND, values![digest.0.as_slice(), encrypted])
            .await
            .map(drop)
    }
}

impl Housekeeping {
    /// Replaces the encryption of a secret, if it is still the same.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn reencrypt_org_token_secret(
        &mut self,
        stored: &OrgTokenSecret,
        encrypted: &[u8],
    ) -> Result<(), StoreError> {
        let values = values![
            stored.digest.0.as_slice(),
            stored.encrypted.as_slice(),
            encrypted
        ];
        self.execute(REENCRYPT, values).await.map(drop)
    }
}

impl Write {
    /// Adds a secret to an org token.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the token does not exist.
    pub async fn insert_org_token_secret(
        &mut self,
        id: Id,
        secret: &OrgTokenSecret,
    ) -> Result<(), StoreError> {
        let values = values![
            secret.digest.0.as_slice(),
            id,
            secret.encrypted.as_slice(),
            &secret.last4,
            secret.created_at,
            secret.expires_at,
        ];
        self.touch(CheckedTable::OrgTokenSecret, id);
        self.execute(INSERT, values).await.map(drop)
    }

    /// Makes the secrets of an org token expire at this time, unless they expire before.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn retire_org_token_secrets(
        &mut self,
        id: Id,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.touch(CheckedTable::OrgTokenSecret, id);
        self.execute(RETIRE, values![id, expires_at])
            .await
            .map(drop)
    }
}
