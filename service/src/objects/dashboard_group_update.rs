//! What a request makes of a dashboard group, and whether what it refers to is there and may be shown.

use domain::{
    audit::event::ObjectType,
    identity::actor::Caller,
    objects::{
        dashboard_group::{self, ConfigDraft, GroupDraft, arranged, configs, set_configs},
        object::{Object, Relation},
        permissions::{
            Change, CurrentPermissions, Item, PermissionChange, PermissionRequest, authorize_read,
            authorize_update,
        },
    },
    platform::{
        document::{Document, same_content},
        id::Id,
    },
};
use store::Conn;

use crate::{
    objects::{
        access::{acting, check_principals, check_teams, find_all, reject, well_formed},
        dashboard_groups::effective,
        handle::Objects,
        placement::Placed,
    },
    platform::error::ServiceError,
};

impl Objects {
    /// What an update makes of a group, once it is known that it may be stored; `None` when nothing is to be stored.
    pub(crate) async fn judge_group(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        before: &Object,
        given: &Document,
    ) -> Result<Option<Object>, ServiceError> {
        let decided = self.decide_group(conn, caller, before, given).await?;
        let Some((after, change)) = decided else {
            return Ok(None);
        };
        check_principals(conn, caller, change.as_ref()).await?;
        Ok(Some(after))
    }

    /// What an update makes of a group, once it is known that the caller may; `None` when that is what it is already.
    async fn decide_group(
        &self,
        conn: &mut Conn,
        caller: &Caller,
        before: &Object,
        given: &Document,
    ) -> Result<Option<(Object, Option<PermissionChange>)>, ServiceError> {
        let present = CurrentPermissions {
            item: Item::Group,
            organization_id: before.organization_id,
            protection: &before.protection,
        };
        let permissions = PermissionRequest::read(given, &present);
        let mut protections = vec![&before.protection];
        if let Ok(PermissionRequest::Change(change)) = &permissions {
            protections.push(&change.protection);
        }
        let actor = acting(conn, caller, &protections).await?;
        let draft = GroupDraft::read(given, Some(&before.name));
        let (mut draft, change) = well_formed(&actor, &effective(before), draft, permissions)?;
        let own = conn.list_children(before.id, ObjectType::Dashboard).await?;
        let own: Vec<Id> = own.iter().map(|dashboard| dashboard.id).collect();
        let present_places = configs(&before.document);
        let places = arranged(&present_places, draft.configs.clone(), &own, || {
            self.platform.new_id()
        });
        let mut after = before.clone();
        after.name.clone_from(&draft.name);
        let mut document = std::mem::take(&mut draft.document);
        set_configs(&mut document, places.as_ref().unwrap_or(&present_places));
        let same = places.is_ok()
            && same_content(&before.document, &document, &dashboard_group::defaults());
        if !same {
            after.document = document;
        }
        if let Some(change) = &change {
            after.protection = change.protection.clone();
        }
        let content_changed = !same || after.name != before.name;
        let after_effective = change.as_ref().map(|_| effective(&after));
        let sort = Change::of(content_changed, after_effective.as_ref());
        authorize_update(&actor, &effective(before), sort)?;
        places?;
        // Whatever is new in the update was never looked up; what was there before may be gone by now.
        let linked = before.references();
        let is_linked = |id: &Id| linked.contains(&(Relation::Team, id.to_string()));
        draft.team_ids.retain(|id| !is_linked(id));
        draft.dashboard_ids.clear();
        let shown = present_places.iter().map(|place| place.dashboard_id);
        let shown: Vec<Id> = shown.collect();
        check_references(conn, caller, &draft, &shown).await?;
        Ok((content_changed || change.is_some()).then_some((after, change)))
    }
}

/// Whether a group may refer to what it refers to: teams and dashboards that exist, mirrors the caller may read.
/// `shown` are the dashboards it shows already.
pub(crate) async fn check_references(
    conn: &mut Conn,
    caller: &Caller,
    draft: &GroupDraft,
    shown: &[Id],
) -> Result<(), ServiceError> {
    check_teams(conn, caller, &draft.team_ids).await?;
    // Every dashboard is in a group from its first moment on, so none can be taken in here.
    if let Some(id) = draft.dashboard_ids.first() {
        let what = match find_all(conn, caller, ObjectType::Dashboard, &[*id]).await? {
            Ok(_) => format!("the dashboard {id} is in another group"),
            Err(_) => format!("there is no dashboard {id}"),
        };
        return Err(reject("dashboards", what).into());
    }
    let configs = draft.configs.as_deref().unwrap_or_default();
    let mut wanted: Vec<Id> = configs.iter().map(ConfigDraft::dashboard_id).collect();
    wanted.retain(|id| !shown.contains(id));
    wanted.dedup();
    for id in wanted {
        let Ok(found) = find_all(conn, caller, ObjectType::Dashboard, &[id]).await? else {
            let what = format!("there is no dashboard {id}");
            return Err(reject("dashboardConfigs", what).into());
        };
        for dashboard in found {
            let placed = Placed::of(conn, dashboard).await?;
            let actor = acting(conn, caller, &placed.protections()).await?;
            authorize_read(&actor, &placed.effective())?;
        }
    }
    Ok(())
}
