//! Dashboards: list, find, create, change, move, delete, validate (docs/contract.md#dashboards).

use domain::{
    audit::{
        event::{AuditEvent, ObjectType},
        events::Events,
    },
    identity::actor::Caller,
    objects::{
        dashboard::{self, DashboardDraft},
        object::{Object, Relation},
        permissions::{
            CurrentPermissions, Effective, Item, PermissionRequest, Protection, authorize_create,
            authorize_create_dashboard, authorize_delete_dashboard, authorize_read,
        },
    },
    platform::{
        document::Document,
        id::Id,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
};
use store::{Conn, Write};

use crate::{
    objects::{
        access::{ListQuery, Validation, acting, check_principals, reject},
        changes::{created, deleted, updated},
        dashboard_update::judge,
        editing::check_unchanged,
        handle::Objects,
        placement::{Placed, check_charts, find_charts, find_group, hide_in_group, place_charts},
    },
    platform::error::ServiceError,
};

impl Objects {
    /// The dashboards the caller may read.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database cannot be asked.
    pub async fn list_dashboards(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        self.list_objects(caller, ObjectType::Dashboard, query, page)
            .await
    }

    /// A dashboard.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, [`ServiceError::Denied`] without READ.
    pub async fn find_dashboard(&self, caller: &Caller, id: Id) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let placed = Placed::find(&mut read, caller, id).await?;
        let actor = acting(&mut read, caller, &placed.protections()).await?;
        authorize_read(&actor, &placed.effective())?;
        Ok(placed.dashboard)
    }

    /// Makes a dashboard, and a group of its name when the request names none.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] without WRITE on the group, [`ServiceError::Rejected`] when the document breaks a rule.
    pub async fn create_dashboard(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        let mut write = self.platform.store().write().await?;
        let (placed, events) = self.insert_dashboard(&mut write, caller, given).await?;
        self.audit.commit(write, events).await?;
        Ok(placed.dashboard)
    }

    /// Makes a dashboard in an open write; what the record says about it, its new group first.
    pub(crate) async fn insert_dashboard(
        &self,
        write: &mut Write,
        caller: &Caller,
        given: &Document,
    ) -> Result<(Placed, Events), ServiceError> {
        authorize_create(caller.actor())?;
        let group = match dashboard::group_id(given)? {
            None => None,
            Some(group_id) => Some(find_group(write, caller, group_id).await?),
        };
        if let Some(group) = &group {
            let actor = acting(write, caller, &[&group.protection]).await?;
            let effective = Effective::of(group.organization_id, &group.protection);
            authorize_create_dashboard(&actor, &effective)?;
        }
        let draft = DashboardDraft::read(given, None)?;
        check_charts(write, caller, &draft.document, None).await?;
        let mut earlier = Vec::new();
        let group = match group {
            Some(group) => group,
            None => {
                let (group, event) = self.insert_plain_group(write, caller, &draft.name).await?;
                earlier.push(event);
                group
            }
        };
        let item = Item::Dashboard { group_id: group.id };
        let present = CurrentPermissions::of_new(item, caller.organization_id());
        let protection = match PermissionRequest::read(given, &present)? {
            PermissionRequest::Unchanged => Protection::Inherit,
            PermissionRequest::Change(change) => {
                check_principals(write, caller, Some(&change)).await?;
                change.protection
            }
        };
        let (placed, event) = self
            .place_dashboard(write, caller, group, draft, protection)
            .await?;
        Ok((placed, Events::from(event).after(earlier)))
    }

    /// Stores a new dashboard in a group that is known to take it.
    pub(crate) async fn place_dashboard(
        &self,
        write: &mut Write,
        caller: &Caller,
        group: Object,
        draft: DashboardDraft,
        protection: Protection,
    ) -> Result<(Placed, AuditEvent), ServiceError> {
        let stamp = self.platform.stamp(caller);
        let dashboard = Object {
            id: self.platform.new_id(),
            organization_id: caller.organization_id(),
            kind: ObjectType::Dashboard,
            name: draft.name,
            parent_id: Some(group.id),
            document: draft.document,
            protection,
            created: stamp.clone(),
            updated: stamp.clone(),
        };
        let placed = Placed { dashboard, group };
        write
            .insert_object(&placed.dashboard, &placed.access())
            .await?;
        place_charts(write, &Document::new(), &placed).await?;
        self.show_in_group(write, &placed.group, placed.dashboard.id)
            .await?;
        let event = created(caller, &stamp, &placed.dashboard);
        Ok((placed, event))
    }

    /// Changes a dashboard, its permissions, or the group it is in. A request that says what is stored changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] by docs/contract.md#decision-table,
    /// [`ServiceError::Rejected`] when the document breaks a rule.
    pub async fn update_dashboard(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        self.update_dashboard_seen(caller, id, given, None).await
    }

    /// Changes a dashboard, unless somebody did since it was `seen_at`.
    pub(crate) async fn update_dashboard_seen(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
        seen_at: Option<Timestamp>,
    ) -> Result<Object, ServiceError> {
        let mut write = self.platform.store().write().await?;
        let before = Placed::find(&mut write, caller, id).await?;
        let Some(after) = judge(&mut write, caller, &before, given).await? else {
            return Ok(before.dashboard);
        };
        check_unchanged(&before.dashboard, seen_at)?;
        let after = self
            .store_dashboard(&mut write, caller, &before, after)
            .await?;
        let stamp = &after.dashboard.updated;
        let event = updated(caller, stamp, &before.dashboard, &after.dashboard);
        self.audit.commit(write, event).await?;
        Ok(after.dashboard)
    }

    /// Stores a dashboard as it is after a change, and what follows from it: its charts, and its place in its group.
    pub(crate) async fn store_dashboard(
        &self,
        write: &mut Write,
        caller: &Caller,
        before: &Placed,
        mut after: Placed,
    ) -> Result<Placed, ServiceError> {
        after.dashboard.updated = self.platform.stamp(caller);
        let access = after.access();
        write
            .update_object(&before.dashboard, &after.dashboard, &access)
            .await?;
        place_charts(write, &before.dashboard.document, &after).await?;
        if before.access().access_id != access.access_id {
            write
                .follow_access(after.dashboard.id, access.access_id)
                .await?;
        }
        if before.group.id != after.group.id {
            hide_in_group(write, &before.group, after.dashboard.id).await?;
            self.show_in_group(write, &after.group, after.dashboard.id)
                .await?;
        }
        Ok(after)
    }

    /// Deletes a dashboard. Its charts stay behind and belong to nobody.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] without WRITE on it and on its group,
    /// [`ServiceError::Rejected`] while another group mirrors it.
    pub async fn delete_dashboard(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let placed = Placed::find(&mut write, caller, id).await?;
        let actor = acting(&mut write, caller, &placed.protections()).await?;
        authorize_delete_dashboard(&actor, &placed.effective(), &placed.group_effective())?;
        if let Some(group) = mirroring_groups(&mut write, &placed.dashboard)
            .await?
            .first()
        {
            let what = format!(
                "the dashboard is mirrored in the dashboard group {}",
                group.id
            );
            return Err(reject("id", what).into());
        }
        hide_in_group(&mut write, &placed.group, id).await?;
        write.detach_children(id).await?;
        write.delete_object(id).await?;
        let event = deleted(caller, &self.platform.stamp(caller), &placed.dashboard);
        self.audit.commit(write, event).await
    }

    /// Judges a dashboard that is not stored.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not make one, [`ServiceError::Rejected`] with what is wrong.
    pub async fn validate_dashboard(
        &self,
        caller: &Caller,
        given: &Document,
        validation: Validation,
    ) -> Result<(), ServiceError> {
        authorize_create(caller.actor())?;
        let draft = DashboardDraft::read(given, None)?;
        let group_id = draft.group_id.unwrap_or(Id::SYSTEM);
        let present =
            CurrentPermissions::of_new(Item::Dashboard { group_id }, caller.organization_id());
        let permissions = PermissionRequest::read(given, &present)?;
        if validation == Validation::Terraform {
            return Ok(());
        }
        let mut read = self.platform.store().read().await?;
        if let Some(group_id) = draft.group_id {
            find_group(&mut read, caller, group_id).await?;
        }
        find_charts(&mut read, caller, &draft.document).await?;
        match permissions {
            PermissionRequest::Unchanged => Ok(()),
            PermissionRequest::Change(change) => {
                check_principals(&mut read, caller, Some(&change)).await
            }
        }
    }
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
