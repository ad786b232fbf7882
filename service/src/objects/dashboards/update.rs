//! Updating a dashboard: its content, its permissions, or the group it is in.

use domain::{
    audit::event::ObjectType,
    identity::actor::{Actor, Caller},
    objects::{
        dashboard::{self, DashboardDraft},
        object::Object,
        permissions::{
            Change, CurrentPermissions, Item, PermissionRequest, authorize_move, authorize_update,
        },
    },
    platform::{document::Document, id::Id, rejection::Rejected},
};
use store::{Conn, Write};

use crate::{
    objects::{
        access::well_formed,
        dashboards::placement::{DashboardInGroup, no_group, write_dashboard},
        load::{acting, find_of},
        references::{References, principals_of},
        update::{Updatable, Update, set_content},
    },
    platform::{error::ServiceError, handle::Platform},
};

/// A request to update a dashboard.
pub(crate) struct DashboardRequest {
    actor: Actor,
    /// The requested group.
    group_id: Id,
    /// That group; `None` when it does not exist.
    group: Option<Object>,
    draft: Result<DashboardDraft, Rejected>,
    permissions: Result<PermissionRequest, Rejected>,
}

impl Updatable for DashboardInGroup {
    type Request = DashboardRequest;

    const KIND: ObjectType = ObjectType::Dashboard;

    fn object(&self) -> &Object {
        &self.dashboard
    }

    fn object_mut(&mut self) -> &mut Object {
        &mut self.dashboard
    }

    async fn load_with(conn: &mut Conn, dashboard: Object) -> Result<Self, ServiceError> {
        Self::load(conn, dashboard).await
    }

    async fn load_request(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        given: &Document,
    ) -> Result<DashboardRequest, ServiceError> {
        let group_id = dashboard::group_id(given)?.unwrap_or(self.group.id);
        let group = if group_id == self.group.id {
            Some(self.group.clone())
        } else {
            let kind = ObjectType::DashboardGroup;
            find_of(conn, caller.organization_id(), kind, group_id).await?
        };
        let current = CurrentPermissions {
            item: Item::Dashboard {
                group_id: self.group.id,
            },
            organization_id: self.dashboard.organization_id,
            protection: &self.dashboard.protection,
        };
        let permissions = PermissionRequest::read_moving(given, &current, group_id);
        let mut protections = self.protections().to_vec();
        protections.extend(group.as_ref().map(|group| &group.protection));
        if let Ok(PermissionRequest::Change(change)) = &permissions {
            protections.push(&change.protection);
        }
        Ok(DashboardRequest {
            actor: acting(conn, caller, &protections).await?,
            draft: DashboardDraft::read(given, Some(&self.dashboard.name)),
            group_id,
            group,
            permissions,
        })
    }

    fn decide(
        &self,
        request: DashboardRequest,
        _new_id: &dyn Fn() -> Id,
    ) -> Result<Option<Update<Self>>, ServiceError> {
        let (actor, effective) = (request.actor, self.effective());
        let (draft, change) = well_formed(&actor, &effective, request.draft, request.permissions)?;
        let mut after = Self {
            dashboard: self.dashboard.clone(),
            group: request.group.as_ref().unwrap_or(&self.group).clone(),
        };
        let is_moved = request.group_id != self.group.id;
        let dashboard = &mut after.dashboard;
        dashboard.parent_id = Some(request.group_id);
        let defaults = dashboard::defaults();
        let is_changed = set_content(dashboard, draft.name, draft.document, &defaults) || is_moved;
        if let Some(change) = &change {
            dashboard.protection = change.protection.clone();
        }
        let new_effective = change.as_ref().map(|_| after.effective());
        let sort = Change::of(is_changed, new_effective.as_ref());
        authorize_update(&actor, &effective, sort)?;
        if request.group.is_none() {
            return Err(no_group(request.group_id).into());
        }
        if is_moved {
            authorize_move(&actor, &self.group_effective(), &after.group_effective())?;
        }
        let references = References {
            principals: principals_of(change.as_ref()).to_vec(),
            charts: Some((
                self.dashboard.id,
                dashboard::chart_ids(&after.dashboard.document),
            )),
            ..References::default()
        };
        let is_changed = is_changed || change.is_some();
        Ok(is_changed.then_some(Update { after, references }))
    }

    async fn write(
        &self,
        write: &mut Write,
        after: &Self,
        platform: &Platform,
    ) -> Result<(), ServiceError> {
        write_dashboard(platform, write, self, after).await
    }
}
