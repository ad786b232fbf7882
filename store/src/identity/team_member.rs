//! Table `team_member`: the current members of each team.

use domain::platform::{
    id::{TeamId, UserId},
    limits,
    timestamp::Timestamp,
};

use crate::{
    audit::Write,
    platform::{Column, Conn, Sql, StoreError, statements, values},
};

statements! {
    const LIST_TEAMS: Sql = "SELECT team_id FROM team_member WHERE user_id = $1 ORDER BY joined_at, team_id LIMIT $2";
    const LIST_USERS: Sql = "SELECT user_id FROM team_member WHERE team_id = $1 ORDER BY joined_at, user_id LIMIT $2";
    const INSERT: Sql =
        "INSERT INTO team_member (team_id, user_id, joined_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    const DELETE: Sql = "DELETE FROM team_member WHERE team_id = $1 AND user_id = $2";
}

impl Conn {
    /// The teams of a user.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_teams_of_user(&mut self, user_id: UserId) -> Result<Vec<TeamId>, StoreError> {
        let limit = i64::try_from(limits::TEAMS_PER_USER).unwrap_or(i64::MAX);
        let found = self
            .fetch_all::<(String,)>(LIST_TEAMS, values![user_id, limit])
            .await?;
        let column = Column("team_member", "team_id");
        found
            .iter()
            .map(|(id,)| column.id(id).map(TeamId))
            .collect()
    }

    /// The members of a team, in the order in which they joined.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_users_of_team(&mut self, team_id: TeamId) -> Result<Vec<UserId>, StoreError> {
        let found = self
            .fetch_all::<(String,)>(LIST_USERS, values![team_id, limits::PAGE_OBJECTS])
            .await?;
        let column = Column("team_member", "user_id");
        found
            .iter()
            .map(|(id,)| column.id(id).map(UserId))
            .collect()
    }
}

impl Write {
    /// Adds a user to a team; `false` when they were in it.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn insert_team_member(
        &mut self,
        team_id: TeamId,
        user_id: UserId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let joined = self.execute(INSERT, values![team_id, user_id, at]).await?;
        Ok(joined == 1)
    }

    /// Removes a user from a team; `false` when they were not in it.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn delete_team_member(
        &mut self,
        team_id: TeamId,
        user_id: UserId,
    ) -> Result<bool, StoreError> {
        let left = self.execute(DELETE, values![team_id, user_id]).await?;
        Ok(left == 1)
    }
}
