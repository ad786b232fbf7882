//! Updating a dashboard group: its content, its permissions, or what it shows.

use std::collections::HashSet;

use domain::{
    audit::event::ObjectType,
    identity::actor::{Actor, Caller},
    objects::{
        dashboard_group::{
            self, ConfigDraft, DashboardConfig, GroupDraft, arranged, configs, set_configs,
        },
        object::{Object, Relation},
        permissions::{Item, PermissionRequest},
    },
    platform::{document::Document, id::Id, rejection::Rejected},
};
use store::{Conn, Write};

use crate::{
    objects::{
        access::{authorize_change, effective, load_permissions, own_access, well_formed},
        dashboards::shown::hidden_in,
        references::{References, principals_of},
        update::{Updatable, Update, set_content},
    },
    platform::{error::ServiceError, handle::Platform},
};

/// A dashboard group.
pub(crate) struct Group(Object);

/// A request to update a dashboard group.
pub(crate) struct GroupRequest {
    actor: Actor,
    draft: Result<GroupDraft, Rejected>,
    permissions: Result<PermissionRequest, Rejected>,
    /// The group's own dashboards, which it always shows.
    own: Vec<Id>,
    /// The dashboards that the caller may not read.
    hidden: HashSet<Id>,
}

impl Updatable for Group {
    type Request = GroupRequest;

    const KIND: ObjectType = ObjectType::DashboardGroup;

    fn object(&self) -> &Object {
        &self.0
    }

    fn object_mut(&mut self) -> &mut Object {
        &mut self.0
    }

    async fn load_with(_conn: &mut Conn, group: Object) -> Result<Self, ServiceError> {
        Ok(Self(group))
    }

    async fn load_request(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        given: &Document,
    ) -> Result<GroupRequest, ServiceError> {
        let group = &self.0;
        let (actor, permissions) =
            load_permissions(conn, caller, Item::Group, group, given).await?;
        let own = conn.list_children(group.id, ObjectType::Dashboard).await?;
        let hidden = hidden_in(conn, caller, [group]).await?;
        let own = own.iter().map(|dashboard| dashboard.id);
        Ok(GroupRequest {
            actor,
            draft: GroupDraft::read(given, Some(&group.name)),
            permissions,
            own: own.collect(),
            hidden,
        })
    }

    fn decide(
        &self,
        request: GroupRequest,
        new_id: &dyn Fn() -> Id,
    ) -> Result<Option<Update<Self>>, ServiceError> {
        let (before, actor) = (&self.0, request.actor);
        let rights = effective(before);
        let (draft, change) = well_formed(&actor, &rights, request.draft, request.permissions)?;
        let shown = configs(&before.document);
        let (hidden, visible): (Vec<_>, Vec<_>) = shown
            .iter()
            .cloned()
            .enumerate()
            .partition(|(_, place)| request.hidden.contains(&place.dashboard_id));
        let visible: Vec<_> = visible.into_iter().map(|(_, place)| place).collect();
        let mut own = request.own;
        own.retain(|id| !request.hidden.contains(id));
        let places = arranged(&visible, draft.configs.clone(), &own, new_id)
            .map(|places| with_hidden(places, hidden));
        let mut document = draft.document.clone();
        set_configs(&mut document, places.as_ref().unwrap_or(&shown));
        let mut after = before.clone();
        let defaults = dashboard_group::defaults();
        let is_changed =
            set_content(&mut after, draft.name.clone(), document, &defaults) || places.is_err();
        authorize_change(&actor, before, &mut after, is_changed, change.as_ref())?;
        places?;
        let references = References {
            principals: principals_of(change.as_ref()).to_vec(),
            ..new_references(before, &draft, &shown)
        };
        let after = Self(after);
        let is_changed = is_changed || change.is_some();
        Ok(is_changed.then_some(Update { after, references }))
    }

    async fn write(
        &self,
        write: &mut Write,
        after: &Self,
        _platform: &Platform,
    ) -> Result<(), ServiceError> {
        let access = own_access(&after.0);
        Ok(write.update_object(&self.0, &after.0, &access).await?)
    }
}

/// The places after an update, with those that the caller may not see where they were.
fn with_hidden(
    mut places: Vec<DashboardConfig>,
    hidden: Vec<(usize, DashboardConfig)>,
) -> Vec<DashboardConfig> {
    for (index, place) in hidden {
        places.insert(index.min(places.len()), place);
    }
    places
}

/// The references of a request that the group does not have yet. Objects it refers to already may have been deleted.
fn new_references(before: &Object, draft: &GroupDraft, shown: &[DashboardConfig]) -> References {
    let linked = before.references();
    let is_new_team = |id: &&Id| !linked.contains(&(Relation::Team, id.to_string()));
    let is_shown = |id: Id| shown.iter().any(|place| place.dashboard_id == id);
    References {
        teams: draft.team_ids.iter().filter(is_new_team).copied().collect(),
        mirrored: mirrored(draft, is_shown),
        ..References::default()
    }
}

/// The dashboards of other groups that a request adds to what a group shows.
pub(crate) fn mirrored(draft: &GroupDraft, is_shown: impl Fn(Id) -> bool) -> Vec<Id> {
    let configs = draft.configs.as_deref().unwrap_or_default();
    let mut mirrored: Vec<Id> = configs.iter().map(ConfigDraft::dashboard_id).collect();
    mirrored.retain(|id| !is_shown(*id));
    mirrored.dedup();
    mirrored
}
