//! Exporting a dashboard or a dashboard group as one document, and creating them from one (docs/contract.md#packages).

use std::collections::{HashMap, HashSet};

use domain::{
    audit::{
        event::{AuditEvent, ObjectType},
        events::Events,
    },
    identity::actor::Caller,
    objects::{
        chart::ChartDraft,
        dashboard::chart_ids,
        dashboard_group::{GroupDraft, arranged, configs},
        object::Object,
        package::{Package, PackageType, PackagedDashboard, group_entries},
        permissions::authorize_create,
    },
    platform::{document::Document, id::Id},
};
use store::Write;

use crate::{
    audit::creation::Creation,
    objects::{
        access::own_access,
        changes::created,
        dashboards::placement::{DashboardInGroup, replace_places},
        handle::Objects,
        load::find,
    },
    platform::error::ServiceError,
};

/// A dashboard group with what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupContent {
    /// The group, as the caller may read it.
    pub group: Object,
    /// Its own dashboards that the caller may read, in the order of the group.
    pub dashboards: Vec<Object>,
    /// The charts on them.
    pub charts: Vec<Object>,
}

impl Objects {
    /// Finds a dashboard with its charts.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist, [`ServiceError::Denied`] without READ.
    pub async fn find_dashboard_content(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<(Object, Vec<Object>), ServiceError> {
        let dashboard = self.find_dashboard(caller, id).await?;
        let charts = self.charts_on(&dashboard).await?;
        Ok((dashboard, charts))
    }

    /// Finds a dashboard group with its own dashboards and their charts. Mirrors are left out: their dashboards belong
    /// to other groups.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist, [`ServiceError::Denied`] without READ.
    pub async fn find_group_content(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<GroupContent, ServiceError> {
        let group = self.find_dashboard_group(caller, id).await?;
        let mut seen = HashSet::new();
        let mut ids: Vec<Id> = configs(&group.document)
            .iter()
            .map(|config| config.dashboard_id)
            .collect();
        ids.retain(|id| seen.insert(*id));
        let mut read = self.platform.store().read().await?;
        let mut found: HashMap<Id, Object> = read
            .list_children(group.id, ObjectType::Dashboard)
            .await?
            .into_iter()
            .map(|dashboard| (dashboard.id, dashboard))
            .collect();
        drop(read);
        let dashboards: Vec<Object> = ids.iter().filter_map(|id| found.remove(id)).collect();
        let mut charts = Vec::new();
        for dashboard in &dashboards {
            charts.extend(self.charts_on(dashboard).await?);
        }
        Ok(GroupContent {
            group,
            dashboards,
            charts,
        })
    }

    /// The charts of a dashboard that the caller may read, in the order of their positions.
    async fn charts_on(&self, dashboard: &Object) -> Result<Vec<Object>, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let mut found: HashMap<Id, Object> = read
            .list_children(dashboard.id, ObjectType::Chart)
            .await?
            .into_iter()
            .map(|chart| (chart.id, chart))
            .collect();
        let ids = chart_ids(&dashboard.document);
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Creates a dashboard with its charts from a package, in a group, or in a new one with its name.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] without WRITE on the group, [`ServiceError::Rejected`] when the package breaks a rule;
    /// then nothing is created.
    pub async fn import_dashboard(
        &self,
        caller: &Caller,
        group_id: Option<Id>,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        authorize_create(caller.actor())?;
        let package = Package::read(given, PackageType::Dashboard)?;
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(dashboard) => return Ok(dashboard),
        };
        let mut events = Vec::new();
        let mut imported = None;
        for dashboard in &package.dashboards {
            let placed = self
                .insert_packaged(&mut write, caller, dashboard, group_id, &mut events)
                .await?;
            imported = Some(placed.dashboard);
        }
        let (Some(imported), Some(events)) = (imported, Events::from_list(events)) else {
            return Err(ServiceError::not_found("dashboard"));
        };
        self.audit
            .commit_creation(write, caller, events, &imported)
            .await?;
        Ok(imported)
    }

    /// Creates a dashboard group with its dashboards and their charts from a package.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller without a writing role, [`ServiceError::Rejected`] when the package breaks
    /// a rule; then nothing is created.
    pub async fn import_group(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        authorize_create(caller.actor())?;
        let package = Package::read(given, PackageType::Group)?;
        let wanted = package.group.unwrap_or_default();
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(group) => return Ok(group),
        };
        let draft = GroupDraft::read(&group_entries(&wanted, &HashMap::new()), None)?;
        let kind = ObjectType::DashboardGroup;
        let group = self.new_object(caller, kind, draft.name, draft.document);
        write.insert_object(&group, &own_access(&group)).await?;
        let mut events = Vec::new();
        let mut ids: HashMap<&str, Id> = HashMap::new();
        for dashboard in &package.dashboards {
            let placed = self
                .insert_packaged(&mut write, caller, dashboard, Some(group.id), &mut events)
                .await?;
            ids.insert(&dashboard.source_id, placed.dashboard.id);
        }
        let group = self
            .arrange_packaged(&mut write, caller, group.id, &group_entries(&wanted, &ids))
            .await?;
        // The event has what the group shows.
        events.insert(0, created(caller, &group.created, &group));
        let Some(events) = Events::from_list(events) else {
            return Err(ServiceError::not_found("dashboard group"));
        };
        self.audit
            .commit_creation(write, caller, events, &group)
            .await?;
        Ok(group)
    }

    /// Creates a dashboard of a package with its charts in an open write.
    async fn insert_packaged(
        &self,
        write: &mut Write,
        caller: &Caller,
        packaged: &PackagedDashboard,
        group_id: Option<Id>,
        events: &mut Vec<AuditEvent>,
    ) -> Result<DashboardInGroup, ServiceError> {
        let mut ids: HashMap<&str, Id> = HashMap::new();
        for (source_id, draft) in &packaged.charts {
            let (chart, event) = self
                .insert_chart(write, caller, ChartDraft::clone(draft))
                .await?;
            ids.insert(source_id, chart.id);
            events.push(event);
        }
        let request = packaged.request(&ids, group_id);
        let inserted = self.insert_dashboard(write, caller, &request).await;
        let (placed, more) = inserted.map_err(|error| {
            // The group is not a part of the package.
            if let ServiceError::Rejected(rejected) = &error
                && rejected.field != "groupId"
            {
                return packaged.at(rejected.clone()).into();
            }
            error
        })?;
        events.extend(more);
        Ok(placed)
    }

    /// Arranges the dashboards of a new group as in its package.
    async fn arrange_packaged(
        &self,
        write: &mut Write,
        caller: &Caller,
        group_id: Id,
        wanted: &Document,
    ) -> Result<Object, ServiceError> {
        let kind = ObjectType::DashboardGroup;
        let group = find(write, caller, kind, group_id).await?;
        let draft = GroupDraft::read(wanted, None)?;
        let present = configs(&group.document);
        let own: Vec<Id> = present.iter().map(|config| config.dashboard_id).collect();
        let places = arranged(&present, draft.configs.or(Some(Vec::new())), &own, || {
            self.platform.new_id()
        })?;
        replace_places(write, &group, &places).await?;
        find(write, caller, kind, group_id).await
    }
}
