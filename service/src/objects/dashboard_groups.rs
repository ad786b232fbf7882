//! Dashboard groups: list, find, create, change, delete, validate (docs/contract.md#dashboard-groups). A group shows
//! its own dashboards and mirrors of others'; a mirror grants nothing.

use domain::{
    audit::{
        event::{AuditEvent, ObjectType},
        events::Events,
    },
    identity::actor::Caller,
    objects::{
        dashboard::DashboardDraft,
        dashboard_group::{GroupDraft, arranged, set_configs},
        object::Object,
        permissions::{
            CurrentPermissions, Effective, Item, PermissionRequest, Protection, authorize_create,
            authorize_delete, authorize_read,
        },
    },
    platform::{
        document::Document,
        id::Id,
        page::{OffsetPage, Page},
        timestamp::Timestamp,
    },
};
use store::Write;

use crate::{
    objects::{
        access::{ListQuery, Validation, acting, check_principals, find, own_access},
        changes::{created, deleted, updated},
        dashboard_group_update::check_references,
        dashboards::mirroring_groups,
        editing::check_unchanged,
        handle::Objects,
        placement::Placed,
    },
    platform::error::ServiceError,
};

impl Objects {
    /// The dashboard groups the caller may read.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database cannot be asked.
    pub async fn list_dashboard_groups(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        self.list_objects(caller, ObjectType::DashboardGroup, query, page)
            .await
    }

    /// A dashboard group.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is none, [`ServiceError::Denied`] without READ.
    pub async fn find_dashboard_group(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let group = find(&mut read, caller, ObjectType::DashboardGroup, id).await?;
        let actor = acting(&mut read, caller, &[&group.protection]).await?;
        authorize_read(&actor, &effective(&group))?;
        Ok(group)
    }

    /// Makes a dashboard group; with one empty dashboard of its name, unless it is to be empty or shows others.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not write at all or not read what is mirrored,
    /// [`ServiceError::Rejected`] when the document breaks a rule.
    pub async fn create_dashboard_group(
        &self,
        caller: &Caller,
        given: &Document,
        empty: bool,
    ) -> Result<Object, ServiceError> {
        authorize_create(caller.actor())?;
        let draft = GroupDraft::read(given, None)?;
        let present = CurrentPermissions::of_new(Item::Group, caller.organization_id());
        let change = match PermissionRequest::read(given, &present)? {
            PermissionRequest::Unchanged => None,
            PermissionRequest::Change(change) => Some(change),
        };
        let mut write = self.platform.store().write().await?;
        check_principals(&mut write, caller, change.as_ref()).await?;
        check_references(&mut write, caller, &draft, &[]).await?;
        let mut group = self.new_group(caller, &draft.name);
        group.document = draft.document;
        group.protection = change.map_or(Protection::Open, |change| change.protection);
        let places = arranged(&[], draft.configs, &[], || self.platform.new_id())?;
        let implicit = !empty && places.is_empty();
        set_configs(&mut group.document, &places);
        write.insert_object(&group, &own_access(&group)).await?;
        let mut events = Events::from(created(caller, &group.created, &group));
        if implicit {
            let (placed, event) = self.place_implicit(&mut write, caller, group).await?;
            group = find(
                &mut write,
                caller,
                ObjectType::DashboardGroup,
                placed.group.id,
            )
            .await?;
            events.push(event);
        }
        self.audit.commit(write, events).await?;
        Ok(group)
    }

    async fn place_implicit(
        &self,
        write: &mut Write,
        caller: &Caller,
        group: Object,
    ) -> Result<(Placed, AuditEvent), ServiceError> {
        let draft = DashboardDraft {
            name: group.name.clone(),
            group_id: Some(group.id),
            document: Document::new(),
        };
        self.place_dashboard(write, caller, group, draft, Protection::Inherit)
            .await
    }

