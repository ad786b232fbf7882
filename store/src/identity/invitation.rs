//! Table `invitation`: who was invited to become a member, by whom, and whether the link still works.

use domain::{
    identity::role::RoleSet,
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
    tokens::token::TokenDigest,
};

use crate::platform::{
    dialect::on,
    error::StoreError,
    row::{Column, moment},
    transaction::{Conn, Write},
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, email, full_name, title, phone, roles, digest, created_at, created_by, ",
            "expires_at, ended_at FROM invitation ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE digest = $1");
const LIST_OPEN: &str = select!(
    "WHERE organization_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id LIMIT $3"
);
const NEWEST: &str =
    "SELECT MAX(created_at) FROM invitation WHERE organization_id = $1 AND email = $2";
const COUNT: &str = "SELECT COUNT(*), MIN(created_at) FROM invitation WHERE organization_id = $1 AND created_at > $2";
const INSERT: &str = "INSERT INTO invitation (id, organization_id, email, full_name, title, phone, roles, digest, \
    created_at, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const END: &str = "UPDATE invitation SET ended_at = $3 \
    WHERE organization_id = $1 AND email = $2 AND ended_at IS NULL";

/// An invitation to become a member.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id, and that of the member it makes.
    pub id: Id,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The address that is invited, in lower case.
    pub email: String,
    /// Their full name, if given.
    pub full_name: Option<String>,
    /// Their job title, if given.
    pub title: Option<String>,
    /// Their phone number, if given.
    pub phone: Option<String>,
    /// The roles they will have.
    pub roles: RoleSet,
    /// The SHA-256 of the text in its link.
    pub digest: TokenDigest,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Id,
    /// The instant from which it is dead.
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
struct Row {
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

fn column(name: &'static str) -> Column {
    Column("invitation", name)
}

impl TryFrom<Row> for Invitation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let digest = row.digest.try_into().ok().map(TokenDigest);
        Ok(Self {
            id: column("id").id(&row.id)?,
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            email: row.email,
            full_name: row.full_name,
            title: row.title,
            phone: row.phone,
            roles: RoleSet::from_titles(&row.roles),
            digest: column("digest").read(digest)?,
            created_at: Timestamp::from_micros(row.created_at),
            created_by: column("created_by").id(&row.created_by)?,
            expires_at: Timestamp::from_micros(row.expires_at),
            ended_at: moment(row.ended_at),
        })
    }
}

impl Conn {
    /// The invitation whose link has this digest, ended ones too.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_invitation(
        &mut self,
        digest: &TokenDigest,
    ) -> Result<Option<Invitation>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(FIND).bind(digest.0.as_slice()).fetch_optional(c).await)?
            .map(Invitation::try_from)
            .transpose()
    }

    /// The invitations that can still be accepted, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_open_invitations(
        &mut self,
        organization_id: OrganizationId,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<Invitation>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(LIST_OPEN)
            .bind(organization_id.to_string())
            .bind(now.as_micros())
            .bind(limit)
            .fetch_all(c)
            .await)?
        .into_iter()
        .map(Invitation::try_from)
        .collect()
    }

    /// When an address, given in lower case, was last invited.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_last_invited_at(
        &mut self,
        organization_id: OrganizationId,
        email: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let newest = on!(self, c => sqlx::query_scalar::<_, Option<i64>>(NEWEST)
            .bind(organization_id.to_string())
            .bind(email)
            .fetch_one(c)
            .await)?;
        Ok(newest.map(Timestamp::from_micros))
    }

    /// How many invitations an organization made after `since`, and when the first of them.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_invitations(
        &mut self,
        organization_id: OrganizationId,
        since: Timestamp,
    ) -> Result<(i64, Option<Timestamp>), StoreError> {
        let (count, first) = on!(self, c => sqlx::query_as::<_, (i64, Option<i64>)>(COUNT)
            .bind(organization_id.to_string())
            .bind(since.as_micros())
            .fetch_one(c)
            .await)?;
        Ok((count, first.map(Timestamp::from_micros)))
    }
}

impl Write {
    /// Adds an invitation.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(INSERT)
            .bind(invitation.id.to_string())
            .bind(invitation.organization_id.to_string())
            .bind(&invitation.email)
            .bind(&invitation.full_name)
            .bind(&invitation.title)
            .bind(&invitation.phone)
            .bind(invitation.roles.to_titles())
            .bind(invitation.digest.0.as_slice())
            .bind(invitation.created_at.as_micros())
            .bind(invitation.created_by.to_string())
            .bind(invitation.expires_at.as_micros())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Ends every open invitation of an address: one was accepted, or a newer one takes their place.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn end_invitations(
        &mut self,
        organization_id: OrganizationId,
        email: &str,
        ended_at: Timestamp,
    ) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(END)
            .bind(organization_id.to_string())
            .bind(email)
            .bind(ended_at.as_micros())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }
}
