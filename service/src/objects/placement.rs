//! Dashboards in their groups and charts on their dashboards: loading them together, and keeping in step what the one
//! says of the other.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::{
        dashboard,
        dashboard_group::{DashboardConfig, configs, set_configs},
        object::Object,
        permissions::{Effective, Protection},
    },
    platform::{document::Document, id::Id},
};
use store::{Conn, ReadAccess, StoreError, Write};

use crate::{
    objects::{
        access::{find, find_all, find_of, own_access, reject},
        handle::Objects,
    },
    platform::error::ServiceError,
};

/// A dashboard with the group it is in: what every question about it needs.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) dashboard: Object,
    pub(crate) group: Object,
}

impl Placed {
    pub(crate) async fn find(
        conn: &mut Conn,
        caller: &Caller,
        id: Id,
    ) -> Result<Self, ServiceError> {
        let dashboard = find(conn, caller, ObjectType::Dashboard, id).await?;
        Self::of(conn, dashboard).await
    }

    pub(crate) async fn of(conn: &mut Conn, dashboard: Object) -> Result<Self, ServiceError> {
        let group = match dashboard.parent_id {
            Some(group_id) => conn.find_object(group_id).await?,
            None => None,
        };
        // Foreign keys keep a group as long as a dashboard is in it.
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

    /// Who may read the dashboard and its charts.
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

/// Whether the charts a dashboard is to show exist and are on no other; `dashboard_id` is `None` for one to be made.
pub(crate) async fn check_charts(
    conn: &mut Conn,
    caller: &Caller,
    document: &Document,
    dashboard_id: Option<Id>,
) -> Result<(), ServiceError> {
    for chart in find_charts(conn, caller, document).await? {
        if chart.parent_id.is_some() && chart.parent_id != dashboard_id {
            let what = format!("the chart {} is on another dashboard", chart.id);
            return Err(reject("charts", what).into());
        }
    }
    Ok(())
}

/// The charts a dashboard shows, all of which must exist.
pub(crate) async fn find_charts(
    conn: &mut Conn,
    caller: &Caller,
    document: &Document,
) -> Result<Vec<Object>, ServiceError> {
    let ids = dashboard::chart_ids(document);
    match find_all(conn, caller, ObjectType::Chart, &ids).await? {
        Ok(charts) => Ok(charts),
        Err(place) => {
            let what = format!("there is no chart {}", ids[place]);
            Err(reject("charts", what).into())
        }
    }
}

/// The group a request names for a dashboard.
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
    group.ok_or_else(|| reject("groupId", format!("there is no dashboard group {group_id}")).into())
}

/// Puts charts on a dashboard and takes others off, after its document changed.
pub(crate) async fn place_charts(
    write: &mut Write,
    before: &Document,
    placed: &Placed,
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

impl Objects {
    /// Gives a dashboard a place at the end of its group, unless it has one there.
    pub(crate) async fn show_in_group(
        &self,
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
        places.push(DashboardConfig::plain(self.platform.new_id(), dashboard_id));
        replace_places(write, group, &places).await
    }
}

/// Takes every place of a dashboard out of a group.
pub(crate) async fn hide_in_group(
    write: &mut Write,
    group: &Object,
    dashboard_id: Id,
) -> Result<(), ServiceError> {
    let mut places = configs(&group.document);
    places.retain(|place| place.dashboard_id != dashboard_id);
    replace_places(write, group, &places).await
}

async fn replace_places(
    write: &mut Write,
    group: &Object,
    places: &[DashboardConfig],
) -> Result<(), ServiceError> {
    let mut after = group.clone();
    set_configs(&mut after.document, places);
    Ok(write.follow_object(group, &after).await?)
}