    /// Makes the group of a dashboard that was asked for without one.
    pub(crate) async fn insert_plain_group(
        &self,
        write: &mut Write,
        caller: &Caller,
        name: &str,
    ) -> Result<(Object, AuditEvent), ServiceError> {
        let group = self.new_group(caller, name);
        write.insert_object(&group, &own_access(&group)).await?;
        let event = created(caller, &group.created, &group);
        Ok((group, event))
    }

    fn new_group(&self, caller: &Caller, name: &str) -> Object {
        let stamp = self.platform.stamp(caller);
        Object {
            id: self.platform.new_id(),
            organization_id: caller.organization_id(),
            kind: ObjectType::DashboardGroup,
            name: name.to_owned(),
            parent_id: None,
            document: Document::new(),
            protection: Protection::Open,
            created: stamp.clone(),
            updated: stamp,
        }
    }

    /// Changes a dashboard group, its permissions, or what it shows. Its own dashboards are always kept.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] by docs/contract.md#decision-table,
    /// [`ServiceError::Rejected`] when the document breaks a rule.
    pub async fn update_dashboard_group(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        self.update_dashboard_group_seen(caller, id, given, None)
            .await
    }

    /// Changes a dashboard group, unless somebody did since it was `seen_at`.
    pub(crate) async fn update_dashboard_group_seen(
        &self,
        caller: &Caller,
        id: Id,
        given: &Document,
        seen_at: Option<Timestamp>,
    ) -> Result<Object, ServiceError> {
        let mut write = self.platform.store().write().await?;
        let before = find(&mut write, caller, ObjectType::DashboardGroup, id).await?;
        let Some(mut after) = self.judge_group(&mut write, caller, &before, given).await? else {
            return Ok(before);
        };
        check_unchanged(&before, seen_at)?;
        after.updated = self.platform.stamp(caller);
        write
            .update_object(&before, &after, &own_access(&after))
            .await?;
        let event = updated(caller, &after.updated, &before, &after);
        self.audit.commit(write, event).await?;
        Ok(after)
    }

    /// Deletes a dashboard group and its own dashboards, whatever their permissions. One that another group mirrors
    /// moves there; charts stay behind and belong to nobody.
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
                Some(heir) => {
                    let before = Placed {
                        dashboard,
                        group: group.clone(),
                    };
                    self.inherit_dashboard(&mut write, caller, before, heir)
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
        before: Placed,
        heir: Object,
    ) -> Result<AuditEvent, ServiceError> {
        let mut after = Placed {
            dashboard: before.dashboard.clone(),
            group: heir,
        };
        after.dashboard.parent_id = Some(after.group.id);
        // The group it leaves is gone in a moment, places and all: it is as if the dashboard had never been in it.
        let after = self.store_dashboard(write, caller, &before, after).await?;
        let stamp = &after.dashboard.updated;
        Ok(updated(caller, stamp, &before.dashboard, &after.dashboard))
    }

    /// Judges a dashboard group that is not stored.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not make one, [`ServiceError::Rejected`] with what is wrong.
    pub async fn validate_dashboard_group(
        &self,
        caller: &Caller,
        given: &Document,
        validation: Validation,
    ) -> Result<(), ServiceError> {
        authorize_create(caller.actor())?;
        let mut draft = GroupDraft::read(given, None)?;
        let present = CurrentPermissions::of_new(Item::Group, caller.organization_id());
        let permissions = PermissionRequest::read(given, &present)?;
        if validation == Validation::Terraform {
            return Ok(());
        }
        let mut read = self.platform.store().read().await?;
        // A group that exists is validated with the dashboards it has.
        draft.dashboard_ids.clear();
        check_references(&mut read, caller, &draft, &[]).await?;
        match permissions {
            PermissionRequest::Unchanged => Ok(()),
            PermissionRequest::Change(change) => {
                check_principals(&mut read, caller, Some(&change)).await
            }
        }
    }
}

pub(crate) fn effective(group: &Object) -> Effective {
    Effective::of(group.organization_id, &group.protection)
}
