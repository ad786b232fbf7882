//! Automated archival: the settings, of which an organization has at most one object, and the exempt metrics
//! (docs/contract.md#automated-archival).

use domain::{
    audit::{
        event::{ObjectType, SharedKind},
        events::Events,
    },
    identity::actor::Caller,
    objects::{
        object::Object,
        shared::{
            archival::{read_exempt_metrics, read_ids},
            draft::SharedDraft,
        },
    },
    platform::{
        document::{Document, reject},
        id::Id,
        limits,
        page::OffsetPage,
        visible::composed,
    },
};
use serde_json::Value;
use store::{Conn, ObjectFilter, ObjectOrder, ReadAccess, Reader};

use super::checks::{authorize_change, check_deleted_version};
use crate::{
    audit::creation::Creation,
    objects::{
        changes::{created, deleted},
        handle::Objects,
        load::find,
    },
    platform::error::ServiceError,
};

const SETTINGS: SharedKind = SharedKind::ArchivalSettings;
const EXEMPT: SharedKind = SharedKind::ExemptMetric;

impl Objects {
    /// Finds the settings of automated archival.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] before they are created.
    pub async fn find_archival_settings(&self, caller: &Caller) -> Result<Object, ServiceError> {
        let id = caller.organization_id().into();
        self.find_shared(SETTINGS, caller, id).await
    }

    /// Replaces the settings of automated archival.
    ///
    /// # Errors
    /// As [`Self::update_shared`].
    pub async fn update_archival_settings(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        let id = caller.organization_id().into();
        self.update_shared(SETTINGS, caller, id, given).await
    }

    /// Deletes the settings of automated archival. The request names their version or an earlier one.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] for a caller without a writing role,
    /// [`ServiceError::Rejected`] without a version, [`ServiceError::Superseded`] when they never had it.
    pub async fn delete_archival_settings(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<(), ServiceError> {
        authorize_change(SETTINGS, caller, [])?;
        let mut write = self.platform.store().write().await?;
        let id: Id = caller.organization_id().into();
        let settings = find(&mut write, caller, ObjectType::Shared(SETTINGS), id).await?;
        check_deleted_version(given, &settings)?;
        self.remove_shared(write, caller, settings).await
    }

    /// Lists the metrics that are exempt from automated archival, oldest first.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list_exempt_metrics(&self, caller: &Caller) -> Result<Vec<Object>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        exempt_metrics(&mut read, caller).await
    }

    /// Exempts metrics from automated archival, and returns them in the order of the request. One that is exempt already
    /// stays as it is.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller without a writing role, [`ServiceError::Rejected`] when the request breaks a
    /// rule or there would be too many.
    pub async fn exempt_metrics(
        &self,
        caller: &Caller,
        given: &[Value],
    ) -> Result<Vec<Object>, ServiceError> {
        authorize_change(EXEMPT, caller, [])?;
        let drafts = read_exempt_metrics(given)?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(metrics) => return Ok(metrics),
        };
        let present = exempt_metrics(&mut write, caller).await?;
        let mut metrics = Vec::with_capacity(drafts.len());
        let mut events = Vec::new();
        for SharedDraft { name, document, .. } in drafts {
            if let Some(metric) = present
                .iter()
                .find(|metric| composed(&metric.name) == composed(&name))
            {
                metrics.push(metric.clone());
                continue;
            }
            let metric = self.new_object(caller, ObjectType::Shared(EXEMPT), name, document);
            write.insert_object(&metric, &ReadAccess::default()).await?;
            events.push(created(caller, &metric.created, &metric));
            metrics.push(metric);
        }
        if i64::try_from(present.len() + events.len()).unwrap_or(i64::MAX) > limits::PAGE_OBJECTS {
            let what = format!("there would be more than {}", limits::PAGE_OBJECTS);
            return Err(reject("exempt metrics", what).into());
        }
        if let Some(events) = Events::from_list(events) {
            self.audit
                .commit_creation(write, caller, events, &metrics)
                .await?;
        }
        Ok(metrics)
    }

    /// Ends the exemption of the metrics with these ids. Ids of no metric are ignored.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller without a writing role, [`ServiceError::Rejected`] without ids or with a
    /// malformed one.
    pub async fn end_exemptions(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<(), ServiceError> {
        authorize_change(EXEMPT, caller, [])?;
        let ids = read_ids(given)?;
        let mut write = self.platform.store().write().await?;
        let found = write.list_objects_by_id(&ids).await?;
        let stamp = self.platform.stamp(caller);
        let mut events = Vec::new();
        for metric in found {
            let is_exempt = metric.kind == ObjectType::Shared(EXEMPT);
            if is_exempt && metric.organization_id == caller.organization_id() {
                write.delete_object(metric.id).await?;
                events.push(deleted(caller, &stamp, &metric));
            }
        }
        self.audit.commit_changes(write, events).await
    }
}

/// All exempt metrics, oldest first. The order never changes: the Terraform provider compares lists.
async fn exempt_metrics(conn: &mut Conn, caller: &Caller) -> Result<Vec<Object>, ServiceError> {
    let organization_id = caller.organization_id();
    let filter = ObjectFilter {
        order: ObjectOrder::Created,
        ..ObjectFilter::all(
            organization_id,
            ObjectType::Shared(EXEMPT),
            Reader::Everything,
        )
    };
    let all = OffsetPage {
        limit: limits::PAGE_OBJECTS,
        offset: 0,
    };
    let mut metrics = conn.page_objects(&filter, all).await?.results;
    // Those of one request have the same time, and the texts of their ids are in another order.
    metrics.sort_by_key(|metric| (metric.created.at, metric.id));
    Ok(metrics)
}
