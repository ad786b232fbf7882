//! Updating a chart. Callers who may write its dashboard may write it; one on no dashboard is open to all writers.

use domain::{
    audit::event::ObjectType,
    identity::actor::{Actor, Caller},
    objects::{
        chart::{self, ChartDraft},
        object::Object,
        permissions::{Change, Effective, Protection, authorize_update},
    },
    platform::{document::Document, id::Id, rejection::Rejected},
};
use store::{Conn, ReadAccess, StoreError, Write};

use crate::{
    objects::{
        dashboards::placement::DashboardInGroup,
        load::{acting, find},
        references::References,
        update::{Updatable, Update, set_content},
    },
    platform::{error::ServiceError, handle::Platform},
};

/// A chart with its dashboard, if it has one.
#[derive(Debug, Clone)]
pub(crate) struct ChartOnDashboard {
    pub(crate) chart: Object,
    pub(crate) placed: Option<DashboardInGroup>,
}

impl ChartOnDashboard {
    pub(crate) async fn load(conn: &mut Conn, chart: Object) -> Result<Self, ServiceError> {
        let placed = match chart.parent_id {
            Some(dashboard_id) => {
                let dashboard = conn.find_object(dashboard_id).await?;
                // A foreign key keeps a dashboard while it has a chart.
                let dashboard = dashboard.ok_or(StoreError::Corrupt {
                    table: "object",
                    column: "parent_id",
                })?;
                Some(DashboardInGroup::load(conn, dashboard).await?)
            }
            None => None,
        };
        Ok(Self { chart, placed })
    }

    pub(crate) async fn find(
        conn: &mut Conn,
        caller: &Caller,
        id: Id,
    ) -> Result<Self, ServiceError> {
        let chart = find(conn, caller, ObjectType::Chart, id).await?;
        Self::load(conn, chart).await
    }

    pub(crate) fn effective(&self) -> Effective {
        match &self.placed {
            Some(placed) => placed.effective(),
            None => Effective::of(self.chart.organization_id, &Protection::Open),
        }
    }

    pub(crate) async fn acting(
        &self,
        conn: &mut Conn,
        caller: &Caller,
    ) -> Result<Actor, ServiceError> {
        match &self.placed {
            Some(placed) => acting(conn, caller, &placed.protections()).await,
            None => Ok(caller.actor().clone()),
        }
    }

    pub(crate) fn access(&self) -> ReadAccess {
        ReadAccess {
            access_id: self
                .placed
                .as_ref()
                .and_then(|placed| placed.access().access_id),
            readers: None,
        }
    }
}

/// A request to update a chart.
pub(crate) struct ChartRequest {
    actor: Actor,
    draft: Result<ChartDraft, Rejected>,
}

impl Updatable for ChartOnDashboard {
    type Request = ChartRequest;

    const KIND: ObjectType = ObjectType::Chart;

    fn object(&self) -> &Object {
        &self.chart
    }

    fn object_mut(&mut self) -> &mut Object {
        &mut self.chart
    }

    async fn load_with(conn: &mut Conn, chart: Object) -> Result<Self, ServiceError> {
        Self::load(conn, chart).await
    }

    async fn load_request(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        given: &Document,
    ) -> Result<ChartRequest, ServiceError> {
        Ok(ChartRequest {
            actor: self.acting(conn, caller).await?,
            draft: ChartDraft::read(given, Some(&self.chart.name)),
        })
    }

    fn decide(
        &self,
        request: ChartRequest,
        _new_id: &dyn Fn() -> Id,
    ) -> Result<Option<Update<Self>>, ServiceError> {
        authorize_update(&request.actor, &self.effective(), Change::Content)?;
        let draft = request.draft?;
        let mut after = self.clone();
        let defaults = chart::defaults();
        let is_changed = set_content(&mut after.chart, draft.name, draft.document, &defaults);
        let references = References::default();
        Ok(is_changed.then_some(Update { after, references }))
    }

    async fn write(
        &self,
        write: &mut Write,
        after: &Self,
        _platform: &Platform,
    ) -> Result<(), ServiceError> {
        let access = self.access();
        Ok(write
            .update_object(&self.chart, &after.chart, &access)
            .await?)
    }
}
