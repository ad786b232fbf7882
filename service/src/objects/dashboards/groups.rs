//! Dashboard groups: list, find, create, update, validate (docs/contract.md#dashboard-groups). A group shows its own
//! dashboards and mirrors of dashboards of other groups; a mirror grants no permission.

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
            CurrentPermissions, Item, PermissionRequest, Protection, authorize_create,
            authorize_read,
        },
    },
    platform::{
        document::{Document, reject},
        id::Id,
        page::{OffsetPage, Page},
    },
};
use store::{Conn, Write};

use crate::{
    audit::creation::Creation,
    objects::{
        access::{Validation, change_of, effective, own_access},
        changes::created,
        dashboards::{
            group_update::{Group, mirrored},
            placement::DashboardInGroup,
            shown::{as_shown, group_as_shown},
        },
        handle::Objects,
        list::ListQuery,
        load::{acting, find, find_all},
        references::{check_mirrored, check_principals, check_teams, principals_of},
    },
    platform::error::ServiceError,
};

impl Objects {
    /// Lists the dashboard groups that the caller may read.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`] when the database does not answer.
    pub async fn list_dashboard_groups(
        &self,
        caller: &Caller,
        query: &ListQuery,
        page: OffsetPage,
    ) -> Result<Page<Object>, ServiceError> {
        let found = self
            .list_objects(caller, ObjectType::DashboardGroup, query, page)
            .await?;
        let mut read = self.platform.store().read().await?;
        Ok(Page {
            results: as_shown(&mut read, caller, found.results).await?,
            count: found.count,
        })
    }

    /// Finds a dashboard group.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it does not exist, [`ServiceError::Denied`] without READ.
    pub async fn find_dashboard_group(
        &self,
        caller: &Caller,
        id: Id,
    ) -> Result<Object, ServiceError> {
        let mut read = self.platform.store().read().await?;
        let group = find(&mut read, caller, ObjectType::DashboardGroup, id).await?;
        let actor = acting(&mut read, caller, &[&group.protection]).await?;
        authorize_read(&actor, &effective(&group))?;
        group_as_shown(&mut read, caller, group).await
    }

    /// Creates a dashboard group. It gets an empty dashboard of the same name, unless it is `empty` or shows mirrors.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller without a writing role or without READ on a mirrored dashboard,
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
        let change = change_of(PermissionRequest::read(given, &present)?);
        let mut write = match self.audit.begin_creation(caller).await? {
            Creation::Begun(write) => write,
            Creation::Repeated(group) => return Ok(group),
        };
        check_principals(&mut write, caller, principals_of(change.as_ref())).await?;
        check_new_group(&mut write, caller, &draft).await?;
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
        self.audit
            .commit_creation(write, caller, events, &group)
            .await?;
        Ok(group)
    }

    async fn place_implicit(
        &self,
        write: &mut Write,
        caller: &Caller,
        group: Object,
    ) -> Result<(DashboardInGroup, AuditEvent), ServiceError> {
        let draft = DashboardDraft {
            name: group.name.clone(),
            group_id: Some(group.id),
            document: Document::new(),
        };
        self.place_dashboard(write, caller, group, draft, Protection::Inherit)
            .await
    }

    /// Creates the group of a dashboard whose request names none.
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
        let kind = ObjectType::DashboardGroup;
        self.new_object(caller, kind, name.to_owned(), Document::new())
    }

    /// Updates a dashboard group, its permissions, or what it shows. It always keeps its own dashboards.
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
        let group = self.update::<Group>(caller, id, given, None).await?;
        let mut read = self.platform.store().read().await?;
        group_as_shown(&mut read, caller, group).await
    }

    /// Validates a dashboard group without storing it.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a caller who may not create one, [`ServiceError::Rejected`] with the reason.
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
        check_new_group(&mut read, caller, &draft).await?;
        let change = change_of(permissions);
        check_principals(&mut read, caller, principals_of(change.as_ref())).await
    }
}

/// Checks that a new group may refer to what it refers to: teams that exist, and dashboards that the caller may read.
async fn check_new_group(
    conn: &mut Conn,
    caller: &Caller,
    draft: &GroupDraft,
) -> Result<(), ServiceError> {
    check_teams(conn, caller, &draft.team_ids).await?;
    // Every dashboard is in a group from the beginning, so a new group cannot own one.
    if let Some(id) = draft.dashboard_ids.first() {
        let what = match find_all(conn, caller, ObjectType::Dashboard, &[*id]).await? {
            Ok(_) => format!("the dashboard {id} is in another group"),
            Err(_) => format!("there is no dashboard {id}"),
        };
        return Err(reject("dashboards", what).into());
    }
    check_mirrored(conn, caller, &mirrored(draft, |_| false)).await
}
