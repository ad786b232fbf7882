//! References of a request to other objects, and the checks that these exist (docs/contract.md#permission-fields).

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::{
        object::Object,
        permissions::{PermissionChange, Principal, authorize_read},
    },
    platform::{
        document::reject,
        id::{Id, TeamId},
    },
};
use store::Conn;

use crate::{
    objects::{
        dashboards::placement::DashboardInGroup,
        load::{acting, find_all, find_of},
    },
    platform::error::ServiceError,
};

/// The objects that a request refers to, which must exist.
#[derive(Debug, Default)]
pub(crate) struct References {
    /// Teams the object is linked to.
    pub(crate) teams: Vec<Id>,
    /// Dashboards of other groups that a group shows. The caller must be allowed to read them.
    pub(crate) mirrored: Vec<Id>,
    /// Users and teams in its permissions.
    pub(crate) principals: Vec<Principal>,
    /// Charts on a dashboard. They may be on this dashboard or on none.
    pub(crate) charts: Option<(Id, Vec<Id>)>,
}

impl References {
    pub(crate) async fn check(&self, conn: &mut Conn, caller: &Caller) -> Result<(), ServiceError> {
        check_teams(conn, caller, &self.teams).await?;
        check_mirrored(conn, caller, &self.mirrored).await?;
        check_principals(conn, caller, &self.principals).await?;
        match &self.charts {
            Some((dashboard_id, ids)) => check_charts(conn, caller, ids, Some(*dashboard_id)).await,
            None => Ok(()),
        }
    }
}

/// The users and teams that are new in an object's permissions.
pub(crate) fn principals_of(change: Option<&PermissionChange>) -> &[Principal] {
    change.map_or(&[], |change| &change.must_exist)
}

/// Checks that users and teams named in permissions exist.
pub(crate) async fn check_principals(
    conn: &mut Conn,
    caller: &Caller,
    principals: &[Principal],
) -> Result<(), ServiceError> {
    let organization_id = caller.organization_id();
    for principal in principals {
        let exists = match principal {
            Principal::User(id) => conn.find_member(*id).await?.is_some_and(|member| {
                member.removed_at.is_none() && member.organization_id == organization_id
            }),
            Principal::Team(TeamId(id)) => {
                let team = find_of(conn, organization_id, ObjectType::Team, *id).await?;
                team.is_some()
            }
            Principal::Organization(id) => *id == organization_id,
        };
        if !exists {
            let what = format!("there is no {} {}", principal.type_label(), principal.id());
            return Err(reject("permissions", what).into());
        }
    }
    Ok(())
}

/// Checks that teams to be linked exist.
pub(crate) async fn check_teams(
    conn: &mut Conn,
    caller: &Caller,
    team_ids: &[Id],
) -> Result<(), ServiceError> {
    match find_all(conn, caller, ObjectType::Team, team_ids).await? {
        Ok(_) => Ok(()),
        Err(place) => {
            let what = format!("there is no team {}", team_ids[place]);
            Err(reject(format!("teams[{place}]"), what).into())
        }
    }
}

/// Checks that charts exist and are on no other dashboard; `dashboard_id` is `None` for a new one.
pub(crate) async fn check_charts(
    conn: &mut Conn,
    caller: &Caller,
    ids: &[Id],
    dashboard_id: Option<Id>,
) -> Result<(), ServiceError> {
    for chart in find_charts(conn, caller, ids).await? {
        if chart.parent_id.is_some() && chart.parent_id != dashboard_id {
            let what = format!("the chart {} is on another dashboard", chart.id);
            return Err(reject("charts", what).into());
        }
    }
    Ok(())
}

/// The charts with these ids, all of which must exist.
pub(crate) async fn find_charts(
    conn: &mut Conn,
    caller: &Caller,
    ids: &[Id],
) -> Result<Vec<Object>, ServiceError> {
    match find_all(conn, caller, ObjectType::Chart, ids).await? {
        Ok(charts) => Ok(charts),
        Err(place) => {
            let what = format!("there is no chart {}", ids[place]);
            Err(reject("charts", what).into())
        }
    }
}

/// Checks that dashboards to be mirrored exist and that the caller may read them.
pub(crate) async fn check_mirrored(
    conn: &mut Conn,
    caller: &Caller,
    ids: &[Id],
) -> Result<(), ServiceError> {
    for id in ids {
        let Ok(found) = find_all(conn, caller, ObjectType::Dashboard, &[*id]).await? else {
            let what = format!("there is no dashboard {id}");
            return Err(reject("dashboardConfigs", what).into());
        };
        for dashboard in found {
            let placed = DashboardInGroup::load(conn, dashboard).await?;
            let actor = acting(conn, caller, &placed.protections()).await?;
            authorize_read(&actor, &placed.effective())?;
        }
    }
    Ok(())
}
