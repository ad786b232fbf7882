//! Dashboards in their groups and charts on their dashboards: loading them together, and keeping both sides of the
//! relation consistent.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::{
        dashboard,
        dashboard_group::{DashboardConfig, configs, set_configs},
        object::{Object, Relation},
        permissions::{Effective, Protection},
    },
    platform::{
        document::{Document, reject},
        id::Id,
        rejection::Rejected,
    },
};
use store::{Conn, ReadAccess, StoreError, Write};

use crate::{
    objects::{
        access::own_access,
        load::{find, find_of},
    },
    platform::{error::ServiceError, handle::Platform},
};

/// A dashboard with its group, which every decision about it needs.
#[derive(Debug, Clone)]
pub(crate) struct DashboardInGroup {
    pub(crate) dashboard: Object,
    pub(crate) group: Object,
}

impl DashboardInGroup {
    pub(crate) async fn find(
        conn: &mut Conn,
        caller: &Caller,
        id: Id,
    ) -> Result<Self, ServiceError> {
        let dashboard = find(conn, caller, ObjectType::Dashboard, id).await?;
        Self::load(conn, dashboard).await
    }

    pub(crate) async fn load(conn: &mut Conn, dashboard: Object) -> Result<Self, ServiceError> {
        let group = match dashboard.parent_id {
            Some(group_id) => conn.find_object(group_id).await?,
            None => None,
        };
        // A foreign key keeps a group while it has a dashboard.
        let group = group.ok_or(StoreError::Corrupt {
            table: "object",
            column: "parent_id",
        })?;
        Ok(Self { dashboard, group })
    }

    pub(crate) fn effective(&self) -> Effective {
        Effective::of_dashboard(
            self.dashboard.organization_id,
            &self.dashboard.protection,
            &self.group.protection,
        )
    }

    pub(crate) fn group_effective(&self) -> Effective {
        Effective::of(self.group.organization_id, &self.group.protection)
    }

    pub(crate) fn protections(&self) -> [&Protection; 2] {
        [&self.dashboard.protection, &self.group.protection]
    }

    /// Read access to the dashboard and its charts.
    pub(crate) fn access(&self) -> ReadAccess {
        match self.dashboard.protection {
            Protection::Inherit => ReadAccess {
                access_id: Some(self.group.id),
                readers: None,
            },
            Protection::Open | Protection::Writers(_) | Protection::Entries(_) => {
                own_access(&self.dashboard)
            }
        }
    }
}

/// The group that a request names for a dashboard.
pub(crate) async fn find_group(
    conn: &mut Conn,
    caller: &Caller,
    group_id: Id,
) -> Result<Object, ServiceError> {
    let group = find_of(
        conn,
        caller.organization_id(),
        ObjectType::DashboardGroup,
        group_id,
    )
    .await?;
    group.ok_or_else(|| no_group(group_id).into())
}

pub(crate) fn no_group(group_id: Id) -> Rejected {
    reject("groupId", format!("there is no dashboard group {group_id}"))
}

/// Attaches charts to a dashboard and detaches others, after its document changed.
pub(crate) async fn place_charts(
    write: &mut Write,
    before: &Document,
    placed: &DashboardInGroup,
) -> Result<(), ServiceError> {
    let (old, new) = (
        dashboard::chart_ids(before),
        dashboard::chart_ids(&placed.dashboard.document),
    );
    let without = |these: &[Id], those: &[Id]| -> Vec<Id> {
        let left = these.iter().filter(|id| !those.contains(id));
        left.copied().collect()
    };
    write
        .attach_objects(&without(&old, &new), None, None)
        .await?;
    write
        .attach_objects(
            &without(&new, &old),
            Some(placed.dashboard.id),
            placed.access().access_id,
        )
        .await?;
    Ok(())
}

/// Adds a dashboard at the end of a group, unless the group shows it already.
pub(crate) async fn show_in_group(
    platform: &Platform,
    write: &mut Write,
    group: &Object,
    dashboard_id: Id,
) -> Result<(), ServiceError> {
    let mut places = configs(&group.document);
    if places
        .iter()
        .any(|place| place.dashboard_id == dashboard_id)
    {
        return Ok(());
    }
    places.push(DashboardConfig::plain(platform.new_id(), dashboard_id));
    replace_places(write, group, &places).await
}

/// Removes a dashboard from what a group shows.
pub(crate) async fn hide_in_group(
    write: &mut Write,
    group: &Object,
    dashboard_id: Id,
) -> Result<(), ServiceError> {
    let mut places = configs(&group.document);
    places.retain(|place| place.dashboard_id != dashboard_id);
    replace_places(write, group, &places).await
}

/// Replaces what a group shows.
pub(crate) async fn replace_places(
    write: &mut Write,
    group: &Object,
    places: &[DashboardConfig],
) -> Result<(), ServiceError> {
    let mut after = group.clone();
    set_configs(&mut after.document, places);
    Ok(write.follow_object(group, &after).await?)
}

/// Writes an updated dashboard and what depends on it: its charts, their read access, and the groups that show it.
pub(crate) async fn write_dashboard(
    platform: &Platform,
    write: &mut Write,
    before: &DashboardInGroup,
    after: &DashboardInGroup,
) -> Result<(), ServiceError> {
    let access = after.access();
    write
        .update_object(&before.dashboard, &after.dashboard, &access)
        .await?;
    place_charts(write, &before.dashboard.document, after).await?;
    if before.access().access_id != access.access_id {
        write
            .follow_access(after.dashboard.id, access.access_id)
            .await?;
    }
    if before.group.id != after.group.id {
        hide_in_group(write, &before.group, after.dashboard.id).await?;
        show_in_group(platform, write, &after.group, after.dashboard.id).await?;
    }
    Ok(())
}

/// The groups that show a dashboard of another group, the oldest first.
pub(crate) async fn mirroring_groups(
    conn: &mut Conn,
    dashboard: &Object,
) -> Result<Vec<Object>, ServiceError> {
    let mut groups = conn
        .list_referring(Relation::Shows, dashboard.id, ObjectType::DashboardGroup)
        .await?;
    groups.retain(|group| Some(group.id) != dashboard.parent_id);
    Ok(groups)
}
