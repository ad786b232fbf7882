//! Charts: list, find, create, update, delete, validate (docs/contract.md#charts). A chart has the permissions of its
//! dashboard; one on no dashboard is open to all.

use domain::{
    audit::event::{AuditEvent, ObjectType},
    identity::actor::Caller,
    objects::{
        chart::ChartDraft,
        dashboard,
        object::Object,
        permissions::{authorize_create, authorize_read, authorize_write},
    },
    platform::{
        document::Document,
        id::Id,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
};
use store::{ReadAccess, Write};

use crate::{
    audit::creation::Creation,
    objects::{
        changes::{created, deleted},
        chart_update::ChartOnDashboard,
        handle::Objects,
        list::ListQuery,
    },
    platform::error::ServiceError,
};

impl Objects {
    /// Lists the charts that the caller may read.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list_charts(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        self.list_objects(caller, ObjectType::Chart, query, page)
            .await
    }

    /// Finds a chart.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist, [`ServiceError::Denied`] without READ on its dashboard.
    pub async fn find_chart(&self, caller: &Caller, id: Id) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let charted = ChartOnDashboard::find(&mut read, caller, id).await?;
        let actor = charted.acting(&mut read, caller).await?;
        authorize_read(&actor, &charted.effective())?;
        Ok(charted.chart)
    }

    /// Creates a chart, on no dashboard.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller without a writing role, [`ServiceError::Rejected`] when the document
    /// breaks a rule.
    pub async fn create_chart(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        authorize_create(caller.actor())?;
        let draft = ChartDraft::read(given, None)?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(chart) => return Ok(chart),
        };
        let (chart, event) = self.insert_chart(&mut write, caller, draft).await?;
        self.audit
            .commit_creation(write, caller, event, &chart)
            .await?;
        Ok(chart)
    }

    /// Creates a chart in an open write, on no dashboard.
    pub(crate) async fn insert_chart(
        &self,
        write: &mut Write,
        caller: &Caller,
        draft: ChartDraft,
    ) -> Result<(Object, AuditEvent), ServiceError> {
        let kind = ObjectType::Chart;
        let chart = self.new_object(caller, kind, draft.name, draft.document);
        write.insert_object(&chart, &ReadAccess::default()).await?;
        let event = created(caller, &chart.created, &chart);
        Ok((chart, event))
    }

    /// Updates a chart. A request that matches what is stored changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] without WRITE on its dashboard, [`ServiceError::Rejected`]
    /// when the document breaks a rule.
    pub async fn update_chart(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        self.update::<ChartOnDashboard>(caller, id, given, None)
            .await
    }

    /// Updates a chart, unless it was changed since this time.
    pub(crate) async fn update_chart_seen_at(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
        seen_at: Timestamp,
    ) -> Result<Object, ServiceError> {
        self.update::<ChartOnDashboard>(caller, id, given, Some(seen_at))
            .await
    }

    /// Deletes a chart and removes it from its dashboard.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] without WRITE on its dashboard.
    pub async fn delete_chart(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let charted = ChartOnDashboard::find(&mut write, caller, id).await?;
        let actor = charted.acting(&mut write, caller).await?;
        authorize_write(&actor, &charted.effective())?;
        if let Some(placed) = &charted.placed {
            let mut after = placed.dashboard.clone();
            after.document = dashboard::without_chart(after.document, id);
            write.follow_object(&placed.dashboard, &after).await?;
        }
        write.delete_object(id).await?;
        let event = deleted(caller, &self.platform.stamp(caller), &charted.chart);
        self.audit.commit(write, event).await
    }

    /// Validates a chart without storing it.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not create one, [`ServiceError::Rejected`] with the reason.
    pub async fn validate_chart(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<(), ServiceError> {
        authorize_create(caller.actor())?;
        ChartDraft::read(given, None)?;
        Ok(())
    }
}
