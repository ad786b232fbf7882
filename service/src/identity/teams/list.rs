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
use serde_json::json;
use store::Conn;

use crate::{
    identity::handle::Teams,
    objects::{
        changes::fields,
        list::ListQuery,
        load::{find, readable},
    },
    platform::error::ServiceError,
};

/// A team with its members and linked objects.
#[derive(Debug, Clone, PartialEq)]
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

impl Teams {
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
        for team in page.results {
            results.push(TeamView::of(&mut read, readable(caller, team)).await?);
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
        TeamView::of(&mut read, readable(caller, team)).await
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
