//! Dashboards: list, find, create, update, move, delete, validate (docs/contract.md#dashboards).

use domain::{
    audit::{
        event::{AuditEvent, ObjectType},
        events::Events,
    },
    identity::actor::Caller,
    objects::{
        dashboard::{self, DashboardDraft, chart_ids},
        object::Object,
        permissions::{
            CurrentPermissions, Item, PermissionRequest, Protection, authorize_create,
            authorize_create_dashboard, authorize_delete_dashboard, authorize_read,
        },
    },
    platform::{
        document::{Document, reject},
        id::Id,
        page::{OffsetPage, Page},
    },
};
use store::Write;

use crate::{
    audit::creation::Creation,
    objects::{
        access::{Validation, change_of, effective},
        changes::{created, deleted},
        dashboards::placement::{
            DashboardInGroup, find_group, hide_in_group, mirroring_groups, place_charts,
            show_in_group,
        },
        handle::Objects,
        list::ListQuery,
        load::acting,
        references::{check_charts, check_principals, find_charts, principals_of},
    },
    platform::error::ServiceError,
};

impl Objects {
    /// Lists the dashboards that the caller may read.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list_dashboards(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        self.list_objects(caller, ObjectType::Dashboard, query, page)
            .await
    }

    /// Finds a dashboard.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist, [`ServiceError::Denied`] without READ.
    pub async fn find_dashboard(&self, caller: &Caller, id: Id) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let placed = DashboardInGroup::find(&mut read, caller, id).await?;
        let actor = acting(&mut read, caller, &placed.protections()).await?;
        authorize_read(&actor, &placed.effective())?;
        Ok(placed.dashboard)
    }

    /// Creates a dashboard, and a group of the same name when the request names no group.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] without WRITE on the group, [`ServiceError::Rejected`] when the document breaks a rule.
    pub async fn create_dashboard(
        &self,
        caller: &Caller,
        given: &Document,
    ) -> Result<Object, ServiceError> {
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(dashboard) => return Ok(dashboard),
        };
        let (placed, events) = self.insert_dashboard(&mut write, caller, given).await?;
        self.audit
            .commit_creation(write, caller, events, &placed.dashboard)
            .await?;
        Ok(placed.dashboard)
    }

    /// Creates a dashboard in an open write. Returns the events, that of a new group first.
    pub(crate) async fn insert_dashboard(
        &self,
        write: &mut Write,
        caller: &Caller,
        given: &Document,
    ) -> Result<(DashboardInGroup, Events), ServiceError> {
        authorize_create(caller.actor())?;
        let group = match dashboard::group_id(given)? {
            None => None,
            Some(group_id) => Some(find_group(write, caller, group_id).await?),
        };
        if let Some(group) = &group {
            let actor = acting(write, caller, &[&group.protection]).await?;
            authorize_create_dashboard(&actor, &effective(group))?;
        }
        let draft = DashboardDraft::read(given, None)?;
        check_charts(write, caller, &chart_ids(&draft.document), None).await?;
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
        let change = change_of(PermissionRequest::read(given, &present)?);
        check_principals(write, caller, principals_of(change.as_ref())).await?;
        let protection = change.map_or(Protection::Inherit, |change| change.protection);
        let (placed, event) = self
            .place_dashboard(write, caller, group, draft, protection)
            .await?;
        Ok((placed, Events::from(event).after(earlier)))
    }

    /// Stores a new dashboard in a group, after all checks.
    pub(crate) async fn place_dashboard(
        &self,
        write: &mut Write,
        caller: &Caller,
        group: Object,
        draft: DashboardDraft,
        protection: Protection,
    ) -> Result<(DashboardInGroup, AuditEvent), ServiceError> {
        let kind = ObjectType::Dashboard;
        let mut dashboard = self.new_object(caller, kind, draft.name, draft.document);
        dashboard.parent_id = Some(group.id);
        dashboard.protection = protection;
        let placed = DashboardInGroup { dashboard, group };
        write
            .insert_object(&placed.dashboard, &placed.access())
            .await?;
        place_charts(write, &Document::new(), &placed).await?;
        show_in_group(&self.platform, write, &placed.group, placed.dashboard.id).await?;
        let event = created(caller, &placed.dashboard.created, &placed.dashboard);
        Ok((placed, event))
    }

    /// Updates a dashboard, its permissions, or its group. A request that matches what is stored changes nothing.
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
        self.update::<DashboardInGroup>(caller, id, given, None)
            .await
    }

    /// Deletes a dashboard. Its charts stay, on no dashboard.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Denied`] without WRITE on it and on its group,
    /// [`ServiceError::Rejected`] while another group mirrors it.
    pub async fn delete_dashboard(&self, caller: &Caller, id: Id) -> Result<(), ServiceError> {
        let mut write = self.platform.store().write().await?;
        let placed = DashboardInGroup::find(&mut write, caller, id).await?;
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

    /// Validates a dashboard without storing it.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not create one, [`ServiceError::Rejected`] with the reason.
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
        find_charts(&mut read, caller, &chart_ids(&draft.document)).await?;
        let change = change_of(permissions);
        check_principals(&mut read, caller, principals_of(change.as_ref())).await
    }
}
