//! Table `invitation`: invitations to become a member. `invitation_list` has the list.

use domain::{
    identity::role::RoleSet,
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
        visible::folded,
    },
    tokens::token::TokenDigest,
};

use crate::{
    audit::Write,
    platform::{CheckedTable, Column, Conn, Sql, StoreError, Stored, statements, values},
};

/// The columns of an [`InvitationColumns`].
macro_rules! columns {
    () => {
        "id, organization_id, email, full_name, title, phone, roles, digest, created_at, created_by, expires_at, \
         ended_at"
    };
}

pub(crate) use columns;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM invitation ", $rest)
    };
}

statements! {
    const FIND: Sql = select!("WHERE digest = $1");
    const FIND_OPEN: Sql = select!(
        "WHERE organization_id = $1 AND id = $2 AND ended_at IS NULL AND expires_at > $3"
    );
    const NEWEST: Sql = "SELECT MAX(created_at) FROM invitation WHERE organization_id = $1 AND email = $2";
    const COUNT: Sql = "SELECT COUNT(*), MIN(created_at) FROM invitation WHERE organization_id = $1 AND created_at > $2";
    const INSERT: Sql = "INSERT INTO invitation (id, organization_id, email, full_name, title, phone, roles, digest, \
        created_at, created_by, expires_at, name_folded) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    const END: Sql = "UPDATE invitation SET ended_at = $3 \
        WHERE organization_id = $1 AND email = $2 AND ended_at IS NULL RETURNING id";
}

/// An invitation to become a member.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id, which becomes the member's.
    pub id: Id,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The invited address, in lower case.
    pub email: String,
    /// Full name, if given.
    pub full_name: Option<String>,
    /// Job title, if given.
    pub title: Option<String>,
    /// Phone number, if given.
    pub phone: Option<String>,
    /// The member's roles.
    pub roles: RoleSet,
    /// The SHA-256 of the secret in its link.
    pub digest: TokenDigest,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    pub created_by: Id,
    /// The time from which it cannot be accepted.
    pub expires_at: Timestamp,
    /// When it was accepted or replaced.
    pub ended_at: Option<Timestamp>,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Invitation")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct InvitationColumns {
    id: String,
    organization_id: String,
    email: String,
    full_name: Option<String>,
    title: Option<String>,
    phone: Option<String>,
    roles: String,
    digest: Vec<u8>,
    created_at: i64,
    created_by: String,
    expires_at: i64,
    ended_at: Option<i64>,
}

impl Stored for Invitation {
    type Row = InvitationColumns;

    fn from_row(row: InvitationColumns) -> Result<Self, StoreError> {
        let column = |name| Column("invitation", name);
        let digest = row.digest.try_into().ok().map(TokenDigest);
        Ok(Self {
            id: column("id").id(&row.id)?,
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            email: row.email,
            full_name: row.full_name,
            title: row.title,
            phone: row.phone,
            roles: RoleSet::from_titles(&row.roles),
            digest: column("digest").required(digest)?,
            created_at: Timestamp::from_micros(row.created_at),
            created_by: column("created_by").id(&row.created_by)?,
            expires_at: Timestamp::from_micros(row.expires_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
        })
    }
}

impl Conn {
    /// The invitation whose link has this digest, even if it has ended.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_invitation(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<Invitation>, StoreError> {
        self.find(FIND, values![digest.0.as_slice()]).await
    }

    /// The invitation with this id, if it can still be accepted at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_open_invitation(
        &mut self,
        organization_id: OrganizationId,
        id: Id,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        self.find(FIND_OPEN, values![organization_id, id, now])
            .await
    }

    /// When an address in lower case was last invited; `None` when it never was.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_last_invited_at(
        &mut self,
        organization_id: OrganizationId,
        email: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let (newest,) = self
            .fetch_one::<(Option<i64>,)>(NEWEST, values![organization_id, email])
            .await?;
        Ok(newest.map(Timestamp::from_micros))
    }

    /// The number of invitations that an organization created after `since`, and the time of the first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_invitations(
        &mut self,
        organization_id: OrganizationId,
        since: Timestamp,
    ) -> Result<(i64, Option<Timestamp>), StoreError> {
        let (count, first) = self
            .fetch_one::<(i64, Option<i64>)>(COUNT, values![organization_id, since])
            .await?;
        Ok((count, first.map(Timestamp::from_micros)))
    }
}

impl Write {
    /// Adds an invitation.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        let name = invitation.full_name.as_deref().unwrap_or_default();
        let values = values![
            invitation.id,
            invitation.organization_id,
            &invitation.email,
            &invitation.full_name,
            &invitation.title,
            &invitation.phone,
            invitation.roles.to_titles(),
            invitation.digest.0.as_slice(),
            invitation.created_at,
            invitation.created_by,
            invitation.expires_at,
            folded(name),
        ];
        self.touch(CheckedTable::Invitation, invitation.id);
        self.execute(INSERT, values).await.map(drop)
    }

    /// Ends all open invitations of an address, because one was accepted or a newer one replaces them.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn end_invitations(
        &mut self,
        organization_id: OrganizationId,
        email: &str,
        ended_at: Timestamp,
    ) -> Result<(), StoreError> {
        let values = values![organization_id, email, ended_at];
        let ended = self.fetch_all::<(String,)>(END, values).await?;
        self.touch_all(CheckedTable::Invitation, ended);
        Ok(())
    }
}
