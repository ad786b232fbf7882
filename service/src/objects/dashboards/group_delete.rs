//! Deleting a dashboard group, with its dashboards (docs/contract.md#dashboard-groups).

use domain::{
    audit::{
        event::{AuditEvent, ObjectType},
        events::Events,
    },
    identity::actor::Caller,
    objects::{object::Object, permissions::authorize_delete},
    platform::id::Id,
};
use store::Write;

use crate::{
    objects::{
        access::effective,
        changes::{deleted, updated},
        dashboards::placement::{DashboardInGroup, mirroring_groups, write_dashboard},
        handle::Objects,
        load::{acting, find},
    },
    platform::error::ServiceError,
};

impl Objects {
    /// Deletes a dashboard group and its own dashboards, whatever their permissions. A dashboard that another group
    /// mirrors moves to that group. Charts stay, on no dashboard.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] without WRITE on the group.
    pub async fn delete_dashboard_group(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let group = find(&mut write, caller, ObjectType::DashboardGroup, id).await?;
        let actor = acting(&mut write, caller, &[&group.protection]).await?;
        authorize_delete(&actor, &effective(&group))?;
        let stamp = self.platform.stamp(caller);
        let mut events = Events::from(deleted(caller, &stamp, &group));
        for dashboard in write.list_children(id, ObjectType::Dashboard).await? {
            let mirroring = mirroring_groups(&mut write, &dashboard).await?;
            let event = match mirroring.into_iter().next() {
                Some(new_group) => {
                    let before = DashboardInGroup {
                        dashboard,
                        group: group.clone(),
                    };
                    self.inherit_dashboard(&mut write, caller, before, new_group)
                        .await?
                }
                None => {
                    write.detach_children(dashboard.id).await?;
                    write.delete_object(dashboard.id).await?;
                    deleted(caller, &stamp, &dashboard)
                }
            };
            events.push(event);
        }
        write.delete_object(id).await?;
        self.audit.commit(write, events).await
    }

    async fn inherit_dashboard(
        &self,
        write: &mut Write,
        caller: &Caller,
        before: DashboardInGroup,
        new_group: Object,
    ) -> Result<AuditEvent, ServiceError> {
        let mut after = DashboardInGroup {
            dashboard: before.dashboard.clone(),
            group: new_group,
        };
        after.dashboard.parent_id = Some(after.group.id);
        after.dashboard.updated = self.platform.stamp(caller);
        // The old group is deleted after this, with its configurations.
        write_dashboard(&self.platform, write, &before, &after).await?;
        let stamp = &after.dashboard.updated;
        Ok(updated(caller, stamp, &before.dashboard, &after.dashboard))
    }
}
