//! Table `member`: users as members of their organization. `member_list` has the list.

use domain::{
    identity::role::RoleSet,
    platform::{
        id::{Id, OrganizationId, TeamId, UserId},
        timestamp::Timestamp,
        visible::folded,
    },
    tokens::token::{OwnerEnds, OwnerState},
};

use crate::{
    audit::Write,
    platform::{
        CheckedTable, Column, Conn, Sql, StoreError, Stored, Value, over_rows, statements, values,
    },
};

/// The columns of a [`MemberColumns`].
macro_rules! columns {
    () => {
        "id, persona_id, organization_id, email, full_name, title, phone, roles, password_hash, created_at, \
         created_by, updated_at, updated_by, disabled_at, removed_at"
    };
}

pub(crate) use columns;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM member ", $rest)
    };
}

statements! {
    const FIND: Sql = select!("WHERE id = $1");
    const FIND_MANY: Sql = over_rows!(select!("WHERE id IN (SELECT given.value ->> 0 FROM"), ")");
    const FIND_BY_EMAIL: Sql = select!("WHERE email = $1 AND removed_at IS NULL");
    const LIST: Sql = select!(
        "WHERE organization_id = $1 AND removed_at IS NULL ORDER BY name_folded, full_name, id LIMIT $2"
    );
    /// Only among the first members by name, since nearly all members can be in the team. Each is looked up: an anti-join
    /// reads the whole team.
    const LIST_OUTSIDE_TEAM: Sql = concat!(
        "SELECT ", columns!(), " FROM (SELECT ", columns!(), ", name_folded FROM member \
            WHERE organization_id = $1 AND removed_at IS NULL ORDER BY name_folded, full_name, id LIMIT $4) AS first \
         WHERE (SELECT COUNT(*) FROM team_member t WHERE t.team_id = $2 AND t.user_id = first.id) = 0 \
         ORDER BY name_folded, full_name, id LIMIT $3"
    );
    const COUNT_ADMINISTRATORS: Sql = "SELECT COUNT(*) FROM member WHERE organization_id = $1 \
        AND removed_at IS NULL AND disabled_at IS NULL AND (',' || roles || ',') LIKE '%,admin,%'";
    const LIST_ADMINISTRATORS: Sql = select!("WHERE organization_id = $1 AND removed_at IS NULL \
        AND disabled_at IS NULL AND (',' || roles || ',') LIKE '%,admin,%' ORDER BY created_at, id LIMIT $2");
    const INSERT: Sql = "INSERT INTO member (id, persona_id, organization_id, email, full_name, title, phone, roles, \
        password_hash, created_at, created_by, updated_at, updated_by, disabled_at, removed_at, name_folded) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    const UPDATE: Sql = "UPDATE member SET email = $2, full_name = $3, title = $4, phone = $5, roles = $6, \
        password_hash = $7, updated_at = $8, updated_by = $9, disabled_at = $10, removed_at = $11, name_folded = $12 \
        WHERE id = $1";
}

/// A user as a member of an organization. Contains the hash of the password, so it is never serialized.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// The user's id in the organization.
    pub id: UserId,
    /// The person's id across organizations (docs/contract.md#members).
    pub persona_id: Id,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Email address, in lower case.
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
    /// When the member was created.
    pub created_at: Timestamp,
    /// Who created the member.
    pub created_by: Id,
    /// When the member was last updated.
    pub updated_at: Timestamp,
    /// Who last updated the member.
    pub updated_by: Id,
    /// When the member was disabled: they cannot sign in, and their tokens are dead.
    pub disabled_at: Option<Timestamp>,
    /// When the member was removed.
    pub removed_at: Option<Timestamp>,
}

impl Member {
    /// Whether the member's tokens can be used.
    #[must_use]
    pub const fn state(&self) -> OwnerState {
        match (self.removed_at, self.disabled_at) {
            (Some(_), _) => OwnerState::Removed,
            (None, Some(_)) => OwnerState::Disabled,
            (None, None) => OwnerState::Active,
        }
    }

