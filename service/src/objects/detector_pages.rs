//! Detectors on pages: the filters of their list, and the charts of a detector.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::object::{Object, Relation},
    platform::id::{Id, TeamId},
};

use crate::{
    objects::{handle::Objects, list::creators_of, load::find},
    platform::error::ServiceError,
};

/// Charts listed for one detector at most.
const LISTED_CHARTS: usize = 50;

/// The values that the list of detectors can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DetectorFacets {
    /// Tags, in order.
    pub tags: Vec<String>,
    /// Teams, in order of their names.
    pub teams: Vec<(TeamId, String)>,
    /// Creators, in order of their names.
    pub creators: Vec<(Id, String)>,
}

impl Objects {
    /// The values that the list of detectors can be filtered by.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn detector_facets(&self, caller: &Caller) -> Result<DetectorFacets, ServiceError> {
        let (organization_id, kind) = (caller.organization_id(), ObjectType::Detector);
        let mut read = self.platform.store().read().await?;
        let tags = read
            .list_referred(organization_id, kind, Relation::Tag)
            .await?;
        let team_ids = read
            .list_referred(organization_id, kind, Relation::Team)
            .await?;
        let team_ids: Vec<Id> = team_ids
            .iter()
            .filter_map(|id| Id::parse(id).ok())
            .collect();
        let teams = read.list_objects_by_id(&team_ids).await?;
        let mut teams: Vec<_> = teams
            .into_iter()
            .filter(|team| team.kind == ObjectType::Team)
            .map(|team| (TeamId(team.id), team.name))
            .collect();
        teams.sort_by_key(|(_, name)| name.to_lowercase());
        Ok(DetectorFacets {
            tags,
            teams,
            creators: creators_of(&mut read, caller, kind).await?,
        })
    }

    /// Lists the charts that refer to a detector, as far as the caller may read them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the detector does not exist.
    pub async fn list_charts_of_detector(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<Vec<Object>, ServiceError> {
        let named = {
            let mut read = self.platform.store().read().await?;
            find(&mut read, caller, ObjectType::Detector, id).await?;
            read.list_referring_ids(Relation::Detector, id, ObjectType::Chart)
                .await?
        };
        let mut charts = Vec::new();
        for chart_id in named.into_iter().take(LISTED_CHARTS) {
            match self.find_chart(caller, chart_id).await {
                Ok(chart) => charts.push(chart),
                Err(ServiceError::Denied(_) | ServiceError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(charts)
    }
}
