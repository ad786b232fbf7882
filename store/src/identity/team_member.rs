//! Table `team_member`: who is in which team now.

use domain::platform::{
    id::{TeamId, UserId},
    limits,
    timestamp::Timestamp,
};

use crate::platform::{
    dialect::on,
    error::StoreError,
    row::Column,
    transaction::{Conn, Write},
};

const LIST_TEAMS: &str =
    "SELECT team_id FROM team_member WHERE user_id = $1 ORDER BY joined_at, team_id LIMIT $2";
const LIST_USERS: &str =
    "SELECT user_id FROM team_member WHERE team_id = $1 ORDER BY joined_at, user_id LIMIT $2";
const INSERT: &str = "INSERT INTO team_member (team_id, user_id, joined_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const DELETE: &str = "DELETE FROM team_member WHERE team_id = $1 AND user_id = $2";

impl Conn {
    /// The teams a user is in.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_teams_of_user(&mut self, user_id: UserId) -> Result<Vec<TeamId>, StoreError> {
        on!(self, c => sqlx::query_scalar::<_, String>(LIST_TEAMS)
            .bind(user_id.to_string())
            .bind(i64::try_from(limits::TEAMS_PER_USER).unwrap_or(i64::MAX))
            .fetch_all(c)
            .await)?
        .iter()
        .map(|id| Column("team_member", "team_id").id(id).map(TeamId))
        .collect()
    }

    /// The users in a team, in the order they joined.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_users_of_team(&mut self, team_id: TeamId) -> Result<Vec<UserId>, StoreError> {
        on!(self, c => sqlx::query_scalar::<_, String>(LIST_USERS)
            .bind(team_id.to_string())
            .bind(limits::PAGE_OBJECTS)
            .fetch_all(c)
            .await)?
        .iter()
        .map(|id| Column("team_member", "user_id").id(id).map(UserId))
        .collect()
    }
}

impl Write {
    /// Puts a user into a team; `false` when they were in it.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_team_member(
        &mut self,
        team_id: TeamId,
        user_id: UserId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let joined = on!(self, c => sqlx::query(INSERT)
            .bind(team_id.to_string())
            .bind(user_id.to_string())
            .bind(at.as_micros())
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(joined == 1)
    }

    /// Takes a user out of a team; `false` when they were not in it.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn delete_team_member(
        &mut self,
        team_id: TeamId,
        user_id: UserId,
    ) -> Result<bool, StoreError> {
        let left = on!(self, c => sqlx::query(DELETE)
            .bind(team_id.to_string())
            .bind(user_id.to_string())
            .execute(c)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(left == 1)
    }
}
