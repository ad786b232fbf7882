//! Table `team_member`: the current members of each team.

use std::collections::HashMap;

use domain::{
    audit::event::ObjectType,
    platform::{
        id::{Id, TeamId, UserId},
        limits,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
};

use crate::{
    audit::Write,
    platform::{
        CheckedTable, Column, Conn, Sql, StoreError, Stored, Value, counted, listed, over_rows,
        statements, values,
    },
};

macro_rules! of_team {
    () => {
        "FROM team_member WHERE team_id = $1"
    };
}

statements! {
    const LIST_TEAMS: Sql = "SELECT team_id FROM team_member WHERE user_id = $1 ORDER BY joined_at, team_id LIMIT $2";
    const COUNT_USERS: Sql = counted!(of_team!(), "$2");
    const LIST_USERS: Sql = listed!("user_id", of_team!(), "joined_at, user_id", "$2", "$3");
    /// Rows: the id of the team.
    const SIZES: Sql = over_rows!(
        "SELECT given.value ->> 0, \
            (SELECT COUNT(*) FROM (SELECT 1 FROM team_member m WHERE m.team_id = given.value ->> 0 LIMIT $5) AS found), \
            (SELECT COUNT(*) FROM team_member m WHERE m.team_id = given.value ->> 0 AND m.user_id = $2), \
            (SELECT COUNT(*) FROM object_ref r JOIN object o ON o.id = r.object_id \
             WHERE r.relation = 'team' AND r.value = given.value ->> 0 AND o.kind IN ($3, $4)) \
         FROM",
        ""
    );
    const INSERT: Sql =
        "INSERT INTO team_member (team_id, user_id, joined_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    const DELETE: Sql = "DELETE FROM team_member WHERE team_id = $1 AND user_id = $2";
    const DELETE_ALL: Sql = "DELETE FROM team_member WHERE team_id = $1 RETURNING team_id || '/' || user_id";
}

/// How many members and linked objects a team has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TeamSize {
    /// The number of members, at most [`limits::PAGE_OBJECTS`].
    pub members: i64,
    /// The number of dashboard groups and detectors that name the team.
    pub links: i64,
    /// Whether the user of the query is a member.
    pub has_user: bool,
}

impl Stored for UserId {
    type Row = (String,);

    fn from_row((id,): Self::Row) -> Result<Self, StoreError> {
        Column("team_member", "user_id").id(&id).map(Self)
    }
}

impl Conn {
    /// The sizes of these teams; the membership of `user_id` is returned, too.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn count_in_teams(
        &mut self,
        team_ids: &[Id],
        user_id: Option<UserId>,
    ) -> Result<HashMap<Id, TeamSize>, StoreError> {
        let [groups, detectors] = [ObjectType::DashboardGroup, ObjectType::Detector];
        let values = values![
            Value::id_rows(team_ids)?,
            Value::id_or_empty(user_id.map(|user| user.0)),
            groups.label(),
            detectors.label(),
            limits::PAGE_OBJECTS,
        ];
        let found = self
            .fetch_all::<(String, i64, i64, i64)>(SIZES, values)
            .await?;
        let column = Column("team_member", "team_id");
        let sizes = found.iter().map(|(id, members, of_user, links)| {
            let size = TeamSize {
                members: *members,
                links: *links,
                has_user: *of_user > 0,
            };
            Ok((column.id(id)?, size))
        });
        sizes.collect()
    }

    /// A page of the members of a team, in the order in which they joined, and their number.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn page_users_of_team(
        &mut self,
        team_id: TeamId,
        page: OffsetPage,
    ) -> Result<Page<UserId>, StoreError> {
        self.page(COUNT_USERS, LIST_USERS, values![team_id], page)
            .await
    }

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
        self.list(LIST_USERS, values![team_id, limits::PAGE_OBJECTS, 0_i64])
            .await
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
        self.touch(CheckedTable::TeamMember, key(team_id, user_id));
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
        self.touch(CheckedTable::TeamMember, key(team_id, user_id));
        let left = self.execute(DELETE, values![team_id, user_id]).await?;
        Ok(left == 1)
    }

    /// Removes all users from a team, before it is deleted.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub(crate) async fn delete_team_members(&mut self, team_id: Id) -> Result<(), StoreError> {
        let left = self
            .fetch_all::<(String,)>(DELETE_ALL, values![team_id])
            .await?;
        self.touch_all(CheckedTable::TeamMember, left);
        Ok(())
    }
}

/// The id of the row of a user in a team.
fn key(team_id: TeamId, user_id: UserId) -> String {
    format!("{team_id}/{user_id}")
}
