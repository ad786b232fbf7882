//! Table `member`: users, as members of their organization.

use domain::{
    identity::role::RoleSet,
    platform::{
        id::{Id, OrganizationId, UserId},
        timestamp::Timestamp,
    },
    tokens::token::OwnerState,
};

use crate::platform::{
    dialect::{
        on,
        rows::{OverRows, alone, over_rows},
    },
    error::StoreError,
    row::{Column, moment},
    transaction::{Conn, Write},
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, persona_id, organization_id, email, full_name, title, phone, roles, password_hash, ",
            "created_at, created_by, updated_at, updated_by, disabled_at, removed_at FROM member ",
            $rest
        )
    };
}

const FIND: &str = select!("WHERE id = $1");
const FIND_MANY: OverRows = over_rows!(select!("WHERE id IN (SELECT given.value ->> 0 FROM"), ")");
const FIND_BY_EMAIL: &str = select!("WHERE email = $1 AND removed_at IS NULL");
const LIST: &str =
    select!("WHERE organization_id = $1 AND removed_at IS NULL ORDER BY full_name, id LIMIT $2");
const COUNT_ADMINISTRATORS: &str = "SELECT COUNT(*) FROM member WHERE organization_id = $1 \
    AND removed_at IS NULL AND disabled_at IS NULL AND (',' || roles || ',') LIKE '%,admin,%'";
const INSERT: &str = "INSERT INTO member (id, persona_id, organization_id, email, full_name, title, phone, roles, \
    password_hash, created_at, created_by, updated_at, updated_by, disabled_at, removed_at, name_folded) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const UPDATE: &str = "UPDATE member SET email = $2, full_name = $3, title = $4, phone = $5, roles = $6, \
    password_hash = $7, updated_at = $8, updated_by = $9, disabled_at = $10, removed_at = $11, name_folded = $12 WHERE id = $1";

/// A user, as a member of an organization. Holds the password's hash: never shown, never serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// The user's id in the organization.
    pub id: UserId,
    /// The person's id across organizations (docs/contract.md#issue-a-token).
    pub persona_id: Id,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Mail address, in lower case.
    pub email: String,
    /// Full name.
    pub full_name: String,
    /// Job title, if given.
    pub title: Option<String>,
    /// Phone number, if given.
    pub phone: Option<String>,
    /// Roles.
    pub roles: RoleSet,
    /// Hash of the password, in PHC string format.
    pub password_hash: String,
    /// When the member was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Id,
    /// When the member was last changed.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: Id,
    /// Since when the member cannot sign in or act.
    pub disabled_at: Option<Timestamp>,
    /// Since when the member is gone.
    pub removed_at: Option<Timestamp>,
}

impl Member {
    /// Whether the member can act.
    #[must_use]
    pub fn state(&self) -> OwnerState {
        match (self.removed_at, self.disabled_at) {
            (Some(_), _) => OwnerState::Removed,
            (None, Some(_)) => OwnerState::Disabled,
            (None, None) => OwnerState::Active,
        }
    }
}

impl std::fmt::Debug for Member {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Member")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: String,
    persona_id: String,
    organization_id: String,
    email: String,
    full_name: String,
    title: Option<String>,
    phone: Option<String>,
    roles: String,
    password_hash: String,
    created_at: i64,
    created_by: String,
    updated_at: i64,
    updated_by: String,
    disabled_at: Option<i64>,
    removed_at: Option<i64>,
}

impl TryFrom<Row> for Member {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: UserId(Column("member", "id").id(&row.id)?),
            persona_id: Column("member", "persona_id").id(&row.persona_id)?,
            organization_id: OrganizationId(
                Column("member", "organization_id").id(&row.organization_id)?,
            ),
            email: row.email,
            full_name: row.full_name,
            title: row.title,
            phone: row.phone,
            roles: RoleSet::from_titles(&row.roles),
            password_hash: row.password_hash,
            created_at: Timestamp::from_micros(row.created_at),
            created_by: Column("member", "created_by").id(&row.created_by)?,
            updated_at: Timestamp::from_micros(row.updated_at),
            updated_by: Column("member", "updated_by").id(&row.updated_by)?,
            disabled_at: moment(row.disabled_at),
            removed_at: moment(row.removed_at),
        })
    }
}

impl Conn {
    /// The member with this id, gone ones too.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_member(&mut self, id: UserId) -> Result<Option<Member>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(FIND).bind(id.to_string()).fetch_optional(c).await)?
            .map(Member::try_from)
            .transpose()
    }

    /// Those of the members that there are or were, in no order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_members(&mut self, ids: &[Id]) -> Result<Vec<Member>, StoreError> {
        let rows: Vec<Row> = self.ask_over(&FIND_MANY, &alone(ids)).await?;
        rows.into_iter().map(Member::try_from).collect()
    }

    /// The present member with this address, given in lower case.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_member_by_email(
        &mut self,
        email: &str,
    ) -> Result<Option<Member>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(FIND_BY_EMAIL).bind(email).fetch_optional(c).await)?
            .map(Member::try_from)
            .transpose()
    }

    /// The present members of an organization, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_members(
        &mut self,
        organization_id: OrganizationId,
        limit: i64,
    ) -> Result<Vec<Member>, StoreError> {
        on!(self, c => sqlx::query_as::<_, Row>(LIST).bind(organization_id.to_string()).bind(limit).fetch_all(c).await)?
            .into_iter()
            .map(Member::try_from)
            .collect()
    }

    /// How many present, enabled administrators there are.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_administrators(
        &mut self,
        organization_id: OrganizationId,
    ) -> Result<i64, StoreError> {
        Ok(on!(self, c => sqlx::query_scalar(COUNT_ADMINISTRATORS)
            .bind(organization_id.to_string())
            .fetch_one(c)
            .await)?)
    }
}

impl Write {
    /// Adds a member.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a present member has the address.
    pub async fn insert_member(&mut self, member: &Member) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(INSERT)
            .bind(member.id.to_string())
            .bind(member.persona_id.to_string())
            .bind(member.organization_id.to_string())
            .bind(&member.email)
            .bind(&member.full_name)
            .bind(&member.title)
            .bind(&member.phone)
            .bind(member.roles.to_titles())
            .bind(&member.password_hash)
            .bind(member.created_at.as_micros())
            .bind(member.created_by.to_string())
            .bind(member.updated_at.as_micros())
            .bind(member.updated_by.to_string())
            .bind(member.disabled_at.map(Timestamp::as_micros))
            .bind(member.removed_at.map(Timestamp::as_micros))
            .bind(member.full_name.to_lowercase())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Stores what has changed of a member.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another present member has the address.
    pub async fn update_member(&mut self, member: &Member) -> Result<(), StoreError> {
        on!(self, c => sqlx::query(UPDATE)
            .bind(member.id.to_string())
            .bind(&member.email)
            .bind(&member.full_name)
            .bind(&member.title)
            .bind(&member.phone)
            .bind(member.roles.to_titles())
            .bind(&member.password_hash)
            .bind(member.updated_at.as_micros())
            .bind(member.updated_by.to_string())
            .bind(member.disabled_at.map(Timestamp::as_micros))
            .bind(member.removed_at.map(Timestamp::as_micros))
            .bind(member.full_name.to_lowercase())
            .execute(c)
            .await
            .map(drop))?;
        Ok(())
    }
}
