//! Table `session`: signed-in browsers.

use domain::{
    identity::session::Session,
    platform::{
        id::{OrganizationId, SessionId, UserId},
        timestamp::Timestamp,
    },
    tokens::token::TokenDigest,
};

use crate::{
    audit::housekeeping::Housekeeping,
    identity::member::Member,
    platform::{
        dialect::{
            on,
            rows::{OverRows, over_rows},
        },
        error::StoreError,
        row::{Column, moment},
        transaction::{Conn, Write},
    },
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, user_id, created_at, expires_at, ended_at, last_seen_at, address, client ",
            "FROM session ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE id = $1");
const FIND_BY_DIGEST: &str = select!("WHERE digest = $1");
const LIST_OPEN: &str = select!(
    "WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id LIMIT $3"
);
const INSERT: &str = "INSERT INTO session (id, organization_id, user_id, digest, created_at, expires_at, address, client) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const EXTEND: &str =
    "UPDATE session SET expires_at = $2 WHERE id = $1 AND ended_at IS NULL AND expires_at < $2";
const END: &str = "UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";

const SEE: OverRows = over_rows!(
    "UPDATE session SET last_seen_at = CAST(given.value ->> 1 AS BIGINT) FROM",
    "WHERE session.id = given.value ->> 0 \
     AND (session.last_seen_at IS NULL OR session.last_seen_at < CAST(given.value ->> 1 AS BIGINT))"
);

/// A session found by its cookie, with its user.
#[derive(Debug, Clone)]
pub struct SessionCredential {
    /// The session.
    pub session: Session,
    /// Who signed in.
    pub member: Member,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    organization_id: String,
    user_id: String,
    created_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    last_seen_at: Option<i64>,
    address: String,
    client: String,
}

impl TryFrom<Row> for Session {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: SessionId(Column("session", "id").id(&row.id)?),
            organization_id: OrganizationId(
                Column("session", "organization_id").id(&row.organization_id)?,
            ),
            user_id: UserId(Column("session", "user_id").id(&row.user_id)?),
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            ended_at: moment(row.ended_at),
            last_seen_at: moment(row.last_seen_at),
            address: row.address,
            client: row.client,
        })
    }
}

impl Conn {
    /// The session with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_session(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(FIND).bind(id.to_string()).fetch_optional(c).await)?
            .map(Session::try_from)
            .transpose()
    }

    /// The session whose cookie has this digest, open or not, with its user.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_session_credential(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<SessionCredential>, StoreError> {
        let row = on!(self, c => sqlx::query_as::<_, Row>(FIND_BY_DIGEST)
            .bind(digest.0.as_slice())
            .fetch_optional(c)
            .await)?;
        let Some(session) = row.map(Session::try_from).transpose()? else {
            return Ok(None);
        };
        let member = self.find_member(session.user_id).await?;
        Ok(member.map(|member| SessionCredential { session, member }))
    }

    /// The sessions of a user that are open at `now`, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_open_sessions(
        &mut self,
        user_id: UserId,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<Session>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(LIST_OPEN)
            .bind(user_id.to_string())
            .bind(now.as_micros())
            .bind(limit)
            .fetch_all(c)
            .await)?
        .into_iter()
        .map(Session::try_from)
        .collect()
    }
}

impl Write {
    /// Adds a session, of whose cookie only the digest is kept.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_session(
        &mut self,
        session: &Session,
        digest: &TokenDigest,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(INSERT)
            .bind(session.id.to_string())
            .bind(session.organization_id.to_string())
            .bind(session.user_id.to_string())
            .bind(digest.0.as_slice())
            .bind(session.created_at.as_micros())
            .bind(session.expires_at.as_micros())
            .bind(&session.address)
            .bind(&session.client)
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Lets an open session live until `expires_at`, if that is later than it would.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn extend_session(
        &mut self,
        id: SessionId,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(EXTEND)
            .bind(id.to_string())
            .bind(expires_at.as_micros())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Ends a session; `false` when it had ended already.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn end_session(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StoreError> {
        let ended = on!(self, c => sqlx::query(END)
            .bind(id.to_string())
            .bind(at.as_micros())
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(ended == 1)
    }
}

impl Housekeeping {
    /// Stores when the browsers of sessions were last seen, each session once. An older moment than the stored one changes
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn see_sessions(
        &mut self,
        seen: &[(SessionId, Timestamp)],
    ) -> Result<(), StoreError> {
        let rows: Vec<_> = seen.iter().map(|(id, at)| (id, at.as_micros())).collect();
        self.run_over(&SEE, &rows).await.map(drop)
    }
}
