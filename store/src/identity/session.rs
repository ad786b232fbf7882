//! Table `session`: sessions of signed-in browsers.

use domain::{
    identity::session::Session,
    platform::{
        id::{OrganizationId, SessionId, UserId},
        timestamp::Timestamp,
    },
    tokens::token::TokenDigest,
};

use super::member::Member;
use crate::{
    audit::Write,
    platform::{
        CheckedTable, Column, Conn, Housekeeping, Sql, StoreError, Stored, Value, over_rows,
        statements, values,
    },
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, user_id, created_at, COALESCE(authenticated_at, created_at) AS authenticated_at, ",
            "expires_at, ended_at, last_seen_at, address, client ",
            "FROM session ",
            $rest
        )
    };
}

statements! {
    const FIND: Sql = select!("WHERE id = $1");
    const FIND_BY_DIGEST: Sql = select!("WHERE digest = $1");
    const LIST: Sql = select!(
        "WHERE user_id = $1 AND ended_at IS NULL AND (\
            (expires_at > $2 AND COALESCE(last_seen_at, authenticated_at, created_at) > $3) \
            OR EXISTS (SELECT 1 FROM token WHERE token.session_id = session.id AND token.ended_at IS NULL \
                AND token.expires_at > $2)) \
        ORDER BY COALESCE(authenticated_at, created_at) DESC, id LIMIT $4"
    );
    const NEWEST_PASSWORD: Sql = "SELECT MAX(COALESCE(authenticated_at, created_at)) FROM session WHERE user_id = $1";
    const INSERT: Sql = "INSERT INTO session (id, organization_id, user_id, digest, created_at, authenticated_at, \
        expires_at, address, client) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const CONTINUE: Sql = "UPDATE session SET digest = $2, authenticated_at = $3, last_seen_at = $3, expires_at = $4, \
        address = $5, client = $6 WHERE id = $1 AND ended_at IS NULL";
    const CONFIRM: Sql = "UPDATE session SET authenticated_at = $2 WHERE id = $1 AND ended_at IS NULL";
    const END: Sql = "UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    const TOUCH: Sql = over_rows!(
        "UPDATE session SET last_seen_at = CAST(given.value ->> 1 AS BIGINT) FROM",
        "WHERE session.id = given.value ->> 0 \
         AND (session.last_seen_at IS NULL OR session.last_seen_at < CAST(given.value ->> 1 AS BIGINT))"
    );
}

/// A session that was found by the digest of its cookie, with its user.
#[derive(Debug, Clone)]
pub struct SessionCredential {
    /// The session.
    pub session: Session,
    /// The user who signed in.
    pub member: Member,
}

#[derive(sqlx::FromRow)]
pub(crate) struct SessionRow {
    id: String,
    organization_id: String,
    user_id: String,
    created_at: i64,
    authenticated_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    #[sqlx(rename = "last_seen_at")]
    last_used_at: Option<i64>,
    address: String,
    client: String,
}

impl Stored for Session {
    type Row = SessionRow;

    fn from_row(row: SessionRow) -> Result<Self, StoreError> {
        let column = |name| Column("session", name);
        Ok(Self {
            id: SessionId(column("id").id(&row.id)?),
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            user_id: UserId(column("user_id").id(&row.user_id)?),
            created_at: Timestamp::from_micros(row.created_at),
            authenticated_at: Timestamp::from_micros(row.authenticated_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
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
        self.find(FIND, values![id]).await
    }

    /// The session whose cookie has this digest, whether it is open or not, with its user.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_session_credential(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<SessionCredential>, StoreError> {
        let values = values![digest.0.as_slice()];
        let Some(session) = self.find::<Session>(FIND_BY_DIGEST, values).await? else {
            return Ok(None);
        };
        let member = self.find_member(session.user_id).await?;
        Ok(member.map(|member| SessionCredential { session, member }))
    }

    /// When a user last entered the password in a browser, in whatever session; `None` without any.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn newest_password(
        &mut self,
        user_id: UserId,
    ) -> Result<Option<Timestamp>, StoreError> {
        let (newest,) = self
            .fetch_one::<(Option<i64>,)>(NEWEST_PASSWORD, values![user_id])
            .await?;
        Ok(newest.map(Timestamp::from_micros))
    }

    /// The sessions of a user that were not ended and have not timed out at `now` or have live tokens, newest first.
    /// Those without a request after `idle_since` have timed out.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_sessions(
        &mut self,
        user_id: UserId,
        now: Timestamp,
        idle_since: Timestamp,
        limit: i64,
    ) -> Result<Vec<Session>, StoreError> {
        self.list(LIST, values![user_id, now, idle_since, limit])
            .await
    }
}

impl Write {
    /// Adds a session. Only the digest of its cookie is stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_session(
        &mut self,
        session: &Session,
        digest: &TokenDigest,
    ) -> Result<(), StoreError> {
        let values = values![
            session.id,
            session.organization_id,
            session.user_id,
            digest.0.as_slice(),
            session.created_at,
            session.authenticated_at,
            session.expires_at,
            &session.address,
            &session.client,
        ];
        self.touch(CheckedTable::Session, session.id);
        self.execute(INSERT, values).await.map(drop)
    }

    /// Continues a session that was not ended, after a sign-in in its browser, with a new cookie: sets the times of the
    /// sign-in, the timeout, the address and the browser.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn continue_session(
        &mut self,
        session: &Session,
        digest: &TokenDigest,
    ) -> Result<(), StoreError> {
        let values = values![
            session.id,
            digest.0.as_slice(),
            session.authenticated_at,
            session.expires_at,
            &session.address,
            &session.client,
        ];
        self.touch(CheckedTable::Session, session.id);
        self.execute(CONTINUE, values).await.map(drop)
    }

    /// Notes that the password was entered in a session; `false` when the session had ended before.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn confirm_session(
        &mut self,
        id: SessionId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.touch(CheckedTable::Session, id);
        let confirmed = self.execute(CONFIRM, values![id, at]).await?;
        Ok(confirmed == 1)
    }

    /// Ends a session; `false` when it had ended before.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn end_session(&mut self, id: SessionId, at: Timestamp) -> Result<bool, StoreError> {
        self.touch(CheckedTable::Session, id);
        let ended = self.execute(END, values![id, at]).await?;
        Ok(ended == 1)
    }
}

impl Housekeeping {
    /// Stores when sessions were last used. A session must not occur twice. A time before the stored one changes
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn touch_sessions(
        &mut self,
        uses: &[(SessionId, Timestamp)],
    ) -> Result<(), StoreError> {
        let rows: Vec<_> = uses.iter().map(|(id, at)| (id, at.as_micros())).collect();
        self.execute(TOUCH, values![Value::rows(&rows)?])
            .await
            .map(drop)
    }
}
