//! Finding and listing teams, with their members and linked objects (docs/contract.md#teams).

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::object::{Object, Relation},
    platform::{
        document::Document,
        id::{Id, TeamId, UserId},
        page::{OffsetPage, Page},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Conn, TeamSize};

use crate::{
    identity::handle::Teams,
    objects::{
        changes::fields,
        list::ListQuery,
        load::find,
        webhook_secrets::{readable_all, readable_one},
    },
    platform::error::ServiceError,
};

/// A team with its members and linked objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamView {
    /// The team.
    pub team: Object,
    /// Its members, in the order in which they joined.
    pub members: Vec<UserId>,
    /// Dashboard groups linked to it.
    pub dashboard_groups: Vec<Id>,
    /// Detectors linked to it.
    pub detectors: Vec<Id>,
}

impl TeamView {
    pub(crate) async fn of(conn: &mut Conn, team: Object) -> Result<Self, ServiceError> {
        let kinds = [ObjectType::DashboardGroup, ObjectType::Detector];
        let mut linked = [Vec::new(), Vec::new()];
        for (ids, kind) in linked.iter_mut().zip(kinds) {
            *ids = conn
                .list_referring_ids(Relation::Team, team.id, kind)
                .await?;
        }
        let [dashboard_groups, detectors] = linked;
        Ok(Self {
            members: conn.list_users_of_team(TeamId(team.id)).await?,
            team,
            dashboard_groups,
            detectors,
        })
    }

    /// The fields that audit events compare: the team's own fields and its members.
    pub(crate) fn fields(&self) -> Document {
        let mut fields = fields(&self.team);
        fields.insert("members".to_owned(), json!(self.members));
        fields
    }
}

/// A team with the numbers of its members and linked objects.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamWithSize {
    /// The team.
    pub team: Object,
    /// The numbers, and whether the caller is a member.
    pub size: TeamSize,
}

impl Teams {
    /// Returns a page of the teams of the organization, without their members.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn page(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<TeamWithSize>, ServiceError> {
        let kind = ObjectType::Team;
        let found = self.objects.list_objects(caller, kind, query, page).await?;
        let mut read = self.platform.store().read().await?;
        Ok(Page {
            count: found.count,
            results: with_sizes(&mut read, caller, found.results).await?,
        })
    }

    /// The names of the first `limit` teams of the organization, to suggest.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn suggest(&self, caller: &Caller, limit: i64) -> Result<Vec<String>, ServiceError> {
        let (query, page) = (ListQuery::default(), OffsetPage { limit, offset: 0 });
        let found = self
            .objects
            .list_objects(caller, ObjectType::Team, &query, page)
            .await?;
        Ok(found.results.into_iter().map(|team| team.name).collect())
    }

    /// Finds a team, without its members.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist.
    pub async fn find_with_size(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<TeamWithSize, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let team = find(&mut read, caller, ObjectType::Team, id).await?;
        let found = with_sizes(&mut read, caller, vec![team]).await?.pop();
        found.ok_or_else(|| ServiceError::not_found(ObjectType::Team.words()))
    }

    /// Returns a page of the members of a team, in the order in which they joined.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the team does not exist.
    pub async fn page_members(
        &self,
        caller: &Caller,
        id: Id,
        page: OffsetPage,
    ) -> Result<Page<UserId>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        find(&mut read, caller, ObjectType::Team, id).await?;
        Ok(read.page_users_of_team(TeamId(id), page).await?)
    }

    /// Lists the teams of the organization.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<TeamView>, ServiceError> {
        let page = self
            .objects
            .list_objects(caller, ObjectType::Team, query, page)
            .await?;
        let mut read = self.platform.store().read().await?;
        let mut results = Vec::with_capacity(page.results.len());
        for team in readable_all(&mut read, caller, page.results).await? {
            results.push(TeamView::of(&mut read, team).await?);
        }
        Ok(Page {
            count: page.count,
            results,
        })
    }

    /// Finds a team.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist.
    pub async fn find(&self, caller: &Caller, id: Id) -> Result<TeamView, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let team = find(&mut read, caller, ObjectType::Team, id).await?;
        let team = readable_one(&mut read, caller, team).await?;
        TeamView::of(&mut read, team).await
    }

    /// Finds the team with this name, ignoring case.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist.
    pub async fn find_by_name(&self, caller: &Caller, name: &str) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        read.find_object_by_name(caller.organization_id(), ObjectType::Team, name)
            .await?
            .ok_or_else(|| ServiceError::not_found(ObjectType::Team.words()))
    }
}

async fn with_sizes(
    conn: &mut Conn,
    caller: &Caller,
    teams: Vec<Object>,
) -> Result<Vec<TeamWithSize>, ServiceError> {
    let ids: Vec<Id> = teams.iter().map(|team| team.id).collect();
    let user_id = caller.user().map(|user| user.id);
    let sizes = conn.count_in_teams(&ids, user_id).await?;
    let teams = readable_all(conn, caller, teams).await?;
    let teams = teams.into_iter().map(|team| TeamWithSize {
        size: sizes.get(&team.id).copied().unwrap_or_default(),
        team,
    });
    Ok(teams.collect())
}
