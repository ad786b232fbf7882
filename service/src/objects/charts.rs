//! Charts: list, find, create, change, delete, validate (docs/contract.md#charts). A chart is read and written by
//! whoever may read and write its dashboard; one on no dashboard, by everybody.

use domain::{
    audit::event::{AuditEvent, ObjectType},
    identity::actor::{Actor, Caller},
    objects::{
        chart::{self, ChartDraft},
        dashboard,
        object::Object,
        permissions::{
            Change, Effective, Protection, authorize_create, authorize_read, authorize_update,
            authorize_write,
        },
    },
    platform::{
        document::{Document, same_content},
        id::Id,
        page::{OffsetPage, Page},
    },
};
use store::{Conn, ReadAccess, Write};

use crate::{
    objects::{
        access::{ListQuery, acting, find},
        changes::{created, deleted, updated},
        handle::Objects,
        placement::Placed,
    },
    platform::error::ServiceError,
};

/// A chart with the dashboard it is on, if it is on one.
struct Charted {
    chart: Object,
    placed: Option<Placed>,
}

impl Charted {
    async fn find(conn: &mut Conn, caller: &Caller, id: Id) -> Result<Self, ServiceError> {
        let chart = find(conn, caller, ObjectType::Chart, id).await?;
        let placed = match chart.parent_id {
            Some(dashboard_id) => Some(Placed::find(conn, caller, dashboard_id).await?),
            None => None,
        };
        Ok(Self { chart, placed })
    }

    fn effective(&self) -> Effective {
        match &self.placed {
            Some(placed) => placed.effective(),
            None => Effective::of(self.chart.organization_id, &Protection::Open),
        }
    }

    async fn acting(&self, conn: &mut Conn, caller: &Caller) -> Result<Actor, ServiceError> {
        match &self.placed {
            Some(placed) => acting(conn, caller, &placed.protections()).await,
            None => Ok(caller.actor().clone()),
        }
    }

    fn access(&self) -> ReadAccess {
        ReadAccess {
            access_id: self
                .placed
                .as_ref()
                .and_then(|placed| placed.access().access_id),
            readers: None,
        }
    }
}

impl Objects {
    /// The charts the caller may read.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database cannot be asked.
    pub async fn list_charts(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        self.list_objects(caller, ObjectType::Chart, query, page)
            .await
    }

    /// A chart.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, [`ServiceError::Denied`] without READ on its dashboard.
    pub async fn find_chart(&self, caller: &Caller, id: Id) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let charted = Charted::find(&mut read, caller, id).await?;
        let actor = charted.acting(&mut read, caller).await?;
        authorize_read(&actor, &charted.effective())?;
        Ok(charted.chart)
    }

    /// Makes a chart, on no dashboard yet.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not write at all, [`ServiceError::Rejected`] when the document breaks
    /// a rule.
    pub async fn create_chart(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        authorize_create(caller.actor())?;
        let draft = ChartDraft::read(given, None)?;
        let mut write = self.platform.store().write().await?;
        let (chart, event) = self.insert_chart(&mut write, caller, draft).await?;
        self.audit.commit(write, event).await?;
        Ok(chart)
    }

    /// Makes a chart in an open write, on no dashboard yet.
    pub(crate) async fn insert_chart(
        &self,
        write: &mut Write,
        caller: &Caller,
        draft: ChartDraft,
    ) -> Result<(Object, AuditEvent), ServiceError> {
        let stamp = self.platform.stamp(caller);
        let chart = Object {
            id: self.platform.new_id(),
            organization_id: caller.organization_id(),
            kind: ObjectType::Chart,
            name: draft.name,
            parent_id: None,
            document: draft.document,
            protection: Protection::Open,
            created: stamp.clone(),
            updated: stamp,
        };
        write.insert_object(&chart, &ReadAccess::default()).await?;
        let event = created(caller, &chart.created, &chart);
        Ok((chart, event))
    }

    /// Changes a chart. A request that says what is stored changes nothing.
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
        let mut write = self.platform.store().write().await?;
        let charted = Charted::find(&mut write, caller, id).await?;
        let before = &charted.chart;
        let actor = charted.acting(&mut write, caller).await?;
        authorize_update(&actor, &charted.effective(), Change::Content)?;
        let draft = ChartDraft::read(given, Some(&before.name))?;
        let same = same_content(&before.document, &draft.document, &chart::defaults());
        if same && draft.name == before.name {
            return Ok(charted.chart);
        }
        let mut after = before.clone();
        after.name = draft.name;
        if !same {
            after.document = draft.document;
        }
        after.updated = self.platform.stamp(caller);
        write
            .update_object(before, &after, &charted.access())
            .await?;
        let event = updated(caller, &after.updated, before, &after);
        self.audit.commit(write, event).await?;
        Ok(after)
    }

    /// Deletes a chart and takes it off its dashboard.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] without WRITE on its dashboard.
    pub async fn delete_chart(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let charted = Charted::find(&mut write, caller, id).await?;
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

    /// Judges a chart that is not stored.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not make one, [`ServiceError::Rejected`] with what is wrong.
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