    /// When the member stopped being active.
    #[must_use]
    pub const fn ends(&self) -> OwnerEnds {
        OwnerEnds {
            disabled_at: self.disabled_at,
            removed_at: self.removed_at,
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
pub(crate) struct MemberColumns {
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

impl Stored for Member {
    type Row = MemberColumns;

    fn from_row(row: MemberColumns) -> Result<Self, StoreError> {
        let column = |name| Column("member", name);
        Ok(Self {
            id: UserId(column("id").id(&row.id)?),
            persona_id: column("persona_id").id(&row.persona_id)?,
            organization_id: OrganizationId(column("organization_id").id(&row.organization_id)?),
            email: row.email,
            full_name: row.full_name,
            title: row.title,
            phone: row.phone,
            roles: RoleSet::from_titles(&row.roles),
            password_hash: row.password_hash,
            created_at: Timestamp::from_micros(row.created_at),
            created_by: column("created_by").id(&row.created_by)?,
            updated_at: Timestamp::from_micros(row.updated_at),
            updated_by: column("updated_by").id(&row.updated_by)?,
            disabled_at: row.disabled_at.map(Timestamp::from_micros),
            removed_at: row.removed_at.map(Timestamp::from_micros),
        })
    }
}

impl Conn {
    /// The member with this id, even if removed.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_member(&mut self, id: UserId) -> Result<Option<Member>, StoreError> {
        self.find(FIND, values![id]).await
    }

    /// The members with these ids, including removed ones, in no order.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_members_by_id(&mut self, ids: &[Id]) -> Result<Vec<Member>, StoreError> {
        self.list(FIND_MANY, values![Value::id_rows(ids)?]).await
    }

    /// The member with this address in lower case.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_member_by_email(
        &mut self,
        email: &str,
    ) -> Result<Option<Member>, StoreError> {
        self.find(FIND_BY_EMAIL, values![email]).await
    }

    /// The members of an organization, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_members(
        &mut self,
        organization_id: OrganizationId,
        limit: i64,
    ) -> Result<Vec<Member>, StoreError> {
        self.list(LIST, values![organization_id, limit]).await
    }

    /// The members of an organization that are not in a team, by name, of the first `4 * limit` members.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_members_outside_team(
        &mut self,
        organization_id: OrganizationId,
        team_id: TeamId,
        limit: i64,
    ) -> Result<Vec<Member>, StoreError> {
        let values = values![organization_id, team_id.0, limit, 4 * limit];
        self.list(LIST_OUTSIDE_TEAM, values).await
    }

    /// The number of administrators that are neither removed nor disabled.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_administrators(
        &mut self,
        organization_id: OrganizationId,
    ) -> Result<i64, StoreError> {
        let (count,) = self
            .fetch_one::<(i64,)>(COUNT_ADMINISTRATORS, values![organization_id])
            .await?;
        Ok(count)
    }

    /// The administrators that are neither removed nor disabled, by the time at which they became members.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_administrators(
        &mut self,
        organization_id: OrganizationId,
        limit: i64,
    ) -> Result<Vec<Member>, StoreError> {
        self.list(LIST_ADMINISTRATORS, values![organization_id, limit])
            .await
    }
}

impl Write {
    /// Adds a member.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a member has the address.
    pub async fn insert_member(&mut self, member: &Member) -> Result<(), StoreError> {
        let values = values![
            member.id,
            member.persona_id,
            member.organization_id,
            &member.email,
            &member.full_name,
            &member.title,
            &member.phone,
            member.roles.to_titles(),
            &member.password_hash,
            member.created_at,
            member.created_by,
            member.updated_at,
            member.updated_by,
            member.disabled_at,
            member.removed_at,
            folded(&member.full_name),
        ];
        self.touch(CheckedTable::Member, member.id);
        self.execute(INSERT, values).await.map(drop)
    }

    /// Updates a member.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another member has the address.
    pub async fn update_member(&mut self, member: &Member) -> Result<(), StoreError> {
        let values = values![
            member.id,
            &member.email,
            &member.full_name,
            &member.title,
            &member.phone,
            member.roles.to_titles(),
            &member.password_hash,
            member.updated_at,
            member.updated_by,
            member.disabled_at,
            member.removed_at,
            folded(&member.full_name),
        ];
        self.touch(CheckedTable::Member, member.id);
        self.execute(UPDATE, values).await.map(drop)
    }
}
